// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <string.h>

#include "lib/gtp_text.h"
#include "lib/identifier.h"

struct name {
	uint8_t version;
	uint8_t type;
	const char *text;
};

/* TS 29.060 table 1, TS 29.274 table 6.1-1: what a packet core meets every day. */
static const struct name names[] = {
	{ 1, 1, "Echo Request" },
	{ 1, 2, "Echo Response" },
	{ 1, 3, "Version Not Supported" },
	{ 1, 16, "Create PDP Context Request" },
	{ 1, 17, "Create PDP Context Response" },
	{ 1, 18, "Update PDP Context Request" },
	{ 1, 19, "Update PDP Context Response" },
	{ 1, 20, "Delete PDP Context Request" },
	{ 1, 21, "Delete PDP Context Response" },
	{ 1, 26, "Error Indication" },
	{ 1, 31, "Supported Extension Headers Notification" },
	{ 1, 48, "Identification Request" },
	{ 1, 49, "Identification Response" },
	{ 1, 50, "SGSN Context Request" },
	{ 1, 51, "SGSN Context Response" },
	{ 1, 52, "SGSN Context Acknowledge" },
	{ 1, 53, "Forward Relocation Request" },
	{ 1, 54, "Forward Relocation Response" },
	{ 1, 55, "Forward Relocation Complete" },
	{ 1, 128, "MS Info Change Notification Request" },
	{ 1, 129, "MS Info Change Notification Response" },
	{ 2, 1, "Echo Request" },
	{ 2, 2, "Echo Response" },
	{ 2, 3, "Version Not Supported Indication" },
	{ 2, 32, "Create Session Request" },
	{ 2, 33, "Create Session Response" },
	{ 2, 34, "Modify Bearer Request" },
	{ 2, 35, "Modify Bearer Response" },
	{ 2, 36, "Delete Session Request" },
	{ 2, 37, "Delete Session Response" },
	{ 2, 38, "Change Notification Request" },
	{ 2, 39, "Change Notification Response" },
	{ 2, 64, "Modify Bearer Command" },
	{ 2, 66, "Delete Bearer Command" },
	{ 2, 68, "Bearer Resource Command" },
	{ 2, 95, "Create Bearer Request" },
	{ 2, 96, "Create Bearer Response" },
	{ 2, 97, "Update Bearer Request" },
	{ 2, 98, "Update Bearer Response" },
	{ 2, 99, "Delete Bearer Request" },
	{ 2, 100, "Delete Bearer Response" },
	{ 2, 128, "Identification Request" },
	{ 2, 129, "Identification Response" },
	{ 2, 130, "Context Request" },
	{ 2, 131, "Context Response" },
	{ 2, 132, "Context Acknowledge" },
	{ 2, 133, "Forward Relocation Request" },
	{ 2, 134, "Forward Relocation Response" },
	{ 2, 166, "Create Indirect Data Forwarding Tunnel Request" },
	{ 2, 170, "Release Access Bearers Request" },
	{ 2, 171, "Release Access Bearers Response" },
	{ 2, 176, "Downlink Data Notification" },
	{ 2, 177, "Downlink Data Notification Acknowledge" },
};

const char *gtp_text_message(uint8_t version, uint8_t type)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (names[i].version == version && names[i].type == type)
			return names[i].text;
	return NULL;
}

const char *gtp_text_digits(const unsigned char *bcd, size_t octets, char text[GTP_TEXT_DIGITS])
{
	if (octets > (GTP_TEXT_DIGITS - 1) / 2)
		octets = (GTP_TEXT_DIGITS - 1) / 2;
	if (!octets)
		return NULL;
	identifier_bcd(bcd, octets, text);
	return *text ? text : NULL;
}

const char *gtp_text_imsi(const unsigned char *bcd, size_t octets, char text[GTP_TEXT_DIGITS])
{
	const char *digits = gtp_text_digits(bcd, octets, text);
	size_t n;

	if (!digits)
		return NULL;
	/* as the rules read it: up to the filler, 15 digits at most, TS 23.003 cl. 2.2 */
	n = strcspn(text, "f");
	text[n < 15 ? n : 15] = '\0';
	return *text ? text : NULL;
}

const char *gtp_text_msisdn(uint8_t version, const unsigned char *ie, size_t octets,
			    char text[GTP_TEXT_DIGITS])
{
	if (version < 2 && octets)
		return gtp_text_imsi(ie + 1, octets - 1, text);
	return gtp_text_imsi(ie, octets, text);
}

const char *gtp_text_apn(const unsigned char *labels, size_t octets, char text[GTP_TEXT_APN])
{
	size_t left = 0, n = 0;

	for (size_t i = 0; i < octets && n < GTP_TEXT_APN - 1; i++) {
		if (left) {
			/* bytes of a stranger: a terminal and JSON get printable ASCII only */
			text[n++] = isgraph(labels[i]) ? labels[i] : '?';
			left--;
			continue;
		}
		left = labels[i];
		if (n)
			text[n++] = '.';
	}
	text[n] = '\0';
	return n ? text : NULL;
}
