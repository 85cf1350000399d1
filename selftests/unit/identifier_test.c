/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers as people write them, against what the wire has. */
#include <string.h>
#include "lib/identifier.h"
#include "lib/decimal.h"
#include "lib/tap.h"

static bool same_key(const struct xeir_key *key, __u8 kind, const char *id)
{
	struct xeir_key expected = { .kind = kind };

	memcpy(expected.id, id, xeir_key_octets(kind));
	return !memcmp(key, &expected, sizeof(expected));
}

static void taken_as(__u8 kind, const char *text, const char *digits)
{
	struct identifier_error error = { 0 };
	char back[IDENTIFIER_TEXT] = "";
	struct xeir_key key;
	int err = identifier_read(kind, text, strlen(text), &key, &error);

	if (!err)
		identifier_text(&key, back);
	if (!tap_ok(!err && !strcmp(back, digits), "\"%s\" is %s", text, digits))
		printf("# found %s, expected %s; digits '%s'\n", error.found, error.expected, back);
}

static void refused_by(__u8 kind, const char *text, size_t at, const char *found,
		       const char *expected)
{
	struct identifier_error error = { 0 };
	struct xeir_key key;
	int err = identifier_read(kind, text, strlen(text), &key, &error);

	if (!tap_ok(err == -1 && error.at == at && !strcmp(error.found, found) &&
			    !strcmp(error.expected, expected),
		    "\"%s\" is refused at %zu: found %s", text, at, found))
		printf("# err %d, at %zu, found %s, expected %s\n", err, error.at, error.found,
		       error.expected);
}

static void test_packing(void)
{
	struct identifier_error error;
	struct xeir_key key;
	char text[IDENTIFIER_TEXT];

	identifier_imei("490154203237518", 15, &key, &error);
	tap_ok(same_key(&key, XEIR_KIND_IMEI, "\x94\x10\x45\x02\x23\x73\x15"),
	       "the first digit of an IMEI is in the low nibble");
	tap_ok(!identifier_read(XEIR_KIND_TAC, "35-349006", 9, &key, &error) &&
		       same_key(&key, XEIR_KIND_TAC, "\x53\x43\x09\x60"),
	       "a TAC has four octets, the rest is zero");
	identifier_text(&key, text);
	tap_ok(!strcmp(text, "35349006"), "a TAC reads back as its 8 digits");
	tap_ok(!identifier_imei("490154203237518,drop", 15, &key, &error),
	       "what stands behind the length given is not looked at");
}

static void test_filling(void)
{
	struct xeir_key imei, imsi, key;
	struct identifier_error error;
	char text[IDENTIFIER_TEXT];

	tap_ok(!identifier_read(XEIR_KIND_IMSI, "404010123456789", 15, &imsi, &error) &&
		       same_key(&imsi, XEIR_KIND_IMSI, "\x04\x04\x01\x21\x43\x65\x87\xf9"),
	       "an IMSI of 15 digits has one F behind it");
	tap_ok(!identifier_read(XEIR_KIND_MSISDN, "+91 981", 7, &key, &error) &&
		       same_key(&key, XEIR_KIND_MSISDN, "\x19\x89\xf1\xff\xff\xff\xff\xff"),
	       "a short MSISDN is filled up with F");
	identifier_text(&key, text);
	tap_ok(!strcmp(text, "91981"), "and reads back without it");
	identifier_imei("490154203237518", 15, &imei, &error);
	key = identifier_exception(&imei, &imsi);
	identifier_text(&key, text);
	tap_ok(!strcmp(text, "49015420323751 imsi 404010123456789"),
	       "an exception has both of its numbers");
}

#define NBSP "\xc2\xa0"
#define EN_DASH "\xe2\x80\x93"
#define LTR "\xe2\x80\xad"
#define PDF "\xe2\x80\xac"
#define JOINS "a separator that may join two numbers"

/* Separators where people put them, and blanks that a spreadsheet or a mail has put there. */
static void test_separators(void)
{
	taken_as(XEIR_KIND_IMEI, "353490 069873319", "35349006987331");
	taken_as(XEIR_KIND_IMEI, "35349006-987331-53", "35349006987331");
	taken_as(XEIR_KIND_IMEI, "490 154 203 237 518", "49015420323751");
	taken_as(XEIR_KIND_IMEI, "4901 5420 3237 518", "49015420323751");
	taken_as(XEIR_KIND_IMEI, "35" EN_DASH "349006" EN_DASH "987331" EN_DASH "9",
		 "35349006987331");
	taken_as(XEIR_KIND_IMEI, NBSP "353490" NBSP " 069873319" NBSP, "35349006987331");
	taken_as(XEIR_KIND_IMEI,
		 "353490\xa0"
		 "069873319\xa0",
		 "35349006987331");
	taken_as(XEIR_KIND_IMEI, LTR "353490069873319" PDF, "35349006987331");
	taken_as(XEIR_KIND_IMEI,
		 "3534900698\xe2\x80\x8b"
		 "73319",
		 "35349006987331");
	taken_as(XEIR_KIND_TAC, "35-3490-06", "35349006");
	taken_as(XEIR_KIND_IMSI, "404-01-0123456789", "404010123456789");
	taken_as(XEIR_KIND_IMSI, "404 010 123 456 789", "404010123456789");
	taken_as(XEIR_KIND_MSISDN, "+91 98123 45678", "919812345678");
	taken_as(XEIR_KIND_MSISDN, "+33 6 12 34 56 78", "33612345678");
	taken_as(XEIR_KIND_MSISDN, "+7 912 345-67-89", "79123456789");
}

static void test_two_numbers(void)
{
	static const char one[] = "one number, or the word tac and a range of TACs";

	refused_by(XEIR_KIND_IMEI, "35349006-35349010", 9,
		   "two numbers of 8 digits, or a range of them", one);
	refused_by(XEIR_KIND_IMEI, "35349006" EN_DASH "35349010", 11,
		   "two numbers of 8 digits, or a range of them", one);
	refused_by(XEIR_KIND_IMEI, "35349006/35349010", 9,
		   "two numbers of 8 digits, or a range of them", one);
	refused_by(XEIR_KIND_IMEI, "353490069873319 353490069873327", 16,
		   "two numbers of 15 digits, or a range of them", one);
	refused_by(XEIR_KIND_IMEI, "353490069873319-27", 16, JOINS,
		   "those behind digit 2, 6, 8 and 14, or none");
	refused_by(XEIR_KIND_IMEI, "35-349006-35-349010", 13, JOINS,
		   "those behind digit 2, 6, 8 and 14, or none");
	refused_by(XEIR_KIND_IMEI, "2026-11-28 101500", 5, JOINS,
		   "those behind digit 2, 6, 8 and 14, or none");
	refused_by(XEIR_KIND_IMEI, "35-34900600000000000000000000000000-1", 36, JOINS,
		   "those behind digit 2, 6, 8 and 14, or none");
	refused_by(XEIR_KIND_IMEI, "353490069873319-", 15, "\"-\"", "no separator there");
	refused_by(XEIR_KIND_IMEI, "35--349006-987331-9", 3, "\"-\"", "a digit");
	refused_by(XEIR_KIND_TAC, "2026-11-28", 0, "a date", "a number");
	refused_by(XEIR_KIND_TAC, "3534-9006", 5, "two numbers of 4 digits, or a range of them",
		   one);
	refused_by(XEIR_KIND_TAC, "35349006-35349010", 9,
		   "two numbers of 8 digits, or a range of them", one);
	refused_by(XEIR_KIND_IMSI, "40401-40499", 6, "two numbers of 5 digits, or a range of them",
		   one);
	refused_by(XEIR_KIND_IMSI, "40401-404990", 6, JOINS,
		   "those behind country and network, or none");
	refused_by(XEIR_KIND_IMSI, "404010123456789-9", 16, JOINS,
		   "those behind country and network, or none");
	refused_by(XEIR_KIND_MSISDN, "98123-98129", 6,
		   "two numbers of 5 digits, or a range of them", one);
	refused_by(XEIR_KIND_MSISDN, "2026-11-28", 0, "a date", "a number");
	refused_by(XEIR_KIND_MSISDN, "28/11/2026", 0, "a date", "a number");
	refused_by(XEIR_KIND_MSISDN, "919812345670-79", 13, JOINS, "one number");
	refused_by(XEIR_KIND_MSISDN, "9198123/71", 8, JOINS, "one number");
}

static void tacs_are(const char *text, const char *first, size_t n, const char *last)
{
	struct identifier_error error = { 0 };
	char back[2][IDENTIFIER_TEXT] = { "", "" };
	struct xeir_key key, end;
	size_t found = 0;
	int err = identifier_tacs(text, strlen(text), &key, &found, &error);

	if (!err) {
		end = identifier_tac_behind(&key, n - 1);
		identifier_text(&key, back[0]);
		identifier_text(&end, back[1]);
	}
	if (!tap_ok(!err && found == n && !strcmp(back[0], first) && !strcmp(back[1], last),
		    "\"%s\" is %zu TACs from %s to %s", text, n, first, last))
		printf("# found %s, expected %s; %zu from %s to %s\n", error.found, error.expected,
		       found, back[0], back[1]);
}

static void tacs_refused(const char *text, const char *found)
{
	struct identifier_error error = { 0 };
	struct xeir_key key;
	size_t n;

	if (!tap_ok(identifier_tacs(text, strlen(text), &key, &n, &error) &&
			    !strcmp(error.found, found),
		    "\"%s\" are no TACs: found %s", text, found))
		printf("# found %s, expected %s\n", error.found, error.expected);
}

static void test_ranges_of_tacs(void)
{
	tacs_are("35-349006", "35349006", 1, "35349006");
	tacs_are("35349006-35349010", "35349006", 5, "35349010");
	tacs_are("01017099 " EN_DASH " 01017100", "01017099", 2, "01017100");
	tacs_are("35349000-35349999", "35349000", 1000, "35349999");
	tacs_refused("35349000-35350000", "a range of 1001 TACs");
	tacs_refused("35349010-35349006", "a range that ends before it begins");
	tacs_refused("35349006/35349010", "two numbers of 8 digits, or a range of them");
	tacs_refused("35349006 35349010", "two numbers of 8 digits, or a range of them");
	tacs_refused("00000000-00000001", "a TAC that is all zero");
}

static void test_check_digit(void)
{
	tap_ok(identifier_check_digit("49015420323751") == '8',
	       "check digit 8 of TS 23.003's form");
	tap_ok(identifier_check_digit("35349006987331") == '9', "check digit 9");
	tap_ok(identifier_check_digit("00000000000000") == '0', "check digit 0");
}

static void bcd_is(const char *bcd, size_t octets, const char *text)
{
	char out[2 * 8 + 1];

	identifier_bcd((const unsigned char *)bcd, octets, out);
	if (!tap_ok(!strcmp(out, text), "%zu octets of BCD are %s", octets, text))
		printf("# '%s'\n", out);
}

static void directive_is(const char *text, int err, __u32 number)
{
	__u32 found = 0;
	int got = decimal_read_u32(text, strlen(text), &found);

	tap_ok(got == err && (err || found == number), "directive \"%s\" is %s", text,
	       err ? "refused" : "read");
}

int main(void)
{
	taken_as(XEIR_KIND_IMEI, "49015420323751", "49015420323751");
	taken_as(XEIR_KIND_IMEI, "490154203237518", "49015420323751");
	taken_as(XEIR_KIND_IMEI, "490154203237510", "49015420323751");
	taken_as(XEIR_KIND_IMEI, "4901542032375199", "49015420323751");
	taken_as(XEIR_KIND_IMEI, "49-015420-323751-8", "49015420323751");
	taken_as(XEIR_KIND_IMEI, "490154/20/323751/8", "49015420323751");
	taken_as(XEIR_KIND_IMEI, " 490154 20 323751 8 ", "49015420323751");
	taken_as(XEIR_KIND_IMEI, "353490069873319", "35349006987331");
	taken_as(XEIR_KIND_IMEI, "001017006041712", "00101700604171");
	refused_by(XEIR_KIND_IMEI, "490154203237517", 14, "check digit 7", "8");
	refused_by(XEIR_KIND_IMEI, "49-015420-323751-7", 17, "check digit 7", "8");
	refused_by(XEIR_KIND_IMEI, "4901542032376", 0, "13 digits",
		   "14, 15 or 16 digits of an IMEI");
	refused_by(XEIR_KIND_IMEI, "1017006041712", 0,
		   "13 digits, as a spreadsheet makes of 00 and 13",
		   "14, 15 or 16 digits of an IMEI");
	refused_by(XEIR_KIND_IMEI, "49015420323751812", 0, "17 digits",
		   "14, 15 or 16 digits of an IMEI");
	refused_by(XEIR_KIND_IMEI, "1", 0, "1 digit", "14, 15 or 16 digits of an IMEI");
	refused_by(XEIR_KIND_IMEI, "", 0, "no digits", "14, 15 or 16 digits of an IMEI");
	refused_by(XEIR_KIND_IMEI, " - ", 1, "\"-\"", "a digit");
	refused_by(XEIR_KIND_IMEI, "49015420323751x", 14, "\"x\"", "a digit");
	refused_by(XEIR_KIND_IMEI, "4.90154E+14", 0, "\"4.90154E+14\"",
		   "all the digits (format the column as text)");
	refused_by(XEIR_KIND_IMEI, "000000000000000", 0, "an IMEI that is all zero",
		   "one of a handset");
	refused_by(XEIR_KIND_TAC, "3534900", 0, "7 digits", "8 digits of a TAC");
	refused_by(XEIR_KIND_TAC, "353490061", 0, "9 digits", "8 digits of a TAC");
	test_separators();
	test_two_numbers();
	test_ranges_of_tacs();
	test_packing();
	test_filling();
	test_check_digit();
	bcd_is("\x42\x00\x01\x21\x43\x65\x87\xf9", 8, "240010123456789");
	bcd_is("\x94\x10\x45\x02\x23\x73\x15", 7, "49015420323751");
	bcd_is("\xaf\xf0", 2, "fa0");
	directive_is("0", 0, 0);
	directive_is("4294967295", 0, 4294967295u);
	directive_is("4294967296", -1, 0);
	directive_is("99999999999", -1, 0);
	directive_is("-1", -1, 0);
	directive_is("", -1, 0);
	directive_is("7a", -1, 0);
	return tap_done();
}
