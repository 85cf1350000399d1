// SPDX-License-Identifier: GPL-2.0-only
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include "lib/identifier.h"
#include "lib/utf8.h"

#define IMEI_DIGITS (2 * XEIR_IMEI_OCTETS)
#define TAC_DIGITS (2 * XEIR_TAC_OCTETS)
#define IMSI_DIGITS_MIN 6
#define MSISDN_DIGITS_MIN 5
#define LINE_DIGITS_MAX 15 /* E.164, TS 23.003 cl. 2.2 */

static int read_digits(__u8 kind, const char *text, size_t len, struct digits *digits,
		       struct identifier_error *error)
{
	return digits_collect(text, len, digits, error) || digits_check_groups(kind, digits, error);
}

static int refuse_length(struct identifier_error *error, const struct digits *digits,
			 const char *expected)
{
	char found[32];

	if (!digits->n)
		return digits_refuse(error, 0, "no digits", expected);
	snprintf(found, sizeof(found), "%zu digit%s", digits->n, digits->n == 1 ? "" : "s");
	return digits_refuse(error, 0, found, expected);
}

static void pack(struct xeir_key *key, __u8 kind, const char *digits, size_t octets)
{
	memset(key, 0, sizeof(*key));
	key->kind = kind;
	for (size_t i = 0; i < octets; i++)
		key->id[i] = (digits[2 * i] - '0') | (digits[2 * i + 1] - '0') << 4;
}

char identifier_check_digit(const char *digits)
{
	unsigned int sum = 0;

	for (size_t i = 0; i < IMEI_DIGITS; i++) {
		unsigned int d = digits[i] - '0';

		if (i % 2)
			d = d * 2 / 10 + d * 2 % 10;
		sum += d;
	}
	return '0' + (10 - sum % 10) % 10;
}

/* 13 digits of one that began with 00, as those of test equipment do. */
static int refuse_imei_length(struct identifier_error *error, const struct digits *digits)
{
	char padded[2 + DIGITS_MAX] = "00";

	memcpy(padded + 2, digits->text, sizeof(digits->text));
	refuse_length(error, digits, "14, 15 or 16 digits of an IMEI");
	if (digits->n == IMEI_DIGITS - 1 && identifier_check_digit(padded) == padded[IMEI_DIGITS])
		strcat(error->found, ", as a spreadsheet makes of 00 and 13");
	return -1;
}

int identifier_imei(const char *text, size_t len, struct xeir_key *key,
		    struct identifier_error *error)
{
	struct digits digits;
	char check, found[32], expected[64];

	if (read_digits(XEIR_KIND_IMEI, text, len, &digits, error))
		return -1;
	if (digits.n < IMEI_DIGITS || digits.n > DIGITS_MAX)
		return refuse_imei_length(error, &digits);
	if (!memcmp(digits.text, "00000000000000", IMEI_DIGITS))
		return digits_refuse(error, 0, "an IMEI that is all zero", "one of a handset");
	check = identifier_check_digit(digits.text);
	if (digits.n == IMEI_DIGITS + 1 && digits.text[IMEI_DIGITS] != check &&
	    digits.text[IMEI_DIGITS] != '0') {
		snprintf(found, sizeof(found), "check digit %c", digits.text[IMEI_DIGITS]);
		snprintf(expected, sizeof(expected), "%c", check);
		return digits_refuse(error, digits.last, found, expected);
	}
	pack(key, XEIR_KIND_IMEI, digits.text, XEIR_IMEI_OCTETS);
	return 0;
}

static int pack_tac(const char digits[TAC_DIGITS], struct xeir_key *key,
		    struct identifier_error *error)
{
	if (!memcmp(digits, "00000000", TAC_DIGITS))
		return digits_refuse(error, 0, "a TAC that is all zero", "one of a model");
	pack(key, XEIR_KIND_TAC, digits, XEIR_TAC_OCTETS);
	return 0;
}

static int read_tac(const struct digits *digits, struct xeir_key *key,
		    struct identifier_error *error)
{
	if (digits_check_groups(XEIR_KIND_TAC, digits, error))
		return -1;
	if (digits->n != TAC_DIGITS)
		return refuse_length(error, digits, "8 digits of a TAC");
	return pack_tac(digits->text, key, error);
}

static unsigned int tac_number(const char digits[TAC_DIGITS])
{
	unsigned int number = 0;

	for (size_t i = 0; i < TAC_DIGITS; i++)
		number = 10 * number + (digits[i] - '0');
	return number;
}

int identifier_tacs(const char *text, size_t len, struct xeir_key *first, size_t *n,
		    struct identifier_error *error)
{
	struct digits digits;
	unsigned int from, to;
	char found[32];

	if (digits_collect(text, len, &digits, error))
		return -1;
	*n = 1;
	if (digits.n_groups != 2 || !digits.dash || digits.groups[0].len != TAC_DIGITS ||
	    digits.groups[1].len != TAC_DIGITS)
		return read_tac(&digits, first, error);
	from = tac_number(digits.text);
	to = tac_number(digits.text + TAC_DIGITS);
	if (to < from)
		return digits_refuse(error, 0, "a range that ends before it begins",
				     "the lower TAC first");
	if (to - from >= IDENTIFIER_TACS_MAX) {
		snprintf(found, sizeof(found), "a range of %u TACs", to - from + 1);
		return digits_refuse(error, 0, found, "1000 at most");
	}
	*n = to - from + 1;
	return pack_tac(digits.text, first, error);
}

struct xeir_key identifier_tac_behind(const struct xeir_key *first, size_t i)
{
	char digits[IDENTIFIER_TEXT];
	struct xeir_key tac;

	identifier_text(first, digits);
	snprintf(digits, sizeof(digits), "%08zu", tac_number(digits) + i);
	pack(&tac, XEIR_KIND_TAC, digits, XEIR_TAC_OCTETS);
	return tac;
}

static int read_one_tac(const char *text, size_t len, struct xeir_key *key,
			struct identifier_error *error)
{
	struct digits digits;

	return digits_collect(text, len, &digits, error) || read_tac(&digits, key, error) ? -1 : 0;
}

/* An IMSI or MSISDN: digits and then F, to the end of the key. */
static void pack_filled(struct xeir_key *key, __u8 kind, const struct digits *digits)
{
	memset(key, 0, sizeof(*key));
	key->kind = kind;
	memset(key->id, 0xff, XEIR_NUMBER_OCTETS);
	for (size_t i = 0; i < digits->n; i++) {
		__u8 digit = digits->text[i] - '0', *octet = &key->id[i / 2];

		*octet = i % 2 ? (*octet & 0x0f) | digit << 4 : 0xf0 | digit;
	}
}

static int read_imsi(const char *text, size_t len, struct xeir_key *key,
		     struct identifier_error *error)
{
	struct digits digits;

	if (read_digits(XEIR_KIND_IMSI, text, len, &digits, error))
		return -1;
	if (digits.n < IMSI_DIGITS_MIN || digits.n > LINE_DIGITS_MAX)
		return refuse_length(error, &digits, "6 to 15 digits of an IMSI");
	pack_filled(key, XEIR_KIND_IMSI, &digits);
	return 0;
}

static int read_msisdn(const char *text, size_t len, struct xeir_key *key,
		       struct identifier_error *error)
{
	size_t blanks = utf8_blanks_before(text, len);
	size_t plus = blanks < len && text[blanks] == '+' ? blanks + 1 : 0;
	struct digits digits;

	if (read_digits(XEIR_KIND_MSISDN, text + plus, len - plus, &digits, error)) {
		error->at += plus;
		return -1;
	}
	if (digits.n < MSISDN_DIGITS_MIN || digits.n > LINE_DIGITS_MAX)
		return refuse_length(error, &digits, "5 to 15 digits of an MSISDN");
	pack_filled(key, XEIR_KIND_MSISDN, &digits);
	return 0;
}

int identifier_read(__u8 kind, const char *text, size_t len, struct xeir_key *key,
		    struct identifier_error *error)
{
	switch (kind) {
	case XEIR_KIND_TAC:
		return read_one_tac(text, len, key, error);
	case XEIR_KIND_IMSI:
		return read_imsi(text, len, key, error);
	case XEIR_KIND_MSISDN:
		return read_msisdn(text, len, key, error);
	}
	return identifier_imei(text, len, key, error);
}

struct xeir_key identifier_exception(const struct xeir_key *imei, const struct xeir_key *imsi)
{
	struct xeir_key key = { .kind = XEIR_KIND_EXCEPTION };

	memcpy(key.id, imei->id, XEIR_IMEI_OCTETS);
	memcpy(key.id + XEIR_IMEI_OCTETS, imsi->id, XEIR_NUMBER_OCTETS);
	return key;
}

struct xeir_key identifier_tac_of(const struct xeir_key *imei)
{
	struct xeir_key tac = { .kind = XEIR_KIND_TAC };

	memcpy(tac.id, imei->id, XEIR_TAC_OCTETS);
	return tac;
}

bool identifier_is_national(const struct xeir_key *key)
{
	return key->kind == XEIR_KIND_MSISDN && !(*key->id & 0x0f);
}

size_t identifier_digits(const char *text, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += text[i] >= '0' && text[i] <= '9';
	return n;
}

void identifier_text(const struct xeir_key *key, char text[IDENTIFIER_TEXT])
{
	char imsi[IDENTIFIER_TEXT];

	if (key->kind != XEIR_KIND_EXCEPTION) {
		identifier_of_kind(key, key->kind, text);
		return;
	}
	identifier_of_kind(key, XEIR_KIND_IMEI, text);
	identifier_of_kind(key, XEIR_KIND_IMSI, imsi);
	strcat(strcat(text, " imsi "), imsi);
}

/* Digits without the F that fill a key up. */
static void text_filled(const __u8 *id, char text[IDENTIFIER_TEXT])
{
	size_t octets = XEIR_NUMBER_OCTETS;

	while (octets && id[octets - 1] == 0xff)
		octets--;
	identifier_bcd(id, octets, text);
}

const char *identifier_of_kind(const struct xeir_key *key, __u8 kind, char text[IDENTIFIER_TEXT])
{
	bool exception = key->kind == XEIR_KIND_EXCEPTION;

	*text = '\0';
	if (kind == XEIR_KIND_IMSI && exception)
		text_filled(key->id + XEIR_IMEI_OCTETS, text);
	else if (kind == XEIR_KIND_IMEI && (exception || kind == key->kind))
		identifier_bcd(key->id, XEIR_IMEI_OCTETS, text);
	else if (kind == key->kind && kind == XEIR_KIND_TAC)
		identifier_bcd(key->id, XEIR_TAC_OCTETS, text);
	else if (kind == key->kind)
		text_filled(key->id, text);
	return text;
}

void identifier_bcd(const unsigned char *bcd, size_t octets, char *text)
{
	static const char hex[] = "0123456789abcdef";

	for (size_t i = 0; i < octets; i++) {
		unsigned char low = bcd[i] & 0xf, high = bcd[i] >> 4;

		*text++ = hex[low];
		/* An odd number of digits is filled up with F, in the last octet only. */
		if (i + 1 < octets || high != 0xf)
			*text++ = hex[high];
	}
	*text = '\0';
}
