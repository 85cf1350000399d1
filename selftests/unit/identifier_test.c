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

static void taken(const char *text, const char *digits)
{
	struct identifier_error error = { 0 };
	char back[IDENTIFIER_TEXT] = "";
	struct xeir_key key;
	int err = identifier_imei(text, strlen(text), &key, &error);

	if (!err)
		identifier_text(&key, back);
	if (!tap_ok(!err && !strcmp(back, digits), "\"%s\" is IMEI %s", text, digits))
		printf("# found %s, expected %s; digits '%s'\n", error.found, error.expected, back);
}

static void refused_by(int (*read)(const char *, size_t, struct xeir_key *,
				   struct identifier_error *),
		       const char *text, size_t at, const char *found, const char *expected)
{
	struct identifier_error error = { 0 };
	struct xeir_key key;
	int err = read(text, strlen(text), &key, &error);

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
	tap_ok(!identifier_tac("35-349006", 9, &key, &error) &&
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
	taken("49015420323751", "49015420323751");
	taken("490154203237518", "49015420323751");
	taken("490154203237510", "49015420323751");
	taken("4901542032375199", "49015420323751");
	taken("49-015420-323751-8", "49015420323751");
	taken("490154/20/323751/8", "49015420323751");
	taken(" 490154 20 323751 8 ", "49015420323751");
	taken("353490069873319", "35349006987331");
	taken("001017006041712", "00101700604171");
	refused_by(identifier_imei, "490154203237517", 14, "check digit 7", "8");
	refused_by(identifier_imei, "49-015420-323751-7", 17, "check digit 7", "8");
	refused_by(identifier_imei, "4901542032376", 0, "13 digits",
		   "14, 15 or 16 digits of an IMEI");
	refused_by(identifier_imei, "1017006041712", 0,
		   "13 digits, as a spreadsheet makes of 00 and 13",
		   "14, 15 or 16 digits of an IMEI");
	refused_by(identifier_imei, "49015420323751812", 0, "17 digits",
		   "14, 15 or 16 digits of an IMEI");
	refused_by(identifier_imei, "1", 0, "1 digit", "14, 15 or 16 digits of an IMEI");
	refused_by(identifier_imei, "", 0, "no digits", "14, 15 or 16 digits of an IMEI");
	refused_by(identifier_imei, " - ", 0, "no digits", "14, 15 or 16 digits of an IMEI");
	refused_by(identifier_imei, "49015420323751x", 14, "\"x\"", "a digit");
	refused_by(identifier_imei,
		   "4901\xc2\xa0"
		   "5420323751",
		   4, "\"\\xc2\"", "a digit");
	refused_by(identifier_imei, "4.90154E+14", 0, "\"4.90154E+14\"",
		   "all the digits (format the column as text)");
	refused_by(identifier_imei, "000000000000000", 0, "an IMEI that is all zero",
		   "one of a handset");
	refused_by(identifier_tac, "3534900", 0, "7 digits", "8 digits of a TAC");
	refused_by(identifier_tac, "353490061", 0, "9 digits", "8 digits of a TAC");
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
