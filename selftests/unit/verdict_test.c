// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules, message by message: natively and by the XDP program, which must
 * agree with each other and with what is expected.
 */
#include <string.h>

#include "lib/judge.h"
#include "lib/message.h"
#include "lib/tap.h"

#define WATCHED "\x94\x10\x20\x23\x73\x15\x32\xf0" /* 49010232375123, listed: watch */
#define OF_TAC "\x68\x05\x07\x04\x11\x11\x11\xf1" /* TAC 86507040, listed: drop */
#define ENDED "\x35\x94\x04\x20\x22\x95\x53\xf1" /* listed until 1970 */
#define ENDS "\x53\x27\x02\x90\x55\x55\x55\xf7" /* listed until 2106 */

/* LISTED with IMSI 404011111111111 */
#define EXCEPTION "\x53\x43\x09\x60\x89\x37\x13\x04\x04\x01\x11\x11\x11\x11\xf1"

static void expect(const char *what, __u8 action, __u8 rule, const char *bpf_missing)
{
	struct xeir_gtpc m;
	struct judged here = judge_native(msg, msg_len, &m), there;

	tap_ok(here.action == action && here.rule == rule, "%s: action %d, rule %d (wanted %d, %d)",
	       what, here.action, here.rule, action, rule);
	if (bpf_missing) {
		tap_skip(what, bpf_missing);
		return;
	}
	there = judge_bpf(msg, msg_len);
	tap_ok(there.action == action && there.rule == rule, "%s, by XDP: action %d, rule %d", what,
	       there.action, there.rule);
}

static void imei_everywhere(const char *no_bpf)
{
	msg_start(V2);
	msg_add_v2(75, 0, LISTED, 8);
	msg_set_length();
	expect("GTPv2: MEI alone", XEIR_ACTION_DROP, XEIR_RULE_IMEI, no_bpf);

	msg_start(V2);
	for (int i = 0; i < 100; i++)
		msg_add_v2(114, i & 15, "\0\0", 2);
	msg_add_v2(75, 0xf0, LISTED, 8);
	msg_set_length();
	expect("GTPv2: MEI behind 100 IEs, spare bits set", XEIR_ACTION_DROP, XEIR_RULE_IMEI,
	       no_bpf);

	msg_start(V2);
	msg_add_v2(75, 1, LISTED, 8);
	msg_set_length();
	expect("GTPv2: MEI of another instance is not the message's", XEIR_ACTION_PASS,
	       XEIR_RULE_NO_IMEI, no_bpf);

	msg_start(V2);
	msg_add_v2(93, 0, "\x4b\x00\x08\x00" LISTED, 12);
	msg_set_length();
	expect("GTPv2: MEI inside a grouped IE is not the message's", XEIR_ACTION_PASS,
	       XEIR_RULE_NO_IMEI, no_bpf);

	msg_start(V1);
	msg_add_v1(154, LISTED, 8);
	msg_add_v1(14, "\x01", 1);
	msg_set_length();
	expect("GTPv1: IMEI(SV) first", XEIR_ACTION_DROP, XEIR_RULE_IMEI, no_bpf);

	msg_start(V1);
	msg_add("\x8d\x00", 2);
	msg_add_v1(255, "\x00\x01\x02", 3);
	msg_add_v1(154, LISTED, 8);
	msg_set_length();
	expect("GTPv1: IMEI(SV) behind IE 141 and a private extension", XEIR_ACTION_DROP,
	       XEIR_RULE_IMEI, no_bpf);

	msg_start(V1_EXTENDED);
	msg_add_v1(154, LISTED, 8);
	msg_set_length();
	expect("GTPv1: behind two extension headers", XEIR_ACTION_DROP, XEIR_RULE_IMEI, no_bpf);
}

static void imei_forms(const char *no_bpf)
{
	static const struct {
		const char *what;
		const char *value;
		unsigned char octets;
		__u8 action;
		__u8 rule;
	} forms[] = {
		{ "IMEISV", LISTED, 8, XEIR_ACTION_DROP, XEIR_RULE_IMEI },
		{ "15 digits and filler", "\x53\x43\x09\x60\x89\x37\x13\xf9", 8, XEIR_ACTION_DROP,
		  XEIR_RULE_IMEI },
		{ "14 digits", LISTED, 7, XEIR_ACTION_DROP, XEIR_RULE_IMEI },
		{ "9 octets", LISTED "\x11", 9, XEIR_ACTION_DROP, XEIR_RULE_IMEI },
		{ "watched", WATCHED, 8, XEIR_ACTION_WATCH, XEIR_RULE_IMEI },
		{ "of a listed TAC", OF_TAC, 8, XEIR_ACTION_DROP, XEIR_RULE_TAC },
		{ "listed until a day gone by", ENDED, 8, XEIR_ACTION_PASS, XEIR_RULE_NOT_LISTED },
		{ "listed until a day to come", ENDS, 8, XEIR_ACTION_DROP, XEIR_RULE_IMEI },
		{ "not listed", CLEAN, 8, XEIR_ACTION_PASS, XEIR_RULE_NOT_LISTED },
		{ "6 octets", LISTED, 6, XEIR_ACTION_PASS, XEIR_RULE_SHORT_IMEI },
		{ "empty", LISTED, 0, XEIR_ACTION_PASS, XEIR_RULE_SHORT_IMEI },
		{ "all zero", "\0\0\0\0\0\0\0", 8, XEIR_ACTION_PASS, XEIR_RULE_NULL_IMEI },
		{ "all F", "\xff\xff\xff\xff\xff\xff\xff\xff", 8, XEIR_ACTION_PASS,
		  XEIR_RULE_NULL_IMEI },
		{ "a hex digit", "\x53\x43\x09\xa0\x89\x37\x13\x35", 8, XEIR_ACTION_PASS,
		  XEIR_RULE_HEX_IMEI },
	};

	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		msg_start(V2);
		msg_add_v2(75, 0, forms[i].value, forms[i].octets);
		msg_set_length();
		expect(forms[i].what, forms[i].action, forms[i].rule, no_bpf);
	}
}

static void several(const char *no_bpf)
{
	msg_start(V2);
	msg_add_v2(75, 0, CLEAN, 8);
	msg_add_v2(75, 0, WATCHED, 8);
	msg_add_v2(75, 0, LISTED, 8);
	msg_set_length();
	expect("clean, watched, listed: the strictest counts", XEIR_ACTION_DROP, XEIR_RULE_IMEI,
	       no_bpf);

	msg_start(V2);
	msg_add_v2(75, 0, WATCHED, 8);
	msg_add_v2(75, 0, CLEAN, 8);
	msg_set_length();
	expect("watched, then clean", XEIR_ACTION_WATCH, XEIR_RULE_IMEI, no_bpf);

	msg_start(V2);
	for (int i = 0; i < XEIR_IMEIS; i++)
		msg_add_v2(75, 0, CLEAN, 8);
	msg_set_length();
	expect("as many IMEIs as are looked at", XEIR_ACTION_PASS, XEIR_RULE_NOT_LISTED, no_bpf);
	msg_add_v2(75, 0, CLEAN, 8);
	msg_set_length();
	expect("one more", XEIR_ACTION_DROP, XEIR_RULE_TOO_MANY, no_bpf);
}

static void broken(const char *no_bpf)
{
	msg_start(V2);
	msg_add_v2(75, 0, CLEAN, 8);
	msg_set_length();
	msg[26] += 1;
	expect("an IE one octet too long", XEIR_ACTION_PASS, XEIR_RULE_MALFORMED, no_bpf);

	msg_start(V2);
	msg_add_v2(75, 0, LISTED, 8);
	msg_set_length();
	msg[26] = 200;
	expect("the same with a listed IMEI in it", XEIR_ACTION_DROP, XEIR_RULE_IMEI, no_bpf);

	msg_start(V2);
	msg_add_v2(75, 0, LISTED, 8);
	msg_set_length();
	msg_add("\x01\x02", 2);
	expect("a listed IMEI, then octets past the end", XEIR_ACTION_DROP, XEIR_RULE_IMEI, no_bpf);

	msg_start(V2);
	msg_add_v2(75, 0, CLEAN, 8);
	msg_set_length();
	msg_add("\x01\x02", 2);
	expect("a clean one, then octets past the end", XEIR_ACTION_PASS, XEIR_RULE_MALFORMED,
	       no_bpf);

	msg_start(V1);
	msg_add_v1(154, LISTED, 8);
	msg_add("\x1e", 1);
	msg_set_length();
	expect("a listed IMEI, then a TV of unknown length", XEIR_ACTION_DROP, XEIR_RULE_IMEI,
	       no_bpf);

	msg_start(V2);
	msg_set_length();
	expect("an IMSI alone", XEIR_ACTION_PASS, XEIR_RULE_NO_IMEI, no_bpf);

	msg_start(V2);
	msg_set_length();
	msg[3] = 0xff;
	msg[2] = 0xff;
	expect("a length of 65535", XEIR_ACTION_PASS, XEIR_RULE_MALFORMED, no_bpf);

	msg_start(V1_EXTENDED);
	msg_set_length();
	msg[12] = 0;
	expect("an extension header of no length", XEIR_ACTION_PASS, XEIR_RULE_MALFORMED, no_bpf);
}

static void untouched(const char *no_bpf)
{
	static const unsigned char types[] = { 1, 2, 3, 33, 36, 35, 71, 139, 29, 243 };

	for (size_t i = 0; i < sizeof(types); i++) {
		char what[64];

		msg_start(V2);
		msg[1] = types[i];
		msg_add_v2(75, 0, LISTED, 8);
		msg_set_length();
		snprintf(what, sizeof(what), "GTPv2 message %d with a listed IMEI", types[i]);
		expect(what, XEIR_ACTION_PASS, XEIR_RULE_OTHER_GTP_C, no_bpf);
	}
	msg_start(V2);
	msg[0] = 0x68;
	msg_add_v2(75, 0, LISTED, 8);
	msg_set_length();
	expect("version 3", XEIR_ACTION_PASS, XEIR_RULE_OTHER_GTP_C, no_bpf);
	msg_len = 1;
	expect("one octet", XEIR_ACTION_PASS, XEIR_RULE_OTHER_GTP_C, no_bpf);
}

/* GTPv2 messages that move a session, or a subscriber with sessions. */
static void moves(const char *no_bpf)
{
	static const unsigned char own[] = { 34, 38, 166, 25, 31 };
	static const unsigned char with_context[] = { 133, 131, 129 };
	/* type 107: DRX, NH, SAMBR, and the MEI of LISTED behind them */
	static const char context[] =
		"9900920000050000"
		"06abababababababababababababababababababababababababababababababab"
		"0a00cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"
		"cc02000186a000030d4004f0f0c0c003e5e034085343096089371335";
	unsigned char value[256];
	size_t n = msg_from_hex(context, value);
	char what[64];

	for (size_t i = 0; i < sizeof(own); i++) {
		msg_start(V2);
		msg[1] = own[i];
		msg_add_v2(75, 0, LISTED, 8);
		msg_set_length();
		snprintf(what, sizeof(what), "GTPv2 message %d", own[i]);
		expect(what, XEIR_ACTION_DROP, XEIR_RULE_IMEI, no_bpf);
	}
	for (size_t i = 0; i < sizeof(with_context); i++) {
		msg_start(V2);
		msg[1] = with_context[i];
		msg_add_v2(107, 0, value, n);
		msg_set_length();
		snprintf(what, sizeof(what), "GTPv2 message %d, MM Context", with_context[i]);
		expect(what, XEIR_ACTION_DROP, XEIR_RULE_IMEI, no_bpf);
	}
	msg_start(V2);
	msg[1] = 133;
	msg_add_v2(107, 0, value, n - 9);
	msg_set_length();
	expect("an MM Context that ends before its MEI", XEIR_ACTION_PASS, XEIR_RULE_MALFORMED,
	       no_bpf);
}

/* The same of GTPv1, and GTPv0. */
static void moves_v1(const char *no_bpf)
{
	static const unsigned char own[] = { 18, 100, 128 };
	static const unsigned char with_context[] = { 51, 53 };
	/* GSM key, no vectors, container with the Mobile Identity of LISTED */
	static const unsigned char head[] = { 0x01, 0xc0, 1, 1, 1, 1, 1, 1, 1, 1,
					      0,    0,	  0, 0, 2, 5, 6, 0, 11 };
	unsigned char value[64];
	size_t n = sizeof(head);
	char what[64];

	memcpy(value, head, n);
	n += msg_from_hex("230933359400967833"
			  "51f3",
			  value + n);
	for (size_t i = 0; i < sizeof(own); i++) {
		msg_start(V1);
		msg[1] = own[i];
		msg_add_v1(154, LISTED, 8);
		msg_set_length();
		snprintf(what, sizeof(what), "GTPv1 message %d", own[i]);
		expect(what, XEIR_ACTION_DROP, XEIR_RULE_IMEI, no_bpf);
	}
	for (size_t i = 0; i < sizeof(with_context); i++) {
		msg_start(V1);
		msg[1] = with_context[i];
		msg_add_v1(129, value, n);
		msg_set_length();
		snprintf(what, sizeof(what), "GTPv1 message %d, MM Context", with_context[i]);
		expect(what, XEIR_ACTION_DROP, XEIR_RULE_IMEI, no_bpf);
	}
	msg_start(V0);
	msg_add_v1(6, "\1\1\1", 3); /* of three octets in GTPv0 alone */
	msg_add_v1(154, LISTED, 8);
	msg_set_length();
	expect("GTPv0 Create PDP Context Request", XEIR_ACTION_DROP, XEIR_RULE_IMEI, no_bpf);
}

/* IEs whose length receivers do not agree about, and second messages. */
static void tricks(const char *no_bpf)
{
	msg_start(V1);
	msg_add("\x16\0\0\0\0\0\0\0", 8);
	msg_add_v1(154, LISTED, 8);
	msg_set_length();
	expect("behind a RAB Context of 7 octets", XEIR_ACTION_DROP, XEIR_RULE_IMEI, no_bpf);

	msg_start(V1);
	msg_add("\x16\0\0\0\0\0\0\0\x1a\1\x8d", 11);
	msg_add_v1(154, LISTED, 8);
	msg_add_v1(255, msg, 0x9a - 10 - 3);
	msg_set_length();
	expect("in a walk that ends where it must, but on other IEs", XEIR_ACTION_DROP,
	       XEIR_RULE_IMEI, no_bpf);

	msg_start(V1);
	msg_add("\x8d\0\1\1", 4);
	msg_add_v1(154, LISTED, 8);
	msg_set_length();
	expect("behind an IE 141 of two lengths", XEIR_ACTION_DROP, XEIR_RULE_IMEI, no_bpf);

	msg_start(V1);
	msg_add("\x16\0\0\0\0\0\0\0\0\0", 10);
	msg_add_v1(154, CLEAN, 8);
	msg_set_length();
	expect("a RAB Context of 9 octets and a clean IMEI", XEIR_ACTION_PASS, XEIR_RULE_NOT_LISTED,
	       no_bpf);
}

static void second_message(unsigned char first, const char *imei, __u8 action, __u8 rule,
			   const char *what, const char *no_bpf)
{
	size_t at;

	msg_start(V2);
	msg[0] |= 0x10;
	msg[1] = first;
	msg_add_v2(75, 0, CLEAN, 8);
	msg_set_length();
	at = msg_len;
	memcpy(msg + at, msg, 24);
	msg[at] &= ~0x10;
	msg[at + 1] = 32;
	msg_len += 24;
	msg_add_v2(75, 0, imei, 8);
	expect(what, action, rule, no_bpf);
}

static void piggyback(const char *no_bpf)
{
	second_message(96, LISTED, XEIR_ACTION_DROP, XEIR_RULE_IMEI,
		       "a listed one behind a response", no_bpf);
	second_message(96, CLEAN, XEIR_ACTION_PASS, XEIR_RULE_NOT_LISTED, "a clean one behind it",
		       no_bpf);
	second_message(1, LISTED, XEIR_ACTION_DROP, XEIR_RULE_IMEI,
		       "behind an Echo Request, where none may be", no_bpf);
	second_message(32, LISTED, XEIR_ACTION_DROP, XEIR_RULE_IMEI, "behind a clean request",
		       no_bpf);
	second_message(32, CLEAN, XEIR_ACTION_PASS, XEIR_RULE_NOT_LISTED, "both clean", no_bpf);
}

/* A set-up request of a listed handset with @apn. */
static void with_apn(const char *apn, size_t n, __u8 action, __u8 rule, const char *what,
		     const char *no_bpf)
{
	msg_start(V2);
	msg_add_v2(71, 0, apn, n);
	msg_add_v2(75, 0, LISTED, 8);
	msg_set_length();
	expect(what, action, rule, no_bpf);
}

static void emergencies(const char *no_bpf)
{
	with_apn("\3sos", 4, XEIR_ACTION_PASS, XEIR_RULE_EMERGENCY, "APN sos", no_bpf);
	with_apn("\3SOS\6mnc001\6mcc001\4gprs", 23, XEIR_ACTION_PASS, XEIR_RULE_EMERGENCY,
		 "APN SOS.mnc001.mcc001.gprs", no_bpf);
	with_apn("\3sos\3com", 8, XEIR_ACTION_DROP, XEIR_RULE_IMEI, "APN sos.com", no_bpf);
	with_apn("\4sosx", 5, XEIR_ACTION_DROP, XEIR_RULE_IMEI, "APN sosx", no_bpf);
	with_apn("\3so", 3, XEIR_ACTION_DROP, XEIR_RULE_IMEI, "an APN that is cut", no_bpf);

	msg_start(V2);
	msg_add_v2(77, 0, "\0\x40\0", 3);
	msg_add_v2(75, 0, LISTED, 8);
	msg_set_length();
	expect("IMSI not authenticated", XEIR_ACTION_PASS, XEIR_RULE_EMERGENCY, no_bpf);

	msg_start(V2);
	msg_add_v2(77, 0, "\0", 1);
	msg_add_v2(75, 0, LISTED, 8);
	msg_set_length();
	expect("an Indication that ends before that flag", XEIR_ACTION_DROP, XEIR_RULE_IMEI,
	       no_bpf);

	msg_start(V1);
	msg_add_v1(193, "", 0);
	msg_add_v1(131, "\1x", 2);
	msg_add_v1(154, LISTED, 8);
	msg_set_length();
	expect("empty flags in GTPv1", XEIR_ACTION_DROP, XEIR_RULE_IMEI, no_bpf);

	msg_start(V2);
	msg_len = 12;
	msg_add_v2(75, 0, LISTED, 8);
	msg_set_length();
	expect("no IMSI in a set-up", XEIR_ACTION_PASS, XEIR_RULE_EMERGENCY, no_bpf);
	msg[1] = 34;
	expect("nor in a Modify Bearer Request, which never has one", XEIR_ACTION_DROP,
	       XEIR_RULE_IMEI, no_bpf);

	msg_start(V1);
	msg_len = 12;
	msg[7] = 9;
	msg_add_v1(154, LISTED, 8);
	msg_set_length();
	expect("nor in a secondary context", XEIR_ACTION_DROP, XEIR_RULE_IMEI, no_bpf);
}

/* Entries that name a subscriber; the IMSI and the MSISDN of each are listed. */
static void numbers(const char *no_bpf)
{
	static const unsigned char of_imsi[] = { 0x04, 0x04, 0x01, 0x99, 0x99, 0x99, 0x99, 0xf9 };
	static const unsigned char msisdn[] = { 0x19, 0x89, 0x21, 0x43, 0x65, 0x87 };

	msg_start(V2);
	memcpy(msg + 16, of_imsi, 8);
	msg_add_v2(75, 0, CLEAN, 8);
	msg_set_length();
	expect("a listed IMSI", XEIR_ACTION_DROP, XEIR_RULE_IMSI, no_bpf);
	msg[23] = 0x09;
	expect("a listed IMSI, another filler", XEIR_ACTION_DROP, XEIR_RULE_IMSI, no_bpf);

	msg_start(V2);
	msg_add_v2(76, 0, msisdn, 6);
	msg_set_length();
	expect("a listed MSISDN, and no IMEI", XEIR_ACTION_DROP, XEIR_RULE_MSISDN, no_bpf);
	msg_add_v2(75, 0, CLEAN, 8);
	msg_set_length();
	expect("and with one just behind it", XEIR_ACTION_DROP, XEIR_RULE_MSISDN, no_bpf);

	msg_start(V1);
	msg_add_v1(134, "\x91\x19\x89\x21\x43\x65\x87", 7);
	msg_set_length();
	expect("the same in GTPv1", XEIR_ACTION_DROP, XEIR_RULE_MSISDN, no_bpf);

	msg_start(V1);
	msg_add_v1(134, "\x91\x19\x89\x21\x43\x65", 6);
	msg_add_v1(14, "\x01", 1);
	msg_set_length();
	expect("a short one near the end", XEIR_ACTION_DROP, XEIR_RULE_MSISDN, no_bpf);

	msg_start(V2);
	memcpy(msg + 16, "\x04\x04\x01\x11\x11\x11\x11\xf1", 8);
	msg_add_v2(75, 0, LISTED, 8);
	msg_set_length();
	expect("a listed IMEI with the IMSI of its exception", XEIR_ACTION_PASS,
	       XEIR_RULE_EXCEPTION, no_bpf);
}

static void knobs(const char *no_bpf)
{
	struct xeir_config config = XEIR_CONFIG_DEFAULT;

	config.knobs[XEIR_KNOB_NO_IMEI] = XEIR_ACTION_DROP;
	config.knobs[XEIR_KNOB_MALFORMED] = XEIR_ACTION_WATCH;
	judge_configure(&config);
	msg_start(V2);
	msg_set_length();
	expect("no-imei drop: a set-up without", XEIR_ACTION_DROP, XEIR_RULE_NO_IMEI, no_bpf);
	msg[1] = 34;
	expect("no-imei drop: a message that needs none", XEIR_ACTION_PASS, XEIR_RULE_NOT_LISTED,
	       no_bpf);
	msg_start(V2);
	msg_add_v2(75, 0, "\0\0\0\0\0\0\0", 8);
	msg_set_length();
	expect("no-imei drop: all zero", XEIR_ACTION_DROP, XEIR_RULE_NULL_IMEI, no_bpf);
	msg_add_v2(75, 0, CLEAN, 8);
	msg_set_length();
	expect("no-imei drop: a clean one behind it", XEIR_ACTION_DROP, XEIR_RULE_NULL_IMEI,
	       no_bpf);
	msg_start(V2);
	msg_add_v2(75, 0, CLEAN, 8);
	msg_add_v2(75, 0, LISTED, 6);
	msg_set_length();
	expect("no-imei drop: a short one behind a clean one", XEIR_ACTION_DROP,
	       XEIR_RULE_SHORT_IMEI, no_bpf);
	msg_add("\1", 1);
	expect("malformed watch", XEIR_ACTION_WATCH, XEIR_RULE_MALFORMED, no_bpf);

	config.enforce = XEIR_ENFORCE_PERMISSIVE;
	judge_configure(&config);
	msg_start(V2);
	msg_add_v2(75, 0, LISTED, 8);
	msg_set_length();
	expect("enforce watch", XEIR_ACTION_WATCH, XEIR_RULE_IMEI, no_bpf);
	config.enforce = XEIR_ENFORCE_OFF;
	judge_configure(&config);
	expect("enforce off", XEIR_ACTION_PASS, XEIR_RULE_IMEI, no_bpf);
	config = (struct xeir_config)XEIR_CONFIG_DEFAULT;
	judge_configure(&config);
}

/* What the XDP program makes of frames that hold a listed IMEI, but not as GTP-C. */
static void frames(const char *no_bpf)
{
	unsigned char frame[512];
	struct judged v;
	size_t n;

	if (no_bpf) {
		tap_skip("other frames", no_bpf);
		return;
	}
	msg_start(V2);
	msg_add_v2(75, 0, LISTED, 8);
	msg_set_length();
	n = judge_wrap(msg, msg_len, frame);
	frame[37] ^= 1;
	v = judge_frame(frame, n);
	tap_ok(!v.action && v.rule == XEIR_RULE_NOT_GTP_C, "another UDP port is not looked into");

	n = judge_wrap(msg, msg_len, frame);
	frame[23] = 6;
	v = judge_frame(frame, n);
	tap_ok(!v.action && v.rule == XEIR_RULE_NOT_GTP_C, "nor is TCP");

	n = judge_wrap(msg, msg_len, frame);
	frame[21] = 8;
	v = judge_frame(frame, n);
	tap_ok(!v.action && v.rule == XEIR_RULE_FRAGMENT, "a later fragment is counted as one");

	n = judge_wrap(msg, msg_len, frame);
	v = judge_frame(frame, n - 12);
	tap_ok(!v.action && v.rule == XEIR_RULE_MALFORMED, "a cut frame is malformed");

	n = judge_wrap(msg, msg_len, frame);
	frame[38] = 0;
	frame[39] = 3;
	v = judge_frame(frame, n);
	tap_ok(!v.action, "a UDP length below its header does no harm");
}

static size_t insert(unsigned char *frame, size_t len, size_t at, const char *octets, size_t n)
{
	memmove(frame + at + n, frame + at, len - at);
	memcpy(frame + at, octets, n);
	return len + n;
}

static void expect_disguised(const unsigned char *frame, size_t len, __u8 action, __u8 rule,
			     const char *what)
{
	for (int program = JUDGE_INGRESS; program <= JUDGE_EGRESS; program++) {
		const struct judged v = judge_by(program, frame, len);

		tap_ok(v.action == action && v.rule == rule, "%s, is looked at %s (%d, %d)", what,
		       program == JUDGE_EGRESS ? "going out" : "coming in", v.action, v.rule);
	}
}

/* Frames with a listed IMEI that have 2152 where plain user traffic has its port. */
static void disguises(const char *no_bpf)
{
	unsigned char frame[512];
	size_t n;

	if (no_bpf) {
		tap_skip("what looks like user traffic", no_bpf);
		return;
	}
	msg_start(V2);
	msg_add_v2(75, 0, LISTED, 8);
	msg_set_length();

	n = judge_wrap(msg, msg_len, frame);
	/* behind the end of the options anything may stand */
	n = insert(frame, n, 34, "\1\0\x08\x68", 4);
	frame[14] = 0x46;
	frame[17] += 4;
	expect_disguised(frame, n, XEIR_ACTION_DROP, XEIR_RULE_IMEI,
			 "GTP-C whose IPv4 options look like a port of GTP-U");

	n = judge_wrap(msg, msg_len, frame);
	memcpy(frame + 16, "\x40\0\0\x11", 4); /* length and identification */
	memcpy(frame + 32, "\x08\x68", 2);
	n = insert(frame, n, 12, "\x81\0\x45\x01", 4);
	expect_disguised(frame, n, XEIR_ACTION_DROP, XEIR_RULE_IMEI,
			 "GTP-C whose VLAN tag looks like IPv4, its address like a port of GTP-U");

	n = judge_wrap(msg, msg_len, frame);
	frame[21] = 8;
	memcpy(frame + 36, "\x08\x68", 2);
	expect_disguised(frame, n, XEIR_ACTION_PASS, XEIR_RULE_FRAGMENT,
			 "a later fragment that looks like GTP-U");

	frame[21] = 0;
	frame[23] = 6;
	expect_disguised(frame, n, XEIR_ACTION_PASS, XEIR_RULE_NOT_GTP_C,
			 "TCP to the port of GTP-U");
}

/* More drops than the ring buffer has room for, and nobody reads it. */
static void lost_events(const char *no_bpf)
{
	const int times = 2 * XEIR_EVENTS_BYTES / sizeof(struct xeir_event);
	unsigned char frame[512];
	struct xeir_counter n;

	if (no_bpf) {
		tap_skip("lost events", no_bpf);
		return;
	}
	msg_start(V2);
	msg_add_v2(75, 0, LISTED, 8);
	msg_set_length();
	n = judge_repeat(frame, judge_wrap(msg, msg_len, frame), times, XEIR_RULE_IMEI);
	tap_ok(n.packets[XEIR_ACTION_DROP] == (__u64)times,
	       "every message is dropped where the event buffer is full");
	tap_ok(n.lost >= (__u64)times / 2 && n.lost < (__u64)times,
	       "the events that were lost are counted: %llu of %d", n.lost, times);
}

static struct judge_entry entry(__u8 kind, const char *octets, size_t n, __u8 action)
{
	struct judge_entry e = { .key.kind = kind, .side.action = action };

	memcpy(e.key.id, octets, n);
	return e;
}

int main(void)
{
	struct judge_entry list[] = {
		entry(XEIR_KIND_IMEI, LISTED, XEIR_IMEI_OCTETS, XEIR_ACTION_DROP),
		entry(XEIR_KIND_IMEI, WATCHED, XEIR_IMEI_OCTETS, XEIR_ACTION_WATCH),
		entry(XEIR_KIND_IMEI, ENDED, XEIR_IMEI_OCTETS, XEIR_ACTION_DROP),
		entry(XEIR_KIND_IMEI, ENDS, XEIR_IMEI_OCTETS, XEIR_ACTION_DROP),
		entry(XEIR_KIND_TAC, OF_TAC, XEIR_TAC_OCTETS, XEIR_ACTION_DROP),
		entry(XEIR_KIND_IMSI, "\x04\x04\x01\x99\x99\x99\x99\xf9", 8, XEIR_ACTION_DROP),
		entry(XEIR_KIND_MSISDN, "\x19\x89\x21\x43\x65\x87\xff\xff", 8, XEIR_ACTION_DROP),
		entry(XEIR_KIND_MSISDN, "\x19\x89\x21\x43\x65\xff\xff\xff", 8, XEIR_ACTION_DROP),
		entry(XEIR_KIND_EXCEPTION, EXCEPTION, 15, XEIR_ACTION_WATCH),
	};
	const char *no_bpf = NULL;

	if (!judge_open(JUDGE_EGRESS, &no_bpf)) {
		tap_ok(no_bpf, "the XDP program loads");
		no_bpf = no_bpf ?: "no program";
	}
	list[2].side.expiry = 1;
	list[3].side.expiry = ~0U;
	judge_list(list, sizeof(list) / sizeof(*list));

	imei_everywhere(no_bpf);
	imei_forms(no_bpf);
	several(no_bpf);
	broken(no_bpf);
	untouched(no_bpf);
	moves(no_bpf);
	moves_v1(no_bpf);
	tricks(no_bpf);
	piggyback(no_bpf);
	emergencies(no_bpf);
	numbers(no_bpf);
	knobs(no_bpf);
	frames(no_bpf);
	disguises(no_bpf);
	lost_events(no_bpf);
	judge_close();
	return tap_done();
}
