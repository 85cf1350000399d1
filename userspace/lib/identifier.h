/* SPDX-License-Identifier: GPL-2.0-only */
/* IMEIs, TACs, IMSIs and MSISDNs as people write them, and as on the wire (TS 23.003). */
#ifndef XEIR_LIB_IDENTIFIER_H
#define XEIR_LIB_IDENTIFIER_H

#include <stddef.h>
#include <xeir/maps.h>
#include "lib/digits.h"

#define IDENTIFIER_TEXT 40 /* size of the text of any of them */

/*
 * Dashes, blanks and slashes between digits are ignored where people put them, see digits.h.
 * 0, or -1 with *error set. An IMEI has 14 digits, 15 with the check digit or a 0 in its place,
 * 16 as an IMEISV.
 */
int identifier_imei(const char *text, size_t len, struct xeir_key *key,
		    struct identifier_error *error);
/*
 * By @kind: an IMEI, a TAC (8 digits), an IMSI (6 to 15 digits) or an MSISDN (5 to 15, with or
 * without +).
 */
int identifier_read(__u8 kind, const char *text, size_t len, struct xeir_key *key,
		    struct identifier_error *error);

/* A TAC, or a range of them, 35349006-35349010: the first, and how many. */
#define IDENTIFIER_TACS_MAX 1000
int identifier_tacs(const char *text, size_t len, struct xeir_key *first, size_t *n,
		    struct identifier_error *error);

/* The TAC that is @i behind this one. */
struct xeir_key identifier_tac_behind(const struct xeir_key *first, size_t i);

/* An MSISDN that begins with 0, as no country's code does: no session would ever meet it. */
#define IDENTIFIER_NATIONAL "a national number, or 00, expected its country code"
bool identifier_is_national(const struct xeir_key *key);

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
