/* SPDX-License-Identifier: GPL-2.0-only */
/* Types of the IEs that are read: TS 29.274 table 8.1-1, TS 29.060 table 37, TS 09.60 table 38. */
#ifndef XEIR_IES_H
#define XEIR_IES_H

/* GTPv2 */
#define XEIR_IE_V2_IMSI			1
#define XEIR_IE_V2_CAUSE		2
#define XEIR_IE_V2_RECOVERY		3
#define XEIR_IE_V2_APN			71
#define XEIR_IE_V2_EBI			73
#define XEIR_IE_V2_MEI			75
#define XEIR_IE_V2_MSISDN		76
#define XEIR_IE_V2_INDICATION		77
#define XEIR_IE_V2_RAT			82
#define XEIR_IE_V2_ULI			86
#define XEIR_IE_V2_FTEID		87
#define XEIR_IE_V2_BEARER_CONTEXT	93

/* GTPv1, and GTPv0 up to MSISDN */
#define XEIR_IE_V1_CAUSE		1
#define XEIR_IE_V1_IMSI			2
#define XEIR_IE_V1_RECOVERY		14
#define XEIR_IE_V1_TEID_DATA		16
#define XEIR_IE_V1_TEID_CONTROL		17
#define XEIR_IE_V1_TEID_DATA_II		18
#define XEIR_IE_V1_TEARDOWN		19
#define XEIR_IE_V1_NSAPI		20
#define XEIR_IE_V1_RAB_CONTEXT		22
#define XEIR_IE_V1_MM_CONTEXT		129
#define XEIR_IE_V1_APN			131
#define XEIR_IE_V1_GSN_ADDRESS		133
#define XEIR_IE_V1_MSISDN		134
#define XEIR_IE_V1_EXTENSION_HEADERS	141	/* Extension Header Type List */
#define XEIR_IE_V1_RAT			151
#define XEIR_IE_V1_ULI			152
#define XEIR_IE_V1_IMEI			154
#define XEIR_IE_V1_EXTENDED_FLAGS	193	/* Extended Common Flags */

#endif /* XEIR_IES_H */
