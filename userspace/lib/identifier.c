// SPDX-License-Identifier: GPL-2.0-only
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include "lib/identifier.h"
#include "lib/quote.h"

#define IMEI_DIGITS (2 * XEIR_IMEI_OCTETS)
#define TAC_DIGITS (2 * XEIR_TAC_OCTETS)
#define IMSI_DIGITS_MIN 6
#define MSISDN_DIGITS_MIN 5
#define LINE_DIGITS_MAX 15 /* E.164, TS 23.003 cl. 2.2 */
#define DIGITS_MAX 16 /* IMEISV */

struct digits {
	char text[DIGITS_MAX];
	size_t n; /* of all, also those that do not fit */
	size_t last; /* where the last that fits stands */
};

static int refuse(struct identifier_error *error, size_t at, const char *found,
		  const char *expected)
{
	error->at = at;
	snprintf(error->found, sizeof(error->found), "%s", found);
	snprintf(error->expected, sizeof(error->expected), "%s", expected);
	return -1;
}

/* 3.5349E+14, or with a comma: a spreadsheet turned an IMEI into this, and digits are lost. */
static int is_scientific(const char *text, size_t len)
{
	size_t i = 0;

	while (i < len && ((text[i] >= '0' && text[i] <= '9') || text[i] == '.' || text[i] == ','))
		i++;
	return i && i + 1 < len && (text[i] == 'E' || text[i] == 'e') &&
	       (text[i + 1] == '+' || (text[i + 1] >= '0' && text[i + 1] <= '9'));
}

/* .0 behind the digits: the column had the format of fractions. */
static bool is_fraction(const char *text, size_t len)
{
	size_t zeros = 1;

	if (len < 2 || (*text != '.' && *text != ','))
		return false;
	while (zeros < len && text[zeros] == '0')
		zeros++;
	return zeros == len;
}

static int collect(const char *text, size_t len, struct digits *digits,
		   struct identifier_error *error)
{
	char found[QUOTE_TEXT];

	memset(digits, 0, sizeof(*digits));
	if (is_scientific(text, len))
		return refuse(error, 0, quote(found, text, len),
			      "all the digits (format the column as text)");
	if (len && *text == '=')
		return refuse(error, 0, quote(found, text, len),
			      "the digits without the formula of a spreadsheet");
	if (len && *text == '\'')
		return refuse(error, 0, "an apostrophe", "the digits without it");
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '-' || text[i] == ' ' || text[i] == '/')
			continue;
		if (digits->n && is_fraction(text + i, len - i))
			return refuse(error, i, quote(found, text + i, len - i),
				      "the digits alone (format the column as text)");
		if (text[i] < '0' || text[i] > '9')
			return refuse(error, i, quote(found, text + i, 1), "a digit");
		if (digits->n < DIGITS_MAX) {
			digits->text[digits->n] = text[i];
			digits->last = i;
		}
		digits->n++;
	}
	return 0;
}

static int refuse_length(struct identifier_error *error, const struct digits *digits,
			 const char *expected)
{
	char found[32];

	if (!digits->n)
		return refuse(error, 0, "no digits", expected);
	snprintf(found, sizeof(found), "%zu digit%s", digits->n, digits->n == 1 ? "" : "s");
	return refuse(error, 0, found, expected);
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

	if (collect(text, len, &digits, error))
		return -1;
	if (digits.n < IMEI_DIGITS || digits.n > DIGITS_MAX)
		return refuse_imei_length(error, &digits);
	if (!memcmp(digits.text, "00000000000000", IMEI_DIGITS))
		return refuse(error, 0, "an IMEI that is all zero", "one of a handset");
	check = identifier_check_digit(digits.text);
	if (digits.n == IMEI_DIGITS + 1 && digits.text[IMEI_DIGITS] != check &&
	    digits.text[IMEI_DIGITS] != '0') {
		snprintf(found, sizeof(found), "check digit %c", digits.text[IMEI_DIGITS]);
		snprintf(expected, sizeof(expected), "%c", check);
		return refuse(error, digits.last, found, expected);
	}
	pack(key, XEIR_KIND_IMEI, digits.text, XEIR_IMEI_OCTETS);
	return 0;
}

int identifier_tac(const char *text, size_t len, struct xeir_key *key,
		   struct identifier_error *error)
{
	struct digits digits;

	if (collect(text, len, &digits, error))
		return -1;
	if (digits.n != TAC_DIGITS)
		return refuse_length(error, &digits, "8 digits of a TAC");
	if (!memcmp(digits.text, "00000000", TAC_DIGITS))
		return refuse(error, 0, "a TAC that is all zero", "one of a model");
	pack(key, XEIR_KIND_TAC, digits.text, XEIR_TAC_OCTETS);
	return 0;
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

	if (collect(text, len, &digits, error))
		return -1;
	if (digits.n < IMSI_DIGITS_MIN || digits.n > LINE_DIGITS_MAX)
		return refuse_length(error, &digits, "6 to 15 digits of an IMSI");
	pack_filled(key, XEIR_KIND_IMSI, &digits);
	return 0;
}

static int read_msisdn(const char *text, size_t len, struct xeir_key *key,
		       struct identifier_error *error)
{
	size_t plus = len && *text == '+';
	struct digits digits;

	if (collect(text + plus, len - plus, &digits, error)) {
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
		return identifier_tac(text, len, key, error);
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
