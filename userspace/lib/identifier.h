/* SPDX-License-Identifier: GPL-2.0-only */
/* IMEIs, TACs, IMSIs and MSISDNs as people write them, and as on the wire (TS 23.003). */
#ifndef XEIR_LIB_IDENTIFIER_H
#define XEIR_LIB_IDENTIFIER_H

#include <stddef.h>
#include <xeir/maps.h>

#define IDENTIFIER_TEXT	40	/* size of the text of any of them */

struct identifier_error {
	size_t at;		/* 0-based octet in the text */
	char found[64];
	char expected[64];
};

/*
 * '-', ' ' and '/' between digits are ignored. 0, or -1 with *error set. An IMEI has 14
 * digits, 15 with the check digit or a 0 in its place, 16 as an IMEISV.
 */
int identifier_imei(const char *text, size_t len, struct xeir_key *key,
		    struct identifier_error *error);
/* 8 digits. */
int identifier_tac(const char *text, size_t len, struct xeir_key *key,
		   struct identifier_error *error);
/* By @kind: one of these, an IMSI (6 to 15 digits) or an MSISDN (5 to 15, with or without +). */
int identifier_read(__u8 kind, const char *text, size_t len, struct xeir_key *key,
		    struct identifier_error *error);

/* How many digits @text has. */
size_t identifier_digits(const char *text, size_t len);

/* The key's digits, 14 of an IMEI; both identifiers of an exception, with the word imsi between. */
void identifier_text(const struct xeir_key *key, char text[IDENTIFIER_TEXT]);

/* The identifier of this kind in the key, also within an exception; "": it has none. */
const char *identifier_of_kind(const struct xeir_key *key, __u8 kind, char text[IDENTIFIER_TEXT]);

/*
 * @octets of BCD, low nibble first, without the filler F; other non-digits as hex. @text
 * needs 2 * @octets + 1.
 */
void identifier_bcd(const unsigned char *bcd, size_t octets, char *text);

/* The key of the exception that lets this IMSI use this IMEI. */
struct xeir_key identifier_exception(const struct xeir_key *imei, const struct xeir_key *imsi);

/* The key of the model that an IMEI is of. */
struct xeir_key identifier_tac_of(const struct xeir_key *imei);

/* The Luhn digit over 14 digits, as text. */
char identifier_check_digit(const char *digits);

#endif /* XEIR_LIB_IDENTIFIER_H */
