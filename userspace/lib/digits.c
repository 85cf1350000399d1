// SPDX-License-Identifier: GPL-2.0-only
#include "lib/digits.h"

#include <stdio.h>
#include <string.h>
#include <xeir/maps.h>
#include "lib/quote.h"
#include "lib/utf8.h"

#define BEHIND(digits) (1u << (digits))
#define BEHIND_MAX 31

/* Who writes separators writes a whole IMSI; what is shorter may be a range. */
#define IMSI_SEPARATED_MIN 14

int digits_refuse(struct identifier_error *error, size_t at, const char *found,
		  const char *expected)
{
	error->at = at;
	snprintf(error->found, sizeof(error->found), "%s", found);
	snprintf(error->expected, sizeof(error->expected), "%s", expected);
	return -1;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* 3.5349E+14, or with a comma: a spreadsheet turned an IMEI into this, and digits are lost. */
static bool is_scientific(const char *text, size_t len)
{
	size_t i = 0;

	while (i < len && (is_digit(text[i]) || text[i] == '.' || text[i] == ','))
		i++;
	return i && i + 1 < len && (text[i] == 'E' || text[i] == 'e') &&
	       (text[i + 1] == '+' || is_digit(text[i + 1]));
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

static void add_digit(struct digits *digits, char digit, size_t at, bool first)
{
	if (digits->n < DIGITS_MAX) {
		digits->text[digits->n] = digit;
		digits->last = at;
	}
	digits->n++;
	if (first && digits->n_groups++ < DIGITS_GROUPS)
		digits->groups[digits->n_groups - 1].start = at;
	if (digits->n_groups <= DIGITS_GROUPS)
		digits->groups[digits->n_groups - 1].len++;
}

int digits_collect(const char *text, size_t len, struct digits *digits,
		   struct identifier_error *error)
{
	size_t start = utf8_blanks_before(text, len), n, mark = len;
	char found[QUOTE_TEXT];
	bool apart = true;
	uint32_t c;

	memset(digits, 0, sizeof(*digits));
	len -= utf8_blanks_behind(text, len);
	if (start >= len)
		return 0;
	if (is_scientific(text + start, len - start))
		return digits_refuse(error, start, quote(found, text + start, len - start),
				     "all the digits (format the column as text)");
	if (text[start] == '=')
		return digits_refuse(error, start, quote(found, text + start, len - start),
				     "the digits without the formula of a spreadsheet");
	if (text[start] == '\'')
		return digits_refuse(error, start, "an apostrophe", "the digits without it");
	for (size_t i = start; i < len; i += n) {
		n = utf8_read(text + i, len - i, &c);
		if (is_digit(text[i])) {
			add_digit(digits, text[i], i, apart);
			apart = false;
			mark = len;
		} else if (utf8_is_dash(c) || c == '/') {
			/* none begins or ends a number, and none follows upon another */
			if (mark < len || !digits->n)
				return digits_refuse(error, i, quote(found, text + i, n),
						     "a digit");
			digits->dash = utf8_is_dash(c);
			apart = true;
			mark = i;
		} else if (utf8_is_blank(c)) {
			digits->dash = mark < len && digits->dash;
			apart = true;
		} else if (digits->n && is_fraction(text + i, len - i)) {
			return digits_refuse(error, i, quote(found, text + i, len - i),
					     "the digits alone (format the column as text)");
		} else if (!utf8_is_invisible(c)) {
			return digits_refuse(error, i, quote(found, text + i, n), "a digit");
		}
	}
	if (mark < len)
		return digits_refuse(error, mark, quote(found, text + mark, 1),
				     "no separator there");
	return 0;
}

/* All of @size, but for the last, which may be shorter. */
static bool are_even(const struct digits *digits, size_t size)
{
	for (size_t i = 0; i + 1 < digits->n_groups; i++)
		if (digits->groups[i].len != size)
			return false;
	return digits->groups[digits->n_groups - 1].len <= size;
}

/* At least three groups of three to five digits. */
static bool are_regular(const struct digits *digits)
{
	size_t size = digits->groups[0].len;

	return digits->n_groups > 2 && size >= 3 && size <= 5 && are_even(digits, size);
}

/* Does each group end behind one of these digits? *at is where the first that does not begins. */
static bool end_behind(const struct digits *digits, unsigned int places, size_t *at)
{
	size_t n = 0;

	for (size_t i = 0; i + 1 < digits->n_groups; i++) {
		n += digits->groups[i].len;
		*at = digits->groups[i + 1].start;
		if (n > BEHIND_MAX || !(places & BEHIND(n)))
			return false;
	}
	return true;
}

/* 2026-11-28, 28/11/2026. */
static bool are_date(const struct digits *digits)
{
	size_t first = digits->groups[0].len, last = digits->groups[2].len;

	return digits->n_groups == 3 && digits->groups[1].len <= 2 &&
	       ((first == 4 && last <= 2) || (first <= 2 && last == 4));
}

/*
 * Country, network and subscriber have many forms; all groups are short, and the last is no
 * rest of a range (919812345670-79) or of two numbers (919812345670/71).
 */
static bool are_number(const struct digits *digits, size_t *at)
{
	size_t n = digits->n_groups, last = digits->groups[n - 1].len;

	for (size_t i = 0; i + 1 < n; i++) {
		*at = digits->groups[i + 1].start;
		if (digits->groups[i].len > 6)
			return false;
	}
	return last > 2 || (last == 2 && digits->groups[n - 2].len <= 3);
}

/* Behind which digits a separator may stand in identifiers of each kind. */
static const struct {
	unsigned int places;
	const char *expected;
} forms[XEIR_KIND_MAX + 1] = {
	[XEIR_KIND_IMEI] = { BEHIND(2) | BEHIND(6) | BEHIND(8) | BEHIND(14),
			     "those behind digit 2, 6, 8 and 14, or none" },
	[XEIR_KIND_TAC] = { BEHIND(2) | BEHIND(6), "those behind digit 2 and 6, or none" },
	[XEIR_KIND_IMSI] = { BEHIND(3) | BEHIND(5) | BEHIND(6),
			     "those behind country and network, or none" },
};

static bool has_form(__u8 kind, const struct digits *digits, size_t *at)
{
	if (kind == XEIR_KIND_MSISDN)
		return are_number(digits, at);
	if (kind == XEIR_KIND_IMSI && digits->n < IMSI_SEPARATED_MIN)
		return false;
	if (kind != XEIR_KIND_TAC && are_regular(digits))
		return true;
	return end_behind(digits, forms[kind].places, at);
}

int digits_check_groups(__u8 kind, const struct digits *digits, struct identifier_error *error)
{
	size_t at = digits->groups[1].start;
	char found[sizeof(error->found)];

	if (digits->n_groups < 2)
		return 0;
	if (digits->n_groups == 2 && digits->groups[0].len == digits->groups[1].len) {
		snprintf(found, sizeof(found), "two numbers of %zu digits, or a range of them",
			 digits->groups[0].len);
		return digits_refuse(error, at, found,
				     "one number, or the word tac and a range of TACs");
	}
	if (digits->n_groups > DIGITS_GROUPS)
		return digits_refuse(error, at, "over 9 groups of digits", "one number");
	if (are_date(digits))
		return digits_refuse(error, 0, "a date", "a number");
	if (has_form(kind, digits, &at))
		return 0;
	return digits_refuse(error, at, "a separator that may join two numbers",
			     forms[kind].expected ?: "one number");
}
