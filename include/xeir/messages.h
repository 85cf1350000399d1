/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The GTP-C messages that are judged or tracked. Pure.
 *
 * TS 29.060 cl. 7 (GTPv1, of the SGSN and GGSN), TS 29.274 cl. 7 (GTPv2),
 * TS 29.280 cl. 5 (Sv). Messages that remove state (Delete, Relocation Cancel,
 * SRVCC Cancel) are not judged, even if they carry an IMEI: to stop them would keep
 * a session up. Echo, Version Not Supported and Supported Extension Headers
 * Notification are never stopped. Sessions and restarts (TS 23.007 cl. 18) are tracked
 * by requests and their responses, but not those of GTPv0.
 */
#ifndef XEIR_MESSAGES_H
#define XEIR_MESSAGES_H

#include <linux/types.h>

#define XEIR_GTP_ECHO_REQUEST		1
#define XEIR_GTP_ECHO_RESPONSE		2

#define XEIR_GTPV0_CREATE_PDP		16
#define XEIR_GTPV0_UPDATE_PDP		18

#define XEIR_GTPV1_CREATE_PDP		16
#define XEIR_GTPV1_CREATE_PDP_RESPONSE	17
#define XEIR_GTPV1_UPDATE_PDP		18
#define XEIR_GTPV1_UPDATE_PDP_RESPONSE	19
#define XEIR_GTPV1_DELETE_PDP		20
#define XEIR_GTPV1_DELETE_PDP_RESPONSE	21
#define XEIR_GTPV1_SGSN_CONTEXT_RESPONSE	51
#define XEIR_GTPV1_FORWARD_RELOCATION	53
#define XEIR_GTPV1_CREATE_MBMS		100
#define XEIR_GTPV1_MS_INFO_CHANGE	128

#define XEIR_GTPV2_SRVCC_PS_TO_CS	25
#define XEIR_GTPV2_SRVCC_CS_TO_PS	31
#define XEIR_GTPV2_CREATE_SESSION	32
#define XEIR_GTPV2_CREATE_SESSION_RESPONSE	33
#define XEIR_GTPV2_MODIFY_BEARER	34
#define XEIR_GTPV2_MODIFY_BEARER_RESPONSE	35
#define XEIR_GTPV2_DELETE_SESSION	36
#define XEIR_GTPV2_DELETE_SESSION_RESPONSE	37
#define XEIR_GTPV2_CHANGE_NOTIFICATION	38
#define XEIR_GTPV2_DELETE_BEARER_COMMAND	66
#define XEIR_GTPV2_DELETE_BEARER_FAILURE	67
#define XEIR_GTPV2_CREATE_BEARER	95
#define XEIR_GTPV2_CREATE_BEARER_RESPONSE	96
#define XEIR_GTPV2_UPDATE_BEARER	97
#define XEIR_GTPV2_UPDATE_BEARER_RESPONSE	98
#define XEIR_GTPV2_DELETE_BEARER	99
#define XEIR_GTPV2_DELETE_BEARER_RESPONSE	100
#define XEIR_GTPV2_IDENTIFICATION_RESPONSE	129
#define XEIR_GTPV2_CONTEXT_RESPONSE	131
#define XEIR_GTPV2_FORWARD_RELOCATION	133
#define XEIR_GTPV2_CREATE_FORWARDING	166
#define XEIR_GTPV2_RELEASE_ACCESS	170
#define XEIR_GTPV2_RELEASE_ACCESS_RESPONSE	171
#define XEIR_GTPV2_MODIFY_ACCESS	211
#define XEIR_GTPV2_MODIFY_ACCESS_RESPONSE	212

enum xeir_message_flags {
	XEIR_MSG_JUDGED	= 1,
	XEIR_MSG_IMEI	= 2,	/* by the standard it carries the IMEI, if that is known */
	XEIR_MSG_IMSI	= 4,	/* and an IMSI, unless it is for an emergency */
	XEIR_MSG_RESPONSE = 8,	/* goes to the port that the request came from */
	XEIR_MSG_TRACKED = 16,	/* sessions or restarts are tracked by it */
	XEIR_MSG_ENDS	= 32,	/* ends a session or a part of it: never stopped */
	XEIR_MSG_SETUP	= 64,	/* requests a session */
};

static inline __u8 xeir_message_v0(__u8 type)
{
	switch (type) {
	case XEIR_GTPV0_CREATE_PDP:
		return XEIR_MSG_JUDGED | XEIR_MSG_SETUP;
	case XEIR_GTPV0_UPDATE_PDP:
		return XEIR_MSG_JUDGED;
	}
	return 0;
}

static inline __u8 xeir_message_v1(__u8 type)
{
	switch (type) {
	case XEIR_GTP_ECHO_REQUEST:
		return XEIR_MSG_TRACKED;
	case XEIR_GTPV1_CREATE_PDP:
		return XEIR_MSG_JUDGED | XEIR_MSG_IMEI | XEIR_MSG_IMSI | XEIR_MSG_TRACKED |
		       XEIR_MSG_SETUP;
	case XEIR_GTPV1_UPDATE_PDP:
		return XEIR_MSG_JUDGED | XEIR_MSG_TRACKED;
	case XEIR_GTP_ECHO_RESPONSE:
	case XEIR_GTPV1_CREATE_PDP_RESPONSE:
	case XEIR_GTPV1_UPDATE_PDP_RESPONSE:
		return XEIR_MSG_RESPONSE | XEIR_MSG_TRACKED;
	case XEIR_GTPV1_DELETE_PDP:
		return XEIR_MSG_ENDS | XEIR_MSG_TRACKED;
	case XEIR_GTPV1_DELETE_PDP_RESPONSE:
		return XEIR_MSG_ENDS | XEIR_MSG_RESPONSE | XEIR_MSG_TRACKED;
	case XEIR_GTPV1_FORWARD_RELOCATION:
	case XEIR_GTPV1_CREATE_MBMS:
	case XEIR_GTPV1_MS_INFO_CHANGE:
		return XEIR_MSG_JUDGED | XEIR_MSG_IMSI;
	case XEIR_GTPV1_SGSN_CONTEXT_RESPONSE:
		return XEIR_MSG_JUDGED | XEIR_MSG_IMSI | XEIR_MSG_RESPONSE;
	}
	return 0;
}

/* Messages of GTPv2 that are tracked and carry no IMEI. */
static inline __u8 xeir_message_v2_tracked(__u8 type)
{
	switch (type) {
	case XEIR_GTP_ECHO_REQUEST:
	case XEIR_GTPV2_CREATE_BEARER:
	case XEIR_GTPV2_UPDATE_BEARER:
	case XEIR_GTPV2_MODIFY_ACCESS:
		return XEIR_MSG_TRACKED;
	case XEIR_GTP_ECHO_RESPONSE:
	case XEIR_GTPV2_CREATE_SESSION_RESPONSE:
	case XEIR_GTPV2_MODIFY_BEARER_RESPONSE:
	case XEIR_GTPV2_CREATE_BEARER_RESPONSE:
	case XEIR_GTPV2_UPDATE_BEARER_RESPONSE:
	case XEIR_GTPV2_MODIFY_ACCESS_RESPONSE:
		return XEIR_MSG_RESPONSE | XEIR_MSG_TRACKED;
	case XEIR_GTPV2_DELETE_SESSION:
	case XEIR_GTPV2_DELETE_BEARER:
	case XEIR_GTPV2_RELEASE_ACCESS:
		return XEIR_MSG_ENDS | XEIR_MSG_TRACKED;
	case XEIR_GTPV2_DELETE_SESSION_RESPONSE:
	case XEIR_GTPV2_DELETE_BEARER_RESPONSE:
	case XEIR_GTPV2_RELEASE_ACCESS_RESPONSE:
		return XEIR_MSG_ENDS | XEIR_MSG_RESPONSE | XEIR_MSG_TRACKED;
	case XEIR_GTPV2_DELETE_BEARER_COMMAND:
	case XEIR_GTPV2_DELETE_BEARER_FAILURE:
		return XEIR_MSG_ENDS;
	}
	return 0;
}

static inline __u8 xeir_message_v2(__u8 type)
{
	switch (type) {
	case XEIR_GTPV2_CREATE_SESSION:
		return XEIR_MSG_JUDGED | XEIR_MSG_IMEI | XEIR_MSG_IMSI | XEIR_MSG_TRACKED |
		       XEIR_MSG_SETUP;
	case XEIR_GTPV2_MODIFY_BEARER:
		return XEIR_MSG_JUDGED | XEIR_MSG_TRACKED;
	case XEIR_GTPV2_CHANGE_NOTIFICATION:
	case XEIR_GTPV2_FORWARD_RELOCATION:
	case XEIR_GTPV2_CREATE_FORWARDING:
	case XEIR_GTPV2_SRVCC_PS_TO_CS:
	case XEIR_GTPV2_SRVCC_CS_TO_PS:
		return XEIR_MSG_JUDGED | XEIR_MSG_IMSI;
	case XEIR_GTPV2_IDENTIFICATION_RESPONSE:
	case XEIR_GTPV2_CONTEXT_RESPONSE:
		return XEIR_MSG_JUDGED | XEIR_MSG_IMSI | XEIR_MSG_RESPONSE;
	}
	return xeir_message_v2_tracked(type);
}

/* enum xeir_message_flags of a message; 0: it is neither judged nor tracked. */
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
