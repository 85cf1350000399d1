// SPDX-License-Identifier: GPL-2.0-only
#include "lib/location.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PLMN_OCTETS 3

/* The parts by the flags of GTPv2, in this order; GTPv1 has one of the first three. */
static const struct part {
	const char *name;
	__u8 octets;
	__u8 first, second; /* of these, numbers behind the PLMN */
} parts[] = {
	{ "CGI", 7, 2, 2 }, { "SAI", 7, 2, 2 },	 { "RAI", 7, 2, 1 },
	{ "TAI", 5, 2, 0 }, { "ECGI", 7, 4, 0 }, { "LAI", 5, 2, 0 },
};

#define PARTS (sizeof(parts) / sizeof(*parts))
#define PARTS_V1 3

static unsigned int number_at(const __u8 *p, size_t octets)
{
	unsigned int number = 0;

	for (size_t i = 0; i < octets; i++)
		number = number << 8 | p[i];
	/* an ECI has 28 bits, and spare ones in front */
	return number & 0xfffffff;
}

static int part_text(const struct part *part, const __u8 *p, char *text, size_t size)
{
	char mnc3[2] = "";
	int n;

	if (p[1] >> 4 != 0xf)
		snprintf(mnc3, sizeof(mnc3), "%x", p[1] >> 4);
	n = snprintf(text, size, "%s %x%x%x-%x%x%s-%u", part->name, p[0] & 0xf, p[0] >> 4,
		     p[1] & 0xf, p[2] & 0xf, p[2] >> 4, mnc3,
		     number_at(p + PLMN_OCTETS, part->first));
	if (part->second)
		n += snprintf(text + n, size - n, "-%u",
			      number_at(p + PLMN_OCTETS + part->first, part->second));
	return n;
}

const char *location_text(__u8 version, const __u8 *uli, size_t octets, char text[LOCATION_TEXT])
{
	unsigned int flags = octets ? uli[0] : 0;
	size_t at = 1, n = 0;

	*text = '\0';
	if (version < 2)
		flags = octets && uli[0] < PARTS_V1 ? 1u << uli[0] : 0;
	for (size_t i = 0; i < PARTS; i++) {
		if (!(flags >> i & 1))
			continue;
		if (at + parts[i].octets > octets)
			break;
		if (n)
			text[n++] = ' ';
		n += part_text(&parts[i], uli + at, text + n, LOCATION_TEXT - n);
		at += parts[i].octets;
	}
	return text;
}

static const char *const rats[] = {
	"",	  "UTRAN",   "GERAN",  "WLAN",	"GAN", "HSPA-Evolution",
	"EUTRAN", "Virtual", "NB-IoT", "LTE-M", "NR",
};

#define RATS (sizeof(rats) / sizeof(*rats))

const char *rat_text(__u8 rat, char text[RAT_TEXT])
{
	if (rat < RATS)
		snprintf(text, RAT_TEXT, "%s", rats[rat]);
	else
		snprintf(text, RAT_TEXT, "%u", rat);
	return text;
}

int rat_value(const char *text)
{
	unsigned long value;
	char *end;

	for (size_t i = 0; i < RATS; i++)
		if (!strcasecmp(text, rats[i]))
			return i;
	value = strtoul(text, &end, 10);
	return *end || value > 0xff ? -1 : (int)value;
}
