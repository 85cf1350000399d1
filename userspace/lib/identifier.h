/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers as people write them, and as the wire has them (TS 23.003 cl. 6).
 */
#ifndef XEIR_LIB_NUMBER_H
#define XEIR_LIB_NUMBER_H

#include <stddef.h>
#include <xeir/maps.h>

#define IDENTIFIER_TEXT	40	/* room for any number below, with its NUL */

struct identifier_error {
	size_t at;		/* 0-based octet in the text */
	char found[64];
	char expected[64];
};

/*
 * '-', ' ' and '/' between digits are passed over. 0, or -1 with *error told. An IMEI has 14
 * digits, 15 with the check digit or a 0 in its place, 16 as an IMEISV.
 */
int identifier_imei(const char *text, size_t len, struct xeir_key *key,
		    struct identifier_error *error);
/* 8 digits. */
int identifier_tac(const char *text, size_t len, struct xeir_key *key,
		   struct identifier_error *error);
/* One of these, an IMSI (6 to 15 digits) or an MSISDN (5 to 15, a + may lead), by @kind. */
int identifier_read(__u8 kind, const char *text, size_t len, struct xeir_key *key,
		    struct identifier_error *error);

/* How many digits there are in it. */
size_t identifier_digits(const char *text, size_t len);

/* A plain decimal number of 32 bits, such as a directive has. 0, or -1. */
int decimal_read_u32(const char *text, size_t len, __u32 *number);

/* The key's digits, 14 of an IMEI; both numbers of an exception, with the word imsi between. */
void identifier_text(const struct xeir_key *key, char text[IDENTIFIER_TEXT]);

/* The number of this kind that the key has, also within an exception; "": it has none. */
const char *identifier_of_kind(const struct xeir_key *key, __u8 kind, char text[IDENTIFIER_TEXT]);

/*
 * @octets of BCD, low nibble first, without the filler F; other non-digits as hex. @text has
 * room for 2 * @octets + 1.
 */
void identifier_bcd(const unsigned char *bcd, size_t octets, char *text);

/* The key of the exception that lets this IMSI use this IMEI. */
struct xeir_key identifier_exception(const struct xeir_key *imei, const struct xeir_key *imsi);

/* The key of the model that an IMEI is of. */
struct xeir_key identifier_tac_of(const struct xeir_key *imei);

/* The Luhn digit over 14 digits, as text. */
char identifier_check_digit(const char *digits);

#endif /* XEIR_LIB_NUMBER_H */
