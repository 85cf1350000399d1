// SPDX-License-Identifier: GPL-2.0-only
#include "lib/generated.h"

#include <string.h>

#include "lib/generated_values.h"
#include "lib/message.h"

enum content {
	ANY, /* of no interest to anybody */
	IMSI_DIGITS,
	IMEI_DIGITS,
	MSISDN_DIGITS,
	APN,
	CONTEXT,
	BEARER, /* grouped */
};

struct ie {
	unsigned char type;
	enum content content;
	unsigned char octets, more; /* of ANY: at least, and so many more at most */
	short first; /* not 0: what the first octet must be */
};

/* TS 29.274 table 8.1-1; unknown, extended and private ones with them. */
static const struct ie v2_ies[] = {
	{ .type = 3, .octets = 1 }, /* Recovery */
	{ .type = 71, .content = APN },
	{ .type = 72, .octets = 8 }, /* AMBR */
	{ .type = 73, .octets = 1 }, /* EBI */
	{ .type = 77, .octets = 2, .more = 7 }, /* Indication */
	{ .type = 79, .octets = 5, .first = 0x01 }, /* PAA, IPv4 */
	{ .type = 80, .octets = 22 }, /* Bearer QoS */
	{ .type = 82, .octets = 1 }, /* RAT Type */
	{ .type = 83, .octets = 3 }, /* Serving Network */
	{ .type = 86, .octets = 13, .first = 0x18 }, /* ULI: TAI and ECGI */
	{ .type = 87, .octets = 9, .first = 0x8a }, /* F-TEID: of an MME, IPv4 */
	{ .type = 93, .content = BEARER }, /* Bearer Context */
	{ .type = 94, .octets = 4 }, /* Charging ID */
	{ .type = 95, .octets = 2 }, /* Charging Characteristics */
	{ .type = 99, .octets = 1 }, /* PDN Type */
	{ .type = 114, .octets = 2 }, /* UE Time Zone */
	{ .type = 127, .octets = 1 }, /* APN Restriction */
	{ .type = 128, .octets = 1 }, /* Selection Mode */
	{ .type = 250, .more = 40 },
	{ .type = 254, .octets = 2, .more = 20 },
	{ .type = 255, .octets = 2, .more = 100 },
};

/* TS 29.060 table 37. */
static const struct ie v1_ies[] = {
	{ .type = 3, .octets = 6 }, /* RAI */
	{ .type = 5, .octets = 4 }, /* P-TMSI */
	{ .type = 8, .octets = 1 }, /* Reordering Required */
	{ .type = 12, .octets = 3 }, /* P-TMSI Signature */
	{ .type = 14, .octets = 1 }, /* Recovery */
	{ .type = 15, .octets = 1 }, /* Selection Mode */
	{ .type = 16, .octets = 4 }, /* TEID Data I */
	{ .type = 17, .octets = 4 }, /* TEID Control Plane */
	{ .type = 18, .octets = 5 }, /* TEID Data II */
	{ .type = 20, .octets = 1 }, /* NSAPI */
	{ .type = 22, .octets = 9 }, /* RAB Context */
	{ .type = 24, .octets = 1 }, /* Radio Priority */
	{ .type = 25, .octets = 2 }, /* Packet Flow Id */
	{ .type = 26, .octets = 2 }, /* Charging Characteristics */
	{ .type = 27, .octets = 2 }, /* Trace Reference */
	{ .type = 28, .octets = 2 }, /* Trace Type */
	{ .type = 127, .octets = 4 }, /* Charging ID */
	{ .type = 131, .content = APN },
	{ .type = 133, .octets = 4 }, /* GSN Address */
	{ .type = 151, .octets = 1 }, /* RAT Type */
	{ .type = 153, .octets = 2 }, /* MS Time Zone */
	{ .type = 255, .octets = 2, .more = 100 }, /* Private Extension */
};

/* TS 09.60 table 38. */
static const struct ie v0_ies[] = {
	{ .type = 3, .octets = 6 }, /* RAI */
	{ .type = 6, .octets = 3 }, /* Quality of Service */
	{ .type = 8, .octets = 1 }, /* Reordering Required */
	{ .type = 14, .octets = 1 }, /* Recovery */
	{ .type = 15, .octets = 1 }, /* Selection Mode */
	{ .type = 16, .octets = 2 }, /* Flow Label Data I */
	{ .type = 17, .octets = 2 }, /* Flow Label Signalling */
	{ .type = 131, .content = APN },
	{ .type = 133, .octets = 4 }, /* GSN Address */
	{ .type = 255, .octets = 2, .more = 100 }, /* Private Extension */
};

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* A Bearer Context: EBI, at times what only the message may say, QoS. */
static size_t fill_bearer(unsigned char *octets)
{
	size_t n = 5;

	memcpy(octets, "\x49\0\1\0\5", n);
	if (!chance(16)) {
		memcpy(octets + n, "\x4b\0\x8\0", 4);
		generated_imei(chance(GENERATED_IMEIS), octets + n + 4);
		n += 12;
	}
	memcpy(octets + n, "\x50\0\x16\0", 4);
	fill(octets + n + 4, 22);
	return n + 26;
}

static size_t fill_value(const struct ie *ie, int version, struct value *v)
{
	size_t n;

	switch (ie->content) {
	case IMSI_DIGITS:
		memset(v->octets, 0xff, 8);
		n = fill_imsi(v->octets);
		return version == 2 ? n : 8;
	case IMEI_DIGITS:
		return fill_imei(v->octets);
	case MSISDN_DIGITS:
		/* a type of number leads in GTPv0 and v1 */
		v->octets[0] = 0x91;
		return fill_msisdn(v->octets + (version < 2)) + (version < 2);
	case APN:
		return fill_apn(v->octets);
	case BEARER:
		return fill_bearer(v->octets);
	case CONTEXT:
		if (version == 2)
			fill_context_v2(v, ie->type);
		else
			fill_context_v1(v);
		return v->len;
	case ANY:
		break;
	}
	fill(v->octets, ie->octets + ie->more);
	if (ie->first)
		v->octets[0] = ie->first;
	return ie->octets + (ie->more ? chance(ie->more + 1) : 0);
}

/* Spare bits as they come; seldom another instance than the message's own. */
static unsigned char spare_and_instance(void)
{
	return (chance(4) ? 0 : chance(16) << 4) | (chance(64) ? 0 : chance(4));
}

static void add_ie(const struct ie *ie, int version)
{
	struct value v;
	size_t n = fill_value(ie, version, &v);

	if (version < 2)
		msg_add_v1(ie->type, v.octets, n);
	else
		msg_add_v2(ie->type, spare_and_instance(), v.octets, n);
}

/* A message, and where the standard has its IMEI. */
struct kind {
	unsigned char type;
	bool context;
	bool response;
};

static const struct kind v2_kinds[] = {
	/* judged */
	{ .type = 25 },
	{ .type = 31 },
	{ .type = 32 },
	{ .type = 34 },
	{ .type = 38 },
	{ .type = 166 },
	{ .type = 129, .context = true, .response = true },
	{ .type = 131, .context = true, .response = true },
	{ .type = 133, .context = true },
	/* read only */
	{ .type = 33, .response = true },
	{ .type = 35, .response = true },
	{ .type = 39, .response = true },
	{ .type = 36 },
	{ .type = 64 },
	{ .type = 71 },
	{ .type = 95 },
	{ .type = 96 },
	{ .type = 99 },
	{ .type = 128 },
	{ .type = 130 },
	{ .type = 139 },
	{ .type = 170 },
	{ .type = 176 },
};

static const struct kind v1_kinds[] = {
	/* judged */
	{ .type = 16 },
	{ .type = 18 },
	{ .type = 100 },
	{ .type = 128 },
	{ .type = 51, .context = true, .response = true },
	{ .type = 53, .context = true },
	/* read only */
	{ .type = 17, .response = true },
	{ .type = 19, .response = true },
	{ .type = 129, .response = true },
	{ .type = 20 },
	{ .type = 22 },
	{ .type = 27 },
	{ .type = 48 },
	{ .type = 50 },
	{ .type = 55 },
	{ .type = 56 },
};

static const struct kind v0_kinds[] = {
	{ .type = 16 },
	{ .type = 18 }, /* judged */
	{ .type = 17, .response = true },
	{ .type = 19, .response = true },
	{ .type = 20 },
};

struct version {
	const struct kind *kinds;
	size_t n_kinds;
	const struct ie *ies;
	size_t n_ies;
	struct ie imsi, imei, msisdn;
};

static const struct version versions[] = {
	{ v0_kinds,
	  COUNT(v0_kinds),
	  v0_ies,
	  COUNT(v0_ies),
	  { .type = 2, .content = IMSI_DIGITS },
	  { .type = 154, .content = IMEI_DIGITS },
	  { .type = 134, .content = MSISDN_DIGITS } },
	{ v1_kinds,
	  COUNT(v1_kinds),
	  v1_ies,
	  COUNT(v1_ies),
	  { .type = 2, .content = IMSI_DIGITS },
	  { .type = 154, .content = IMEI_DIGITS },
	  { .type = 134, .content = MSISDN_DIGITS } },
	{ v2_kinds,
	  COUNT(v2_kinds),
	  v2_ies,
	  COUNT(v2_ies),
	  { .type = 1, .content = IMSI_DIGITS },
	  { .type = 75, .content = IMEI_DIGITS },
	  { .type = 76, .content = MSISDN_DIGITS } },
};

static void header_v0(unsigned char type)
{
	unsigned char header[20] = { 0x1e, type };

	fill(header + 4, 4);
	memset(header + 8, 0xff, 4);
	fill_digits(header + 12, 16);
	msg_add(header, sizeof(header));
}

/* Optional fields and extension headers as they come; spare bits too. */
static void header_v1(unsigned char type)
{
	static const unsigned char extensions[] = { 0x01, 0x02, 0xc0 };
	const unsigned int chain = chance(4) ? 0 : 1 + chance(3);
	unsigned char header[12] = { 0x30 | (chance(16) ? 0 : 8) | chance(4) | (chain ? 4 : 0),
				     type };

	if (chance(4))
		fill(header + 4, 4);
	fill(header + 8, 3);
	header[11] = chain ? extensions[chance(3)] : 0;
	msg_add(header, header[0] & 7 ? 12 : 8);
	for (unsigned int i = 1; i <= chain; i++) {
		unsigned char next = i < chain ? extensions[chance(3)] : 0;

		msg_add((unsigned char[]){ 1, chance(256), chance(256), next }, 4);
	}
}

static void header_v2(unsigned char type)
{
	unsigned char header[12] = { 0x40, type };

	fill(header + 4, 8);
	if (chance(4))
		header[0] |= 8;
	msg_add(header, header[0] & 8 ? 12 : 8);
}

/* What a message of @kind has, in the order of chance. */
static size_t choose_ies(const struct version *v, const struct kind *kind, struct ie *ies)
{
	size_t n = 0;

	/* the header of GTPv0 has it */
	if (v != &versions[0] && chance(8))
		ies[n++] = v->imsi;
	if (chance(2))
		ies[n++] = v->msisdn;
	if (kind->context)
		ies[n++] = (struct ie){ .type = v == &versions[2] ? 103 + chance(6) : 129,
					.content = CONTEXT };
	else if (chance(8))
		ies[n++] = v->imei;
	/* once more, of which receivers take the first */
	switch (chance(64)) {
	case 0:
		ies[n++] = v->imei;
		break;
	case 1:
		ies[n++] = v->imsi;
		break;
	case 2:
		ies[n++] = v->msisdn;
	}
	for (unsigned int more = chance(20); more; more--)
		ies[n++] = v->ies[chance(v->n_ies)];
	for (size_t i = n; i > 1; i--) {
		size_t other = chance(i);
		struct ie kept = ies[i - 1];

		ies[i - 1] = ies[other];
		ies[other] = kept;
	}
	return n;
}

static const struct kind *add_message(int version)
{
	const struct version *v = &versions[version];
	const struct kind *kind = &v->kinds[chance(v->n_kinds)];
	struct ie ies[32];
	size_t n;

	msg_len = 0;
	if (version == 0)
		header_v0(kind->type);
	else if (version == 1)
		header_v1(kind->type);
	else
		header_v2(kind->type);
	n = choose_ies(v, kind, ies);
	for (size_t i = 0; i < n; i++)
		add_ie(&ies[i], version);
	msg_set_length();
	return kind;
}

/* Behind a message that says so. */
static void piggyback(void)
{
	unsigned char first[MSG_MAX];
	const size_t n = msg_len;

	msg[0] |= 0x10;
	memcpy(first, msg, n);
	add_message(2);
	memmove(msg + n, msg, msg_len);
	memcpy(msg, first, n);
	msg_len += n;
}

struct generated generated_message(void)
{
	const unsigned int of_ten = chance(10);
	const int version = of_ten < 6 ? 2 : of_ten < 9 ? 1 : 0;
	const bool response = add_message(version)->response;

	if (version == 2 && !chance(16))
		piggyback();
	return (struct generated){ .version = version, .response = response };
}
