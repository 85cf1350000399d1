// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tricks of encoding, by name: with a listed IMEI each must stop, and its lawful
 * twin, the same with another IMEI, must pass. Natively and by the XDP program.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <xeir/maps.h>

#include "lib/judge.h"
#include "lib/message.h"
#include "lib/tap.h"

#define NULL_IMEI "0000000000000000"
#define HEX_IMEI "a000000123456789"
#define OTHER "5327029042158399" /* not listed */

/* MM Context of GTPv1: GSM key, no triplets, DRX, capability; its Container follows. */
#define CONTEXT_V1 "01c0 0101010101010101 0000 0000 02e5e0"
/* The same of GTPv2, by its first three octets: keys, then capabilities. */
#define KEY_8 "0101010101010101"
#define KEY_32 KEY_8 KEY_8 KEY_8 KEY_8
#define CAPABILITIES "02f0f0 02e5e0"
#define QUINTUPLET KEY_8 KEY_8 "04 01010101" KEY_32 "10" KEY_8 KEY_8
#define QUADRUPLET KEY_8 KEY_8 "04 01010101 10" KEY_8 KEY_8 KEY_32

/*
 * IEs and what surrounds them, in hex. Where a letter stands comes the IMEI: L, its 8 octets; K,
 * the first 7; M, a Mobile Identity of it. "<" starts an IE whose length, in the two octets in
 * front of it, is set where ">" ends it.
 */
struct trick {
	const char *name;
	enum msg_header header;
	const char *ies;
	unsigned char type; /* of the message, where it is not the one that sets up */
	unsigned char flags; /* turned in the header's first octet */
	const char *behind; /* the end that the message's length gives */
	int longer; /* what that length says too much */
};

static const struct trick tricks[] = {
	/* forms of the IMEI */
	{ "IMEISV", V2, .ies = "4b000800 L" },
	{ "14 digits in 7 octets", V2, .ies = "4b000700 K" },
	{ "15 digits and a filler", V2, .ies = "4b000800 K f0" },
	{ "15 digits, a check digit", V2, .ies = "4b000800 K f9" },
	{ "another software version", V2, .ies = "4b000800 K 99" },
	{ "zeros for the version", V2, .ies = "4b000800 K 00" },
	{ "letters for the version", V2, .ies = "4b000800 K ba" },
	{ "9 octets", V2, .ies = "4b000900 L 11" },
	{ "40 octets", V2, .ies = "4b002800 L" KEY_32 },
	{ "GTPv1, 7 octets", V1, .ies = "9a0007 K" },
	{ "GTPv1, 9 octets", V1, .ies = "9a0009 L 11" },

	/* several IMEIs */
	{ "a clean one in front", V2, .ies = "4b000800" OTHER "4b000800 L" },
	{ "a clean one behind", V2, .ies = "4b000800 L 4b000800" OTHER },
	{ "three clean ones in front", V2,
	  .ies = "4b000800" OTHER "4b000800" OTHER "4b000800" OTHER "4b000800 L" },
	{ "zeros in front", V2, .ies = "4b000800" NULL_IMEI "4b000800 L" },
	{ "letters in front", V2, .ies = "4b000800" HEX_IMEI "4b000800 L" },
	{ "an empty one in front", V2, .ies = "4b000000 4b000800 L" },
	{ "a short one in front", V2, .ies = "4b000300 112233 4b000800 L" },
	{ "a clean one of another instance in front", V2, .ies = "4b000801" OTHER "4b000800 L" },
	{ "a clean one in a Bearer Context in front", V2,
	  .ies = "5d000c00 4b000800" OTHER "4b000800 L" },
	{ "GTPv1, a clean one in front", V1, .ies = "9a0008" OTHER "9a0008 L" },
	{ "GTPv1, a clean one behind", V1, .ies = "9a0008 L 9a0008" OTHER },

	/* what stands around it */
	{ "spare bits next to the instance", V2, .ies = "4b0008f0 L" },
	{ "behind an unknown IE", V2, .ies = "fa000300 010203 4b000800 L" },
	{ "behind an extended IE", V2, .ies = "fe000400 01000102 4b000800 L" },
	{ "behind an IE of type 0", V2, .ies = "00000100 00 4b000800 L" },
	{ "behind an empty IE", V2, .ies = "ff000000 4b000800 L" },
	{ "behind a private extension that looks like one", V2,
	  .ies = "ff000c00 4b000800" OTHER "4b000800 L" },
	{ "GTPv1, in front of all others", V1, .ies = "9a0008 L 0e01 830004 03776562" },
	{ "GTPv1, behind unknown TLVs", V1, .ies = "dc0001 00 e10002 0000 9a0008 L" },
	{ "GTPv1, behind a private extension", V1, .ies = "ff0004 00010203 9a0008 L" },
	{ "GTPv1, behind a type extension", V1, .ies = "ee0004 01000102 9a0008 L" },

	/* lengths that receivers do not agree about */
	{ "IE 141 without content", V1, .ies = "8d00 9a0008 L" },
	{ "IE 141 with one octet", V1, .ies = "8d01c0 9a0008 L" },
	{ "IE 141 with a length of two octets", V1, .ies = "8d0001 01 9a0008 L" },
	{ "RAB Context of 7 octets", V1, .ies = "16 00000000000000 9a0008 L" },
	{ "RAB Context of 9 octets", V1, .ies = "16 000000000000000000 9a0008 L" },
	{ "RAB Context of 7 octets, a long IMEI", V1, .ies = "16 00000000000000 9a0028 L" KEY_32 },
	{ "TEID Data II of 4 octets", V1, .ies = "12 00000000 9a0008 L" },
	{ "TEID Data II of 5 octets", V1, .ies = "12 0000000000 9a0008 L" },
	{ "a TV of unknown length in front", V1, .ies = "1e 00 9a0008 L" },
	{ "a TV of unknown length behind", V1, .ies = "9a0008 L 1e" },

	/* lengths that lie */
	{ "an IMEI past the message's end", V2, .ies = "4b001000 L" },
	{ "an IMEI far past it", V2, .ies = "4bffff00 L" },
	{ "GTPv1, an IMEI past the message's end", V1, .ies = "9a0010 L" },
	{ "an IE past the end behind it", V2, .ies = "4b000800 L 030009 00 01" },
	{ "half an IE behind it", V2, .ies = "4b000800 L 0300" },
	{ "octets behind the message", V2, .ies = "4b000800 L", .behind = "0102" },
	{ "the IMEI itself behind the message", V2, .ies = "03000100 01", .behind = "4b000800 L" },
	{ "GTPv1, octets behind the message", V1, .ies = "9a0008 L", .behind = "0102" },
	{ "GTPv1, the IMEI itself behind the message", V1, .ies = "0e01", .behind = "9a0008 L" },
	{ "a length past the datagram", V2, .ies = "4b000800 L", .longer = 1 },
	{ "a length far past it", V2, .ies = "4b000800 L", .longer = 60000 },
	{ "GTPv1, a length past the datagram", V1, .ies = "9a0008 L", .longer = 1 },

	/* headers */
	{ "no TEID", V2_BARE, .ies = "4b000800 L" },
	{ "spare bits in the header", V2, .ies = "4b000800 L", .flags = 0x07 },
	{ "a piggyback flag, but no second message", V2, .ies = "4b000800 L", .flags = 0x10 },
	{ "GTPv1 without optional fields", V1_BARE, .ies = "9a0008 L" },
	{ "GTPv1 with extension headers", V1_EXTENDED, .ies = "9a0008 L" },
	{ "GTPv1, N-PDU number and sequence number", V1, .ies = "9a0008 L", .flags = 0x01 },
	{ "GTPv1, N-PDU number alone", V1, .ies = "9a0008 L", .flags = 0x03 },
	{ "GTPv1, an extension flag without extensions", V1, .ies = "9a0008 L", .flags = 0x04 },
	{ "GTPv1, the spare bit", V1, .ies = "9a0008 L", .flags = 0x08 },
	{ "GTPv0", V0, .ies = "9a0008 L" },
	{ "GTPv0, spare bits", V0, .ies = "9a0008 L", .flags = 0x0e },

	/* an emergency that is none */
	{ "APN sos behind another", V2, .ies = "47000400 03776562 47000400 03736f73 4b000800 L" },
	{ "APN sos in front of another", V2,
	  .ies = "47000400 03736f73 47000400 03776562 4b000800 L" },
	{ "APN sos behind an empty one", V2, .ies = "47000000 47000400 03736f73 4b000800 L" },
	{ "APN sos of another instance", V2, .ies = "47000401 03736f73 4b000800 L" },
	{ "APN sos with a label behind it", V2, .ies = "47000800 03736f73 03636f6d 4b000800 L" },
	{ "GTPv1, APN sos in front of another", V1,
	  .ies = "830004 03736f73 830004 03776562 9a0008 L" },

	/* a handset that moves */
	{ "Modify Bearer Request", V2, .ies = "4b000800 L", .type = 34 },
	{ "Change Notification Request", V2, .ies = "4b000800 L", .type = 38 },
	{ "Create Indirect Data Forwarding Tunnel Request", V2, .ies = "4b000800 L", .type = 166 },
	{ "SRVCC PS to CS Request", V2, .ies = "4b000800 L", .type = 25 },
	{ "SRVCC CS to PS Request", V2, .ies = "4b000800 L", .type = 31 },
	{ "Update PDP Context Request", V1, .ies = "9a0008 L", .type = 18 },
	{ "Create MBMS Context Request", V1, .ies = "9a0008 L", .type = 100 },
	{ "MS Info Change Notification Request", V1, .ies = "9a0008 L", .type = 128 },
	{ "MM Context 103, three triplets", V2,
	  .ies = "67< 006000" KEY_8 KEY_8 KEY_8 KEY_8 "01010101" KEY_8 KEY_8 KEY_8
		 "01010101" KEY_8 KEY_8 KEY_8 "01010101" CAPABILITIES "08 L >",
	  .type = 133 },
	{ "MM Context 104, two quintuplets", V2,
	  .ies = "68< 004000" KEY_32 QUINTUPLET QUINTUPLET CAPABILITIES "08 L >", .type = 133 },
	{ "MM Context 105, DRX", V2, .ies = "69< 080000" KEY_8 "0000" CAPABILITIES "08 L >",
	  .type = 133 },
	{ "MM Context 106, both AMBRs", V2,
	  .ies = "6a< 000300" KEY_32 KEY_8 KEY_8 CAPABILITIES "08 L >", .type = 133 },
	{ "MM Context 107, NH, quadruplet and AMBR", V2,
	  .ies = "6b< 100480"
		 "000000 000000" KEY_32 QUADRUPLET KEY_32 "01" KEY_8 CAPABILITIES "08 L >",
	  .type = 131 },
	{ "MM Context 108, quadruplet and quintuplet", V2,
	  .ies = "6c< 002400" KEY_32 QUADRUPLET QUINTUPLET CAPABILITIES "08 L >", .type = 129 },
	{ "MM Context, seven octets", V2, .ies = "6c< 000000" KEY_32 CAPABILITIES "07 K >",
	  .type = 133 },
	{ "MM Context and a clean MEI", V2,
	  .ies = "4b000800" OTHER "6c< 000000" KEY_32 CAPABILITIES "08 L >", .type = 133 },
	{ "two MM Contexts, the first clean", V2,
	  .ies = "6c< 000000" KEY_32 CAPABILITIES "08" OTHER "> 6c< 000000" KEY_32 CAPABILITIES
		 "08 L >",
	  .type = 133 },
	{ "GTPv1 MM Context", V1, .ies = "81<" CONTEXT_V1 "000b 2309 M >", .type = 53 },
	{ "GTPv1 MM Context, behind twenty elements", V1,
	  .ies = "81<" CONTEXT_V1 "0047" KEY_32 KEY_8 KEY_8 KEY_8 "01010101 2309 M >", .type = 53 },
	{ "GTPv1 MM Context, behind an IMSI", V1,
	  .ies = "81<" CONTEXT_V1 "0015 2308 4940012143658709 2309 M >", .type = 51 },
	{ "GTPv1 MM Context, behind a clean IMEI", V1,
	  .ies = "81<" CONTEXT_V1 "0016 2309 5b32720902248135f9 2309 M >", .type = 53 },
};

static void add_mobile_identity(const unsigned char imei[8])
{
	unsigned char octets[9] = { imei[0] << 4 | 3 };

	for (int i = 0; i < 8; i++)
		octets[i + 1] = imei[i] >> 4 | (i < 7 ? imei[i + 1] : 0x0f) << 4;
	msg_add(octets, sizeof(octets));
}

/* Add what @text, in the language of struct trick, says. */
static void add_text(const char *text, const unsigned char imei[8])
{
	size_t started = 0, octets;

	for (; *text; text++) {
		unsigned char octet;

		if (*text == 'L') {
			msg_add(imei, 8);
		} else if (*text == 'K') {
			msg_add(imei, 7);
		} else if (*text == 'M') {
			add_mobile_identity(imei);
		} else if (*text == '<') {
			started = msg_len;
			msg_add("\0\0\0", msg[0] >> 5 == 2 ? 3 : 2);
		} else if (*text == '>') {
			octets = msg_len - started - (msg[0] >> 5 == 2 ? 3 : 2);
			msg[started] = octets >> 8;
			msg[started + 1] = octets;
		} else if (isxdigit(*text)) {
			sscanf(text++, "%2hhx", &octet);
			msg_add(&octet, 1);
		}
	}
}

static void build(const struct trick *t, const unsigned char imei[8])
{
	size_t length;

	msg_start(t->header);
	msg[0] ^= t->flags;
	if (t->type)
		msg[1] = t->type;
	add_text(t->ies, imei);
	msg_set_length();
	length = (msg[2] << 8 | msg[3]) + t->longer;
	msg[2] = length >> 8;
	msg[3] = length;
	if (t->behind)
		add_text(t->behind, imei);
}

static bool have_bpf;

/* Is the message in hand judged so, by both? */
static void expect(const char *name, bool stops)
{
	const char *whose = stops ? "listed, stops" : "lawful, passes";
	struct xeir_gtpc m;
	struct judged v[2] = { judge_native(msg, msg_len, &m) };
	bool right = true;

	v[1] = have_bpf ? judge_bpf(msg, msg_len) : v[0];
	for (int i = 0; i < 2; i++)
		right &= stops ? v[i].action == XEIR_ACTION_DROP && v[i].rule == XEIR_RULE_IMEI :
				 v[i].action == XEIR_ACTION_PASS;
	tap_ok(right, "%s: %s (action, rule: %d, %d; by XDP %d, %d)", name, whose, v[0].action,
	       v[0].rule, v[1].action, v[1].rule);
}

static void pairs(void)
{
	for (size_t i = 0; i < sizeof(tricks) / sizeof(*tricks); i++) {
		build(&tricks[i], (const unsigned char *)LISTED);
		expect(tricks[i].name, true);
		build(&tricks[i], (const unsigned char *)CLEAN);
		expect(tricks[i].name, false);
	}
}

/* A message of type @first that says that another follows, and a set-up request of @imei. */
static void build_second(unsigned char first, const char *imei)
{
	unsigned char kept[64];
	size_t n;

	msg_start(V2);
	msg[0] |= 0x10;
	msg[1] = first;
	msg_add_v2(75, 0, CLEAN, 8);
	msg_set_length();
	n = msg_len;
	memcpy(kept, msg, n);
	msg_start(V2);
	msg_add_v2(75, 0, imei, 8);
	msg_set_length();
	memmove(msg + n, msg, msg_len);
	memcpy(msg, kept, n);
	msg_len += n;
}

static void second_messages(void)
{
	static const struct {
		unsigned char type;
		const char *name;
	} firsts[] = {
		{ 33, "behind a Create Session Response" },
		{ 96, "behind a Create Bearer Response" },
		{ 1, "behind an Echo Request, where none may be" },
		{ 32, "behind a clean request, where none may be" },
		{ 36, "behind a Delete Session Request, where none may be" },
	};

	for (size_t i = 0; i < sizeof(firsts) / sizeof(*firsts); i++) {
		build_second(firsts[i].type, LISTED);
		expect(firsts[i].name, true);
		build_second(firsts[i].type, CLEAN);
		expect(firsts[i].name, false);
	}
}

/* What hides the message from somebody who looks for UDP to port 2123 and GTPv1 or v2. */
static const struct wrapping {
	const char *name;
	enum msg_header header;
	unsigned char type;
	unsigned short source, destination;
	unsigned short fragment; /* field of the IPv4 header */
	unsigned short checksum;
} wrappings[] = {
	{ "from the port of GTP-C", V2, 32, 2123, .destination = 2123 },
	{ "from another port", V2, 32, 2124, .destination = 2123 },
	{ "GTPv2 to the port of GTPv0", V2, 32, 40364, .destination = 3386 },
	{ "GTPv1 to the port of GTPv0", V1, 16, 40364, .destination = 3386 },
	{ "GTPv0 to its port", V0, 16, 40364, .destination = 3386 },
	{ "GTPv0 to the port of GTPv1", V0, 16, 40364, .destination = 2123 },
	{ "a Context Response to the port of the requester", V2, 131, 2123, .destination = 40364 },
	{ "a UDP checksum", V2, 32, 40364, .destination = 2123, .checksum = 0x1234 },
	{ "a first fragment that shows the IMEI", V2, 32, 40364, .destination = 2123,
	  .fragment = 0x2000 },
	{ "GTPv1, a first fragment that shows the IMEI", V1, 16, 40364, .destination = 2123,
	  .fragment = 0x2000 },
};

static void put16(unsigned char *p, unsigned short n)
{
	p[0] = n >> 8;
	p[1] = n;
}

static void expect_wrapped(const struct wrapping *w, const char *imei, bool stops)
{
	unsigned char frame[256];
	struct judged v;
	size_t n;

	msg_start(w->header);
	msg[1] = w->type;
	add_text(w->header == V2 ? "4b000800 L" : "9a0008 L", (const unsigned char *)imei);
	msg_set_length();
	n = judge_wrap(msg, msg_len, frame);
	put16(frame + 20, w->fragment);
	put16(frame + 34, w->source);
	put16(frame + 36, w->destination);
	put16(frame + 40, w->checksum);
	v = judge_frame(frame, n);
	tap_ok(stops ? v.action == XEIR_ACTION_DROP && v.rule == XEIR_RULE_IMEI :
		       v.action == XEIR_ACTION_PASS,
	       "%s: %s (action %d, rule %d)", w->name, stops ? "listed, stops" : "lawful, passes",
	       v.action, v.rule);
}

/* First fragments that show no IMEI yet, where the operator wants those stopped. */
static void tiny_fragments(void)
{
	struct xeir_config config = XEIR_CONFIG_DEFAULT;
	unsigned char frame[256];

	config.knobs[XEIR_KNOB_FRAGMENT] = XEIR_ACTION_DROP;
	judge_configure(&config);
	msg_start(V2);
	msg_add_v2(75, 0, LISTED, 8);
	msg_set_length();
	for (size_t shown = 0; shown <= 24; shown += 8) {
		size_t n = judge_wrap(msg, msg_len, frame);
		struct judged v;

		frame[20] = 0x20;
		frame[17] = 20 + 8 + shown;
		v = judge_frame(frame, n - msg_len + shown);
		tap_ok(v.action == XEIR_ACTION_DROP && v.rule == XEIR_RULE_FRAGMENT,
		       "fragment drop: one with %zu octets of the message stops (%d, %d)", shown,
		       v.action, v.rule);
	}
	config = (struct xeir_config)XEIR_CONFIG_DEFAULT;
	judge_configure(&config);
}

/* A listed IMEI that is not the message's own, or in one that must not be stopped. */
static const struct trick lawful[] = {
	{ "another instance is nobody's", V2, .ies = "4b000801 L" },
	{ "in a Bearer Context it is nobody's", V2, .ies = "5d000c00 4b000800 L" },
	{ "of the one relayed, in a Remote UE Context", V2, .ies = "bf000c00 4b000800 L" },
	{ "Delete Session Request", V2, .ies = "4b000800 L", .type = 36 },
	{ "Relocation Cancel Request", V2, .ies = "4b000800 L", .type = 139 },
	{ "Echo Request", V2_BARE, .ies = "4b000800 L", .type = 1 },
	{ "Version Not Supported", V2_BARE, .ies = "4b000800 L", .type = 3 },
	{ "GTPv1 Supported Extension Headers", V1, .ies = "9a0008 L", .type = 31 },
	{ "GTPv1 Delete PDP Context Request", V1, .ies = "9a0008 L", .type = 20 },
	{ "GTP', which charges", V1, .ies = "9a0008 L", .flags = 0x10 },
	{ "an emergency", V2, .ies = "47000400 03736f73 4b000800 L" },
};

int main(void)
{
	struct judge_entry entry = { .key.kind = XEIR_KIND_IMEI, .side.action = XEIR_ACTION_DROP };
	const char *why = NULL;

	have_bpf = judge_open(JUDGE_INGRESS, &why);
	tap_ok(have_bpf || why, "the XDP program loads");
	memcpy(entry.key.id, LISTED, XEIR_IMEI_OCTETS);
	judge_list(&entry, 1);
	pairs();
	second_messages();
	for (size_t i = 0; i < sizeof(lawful) / sizeof(*lawful); i++) {
		build(&lawful[i], (const unsigned char *)LISTED);
		expect(lawful[i].name, false);
	}
	for (size_t i = 0; have_bpf && i < sizeof(wrappings) / sizeof(*wrappings); i++) {
		expect_wrapped(&wrappings[i], LISTED, true);
		expect_wrapped(&wrappings[i], CLEAN, false);
	}
	if (have_bpf)
		tiny_fragments();
	else
		tap_skip("wrappings", why ?: "no program");
	judge_close();
	return tap_done();
}
