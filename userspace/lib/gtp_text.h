/* SPDX-License-Identifier: GPL-2.0-only */
/* Fields of a GTP-C message as text. */
#ifndef XEIR_LIB_GTP_TEXT_H
#define XEIR_LIB_GTP_TEXT_H

#include <stddef.h>
#include <stdint.h>

#define GTP_TEXT_DIGITS	32
#define GTP_TEXT_APN	128

/* The name of a message type; NULL: unknown. */
const char *gtp_text_message(uint8_t version, uint8_t type);

/* @octets of BCD as digits, cut to GTP_TEXT_DIGITS; NULL when there are none. */
const char *gtp_text_digits(const unsigned char *bcd, size_t octets, char text[GTP_TEXT_DIGITS]);

/* The digits of an IMSI, whose last one in GTPv0 is the tunnel's; NULL: none. */
const char *gtp_text_imsi(const unsigned char *bcd, size_t octets, char text[GTP_TEXT_DIGITS]);

/* An MSISDN IE of GTP @version: that of GTPv1 begins with an octet for the type of number. */
const char *gtp_text_msisdn(uint8_t version, const unsigned char *ie, size_t octets,
			    char text[GTP_TEXT_DIGITS]);

/* Labels with dots; NULL when there are none. */
const char *gtp_text_apn(const unsigned char *labels, size_t octets, char text[GTP_TEXT_APN]);

#endif /* XEIR_LIB_GTP_TEXT_H */
