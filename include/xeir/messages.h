/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The GTP-C messages that are judged, and what is to be expected of each. Pure.
 *
 * TS 29.060 cl. 7 (GTPv1, of the SGSN and GGSN), TS 29.274 cl. 7 (GTPv2),
 * TS 29.280 cl. 5 (Sv). Messages that remove state (Delete, Relocation Cancel,
 * SRVCC Cancel) are not judged, even where they carry an IMEI: to stop them would
 * keep alive what they end. Echo, Version Not Supported and Supported Extension
 * Headers Notification are never touched.
 */
#ifndef XEIR_MESSAGES_H
#define XEIR_MESSAGES_H

#include <linux/types.h>

#define XEIR_GTPV0_CREATE_PDP		16
#define XEIR_GTPV0_UPDATE_PDP		18

#define XEIR_GTPV1_CREATE_PDP		16
#define XEIR_GTPV1_UPDATE_PDP		18
#define XEIR_GTPV1_SGSN_CONTEXT_RESPONSE	51
#define XEIR_GTPV1_FORWARD_RELOCATION	53
#define XEIR_GTPV1_CREATE_MBMS		100
#define XEIR_GTPV1_MS_INFO_CHANGE	128

#define XEIR_GTPV2_SRVCC_PS_TO_CS	25
#define XEIR_GTPV2_SRVCC_CS_TO_PS	31
#define XEIR_GTPV2_CREATE_SESSION	32
#define XEIR_GTPV2_MODIFY_BEARER	34
#define XEIR_GTPV2_CHANGE_NOTIFICATION	38
#define XEIR_GTPV2_IDENTIFICATION_RESPONSE	129
#define XEIR_GTPV2_CONTEXT_RESPONSE	131
#define XEIR_GTPV2_FORWARD_RELOCATION	133
#define XEIR_GTPV2_CREATE_FORWARDING	166

enum xeir_message_flags {
	XEIR_MSG_JUDGED	= 1,
	XEIR_MSG_IMEI	= 2,	/* the standard has it carry an IMEI wherever one is known */
	XEIR_MSG_IMSI	= 4,	/* and an IMSI, unless it is for an emergency */
	XEIR_MSG_ANSWER	= 8,	/* goes to the port that was asked from */
};

static inline __u8 xeir_message_v0(__u8 type)
{
	switch (type) {
	case XEIR_GTPV0_CREATE_PDP:
	case XEIR_GTPV0_UPDATE_PDP:
		return XEIR_MSG_JUDGED;
	}
	return 0;
}

static inline __u8 xeir_message_v1(__u8 type)
{
	switch (type) {
	case XEIR_GTPV1_CREATE_PDP:
		return XEIR_MSG_JUDGED | XEIR_MSG_IMEI | XEIR_MSG_IMSI;
	case XEIR_GTPV1_UPDATE_PDP:
		return XEIR_MSG_JUDGED;
	case XEIR_GTPV1_FORWARD_RELOCATION:
	case XEIR_GTPV1_CREATE_MBMS:
	case XEIR_GTPV1_MS_INFO_CHANGE:
		return XEIR_MSG_JUDGED | XEIR_MSG_IMSI;
	case XEIR_GTPV1_SGSN_CONTEXT_RESPONSE:
		return XEIR_MSG_JUDGED | XEIR_MSG_IMSI | XEIR_MSG_ANSWER;
	}
	return 0;
}

static inline __u8 xeir_message_v2(__u8 type)
{
	switch (type) {
	case XEIR_GTPV2_CREATE_SESSION:
		return XEIR_MSG_JUDGED | XEIR_MSG_IMEI | XEIR_MSG_IMSI;
	case XEIR_GTPV2_MODIFY_BEARER:
		return XEIR_MSG_JUDGED;
	case XEIR_GTPV2_CHANGE_NOTIFICATION:
	case XEIR_GTPV2_FORWARD_RELOCATION:
	case XEIR_GTPV2_CREATE_FORWARDING:
	case XEIR_GTPV2_SRVCC_PS_TO_CS:
	case XEIR_GTPV2_SRVCC_CS_TO_PS:
		return XEIR_MSG_JUDGED | XEIR_MSG_IMSI;
	case XEIR_GTPV2_IDENTIFICATION_RESPONSE:
	case XEIR_GTPV2_CONTEXT_RESPONSE:
		return XEIR_MSG_JUDGED | XEIR_MSG_IMSI | XEIR_MSG_ANSWER;
	}
	return 0;
}

/* enum xeir_message_flags of a message; 0: it is not judged. */
static inline __u8 xeir_message_flags(__u8 version, __u8 type)
{
	switch (version) {
	case 0:
		return xeir_message_v0(type);
	case 1:
		return xeir_message_v1(type);
	case 2:
		return xeir_message_v2(type);
	}
	return 0;
}

#endif /* XEIR_MESSAGES_H */
