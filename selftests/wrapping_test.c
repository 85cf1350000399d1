// SPDX-License-Identifier: GPL-2.0-only
/*
 * One set-up request in every wrapping that the XDP program looks through: with a
 * listed IMEI it must stop, and its lawful twin must pass.
 */
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <string.h>

#include "judge.h"
#include "tap.h"

#define LISTED "\x53\x43\x09\x60\x89\x37\x13\x35"
#define CLEAN "\x53\x27\x02\x90\x42\x15\x83\xf7"

#define FRAME_MAX 16384

struct wrapping {
	const char *name;
	unsigned short tags[4]; /* types of the VLAN tags, outermost first */
	int version; /* of IP */
	int options; /* octets of IPv4 options */
	unsigned char chain[10]; /* IPv6 extension headers, 0xff ends it */
	int padding; /* octets of other IEs in front of the IMEI */
	int trailer; /* octets that Ethernet adds behind the packet */
	__u8 rule; /* by which the lawful twin passes */
	bool hidden; /* the listed one passes as well */
};

#define NO_CHAIN     \
	{            \
		0xff \
	}

static const struct wrapping wrappings[] = {
	{ "IPv4", {}, 4, 0, NO_CHAIN, 0, 0, XEIR_RULE_NOT_LISTED, false },
	{ "IPv6", {}, 6, 0, NO_CHAIN, 0, 0, XEIR_RULE_NOT_LISTED, false },
	{ "802.1Q, IPv4", { ETH_P_8021Q }, 4, 0, NO_CHAIN, 0, 0, XEIR_RULE_NOT_LISTED, false },
	{ "802.1Q, IPv6", { ETH_P_8021Q }, 6, 0, NO_CHAIN, 0, 0, XEIR_RULE_NOT_LISTED, false },
	{ "802.1ad and 802.1Q, IPv4",
	  { ETH_P_8021AD, ETH_P_8021Q },
	  4,
	  0,
	  NO_CHAIN,
	  0,
	  0,
	  XEIR_RULE_NOT_LISTED,
	  false },
	{ "802.1ad and 802.1Q, IPv6",
	  { ETH_P_8021AD, ETH_P_8021Q },
	  6,
	  0,
	  NO_CHAIN,
	  0,
	  0,
	  XEIR_RULE_NOT_LISTED,
	  false },
	{ "two 802.1Q tags",
	  { ETH_P_8021Q, ETH_P_8021Q },
	  4,
	  0,
	  NO_CHAIN,
	  0,
	  0,
	  XEIR_RULE_NOT_LISTED,
	  false },
	{ "three tags are one more than is looked through",
	  { ETH_P_8021AD, ETH_P_8021Q, ETH_P_8021Q },
	  4,
	  0,
	  NO_CHAIN,
	  0,
	  0,
	  XEIR_RULE_OTHER,
	  true },
	{ "IPv4 with 4 octets of options", {}, 4, 4, NO_CHAIN, 0, 0, XEIR_RULE_NOT_LISTED, false },
	{ "IPv4 with 40 octets of options, tagged",
	  { ETH_P_8021Q },
	  4,
	  40,
	  NO_CHAIN,
	  0,
	  0,
	  XEIR_RULE_NOT_LISTED,
	  false },
	{ "IPv6 hop-by-hop options",
	  {},
	  6,
	  0,
	  { IPPROTO_HOPOPTS, 0xff },
	  0,
	  0,
	  XEIR_RULE_NOT_LISTED,
	  false },
	{ "IPv6 routing header",
	  {},
	  6,
	  0,
	  { IPPROTO_ROUTING, 0xff },
	  0,
	  0,
	  XEIR_RULE_NOT_LISTED,
	  false },
	{ "IPv6 destination options",
	  {},
	  6,
	  0,
	  { IPPROTO_DSTOPTS, 0xff },
	  0,
	  0,
	  XEIR_RULE_NOT_LISTED,
	  false },
	{ "IPv6 authentication header",
	  {},
	  6,
	  0,
	  { IPPROTO_AH, 0xff },
	  0,
	  0,
	  XEIR_RULE_NOT_LISTED,
	  false },
	{ "IPv6 atomic fragment",
	  {},
	  6,
	  0,
	  { IPPROTO_FRAGMENT, 0xff },
	  0,
	  0,
	  XEIR_RULE_NOT_LISTED,
	  false },
	{ "IPv6, every extension header in a row",
	  { ETH_P_8021AD, ETH_P_8021Q },
	  6,
	  0,
	  { IPPROTO_HOPOPTS, IPPROTO_DSTOPTS, IPPROTO_ROUTING, IPPROTO_FRAGMENT, IPPROTO_AH,
	    IPPROTO_DSTOPTS, 0xff },
	  0,
	  0,
	  XEIR_RULE_NOT_LISTED,
	  false },
	{ "IPv6, eight extension headers",
	  {},
	  6,
	  0,
	  { IPPROTO_DSTOPTS, IPPROTO_DSTOPTS, IPPROTO_DSTOPTS, IPPROTO_DSTOPTS, IPPROTO_DSTOPTS,
	    IPPROTO_DSTOPTS, IPPROTO_DSTOPTS, IPPROTO_DSTOPTS, 0xff },
	  0,
	  0,
	  XEIR_RULE_NOT_LISTED,
	  false },
	{ "IPv6, nine are one more than is looked through",
	  {},
	  6,
	  0,
	  { IPPROTO_DSTOPTS, IPPROTO_DSTOPTS, IPPROTO_DSTOPTS, IPPROTO_DSTOPTS, IPPROTO_DSTOPTS,
	    IPPROTO_DSTOPTS, IPPROTO_DSTOPTS, IPPROTO_DSTOPTS, IPPROTO_DSTOPTS, 0xff },
	  0,
	  0,
	  XEIR_RULE_MALFORMED,
	  true },
	{ "Ethernet padding behind the packet",
	  {},
	  4,
	  0,
	  NO_CHAIN,
	  0,
	  18,
	  XEIR_RULE_NOT_LISTED,
	  false },
	{ "an IMEI behind 3,000 octets", {}, 4, 0, NO_CHAIN, 3000, 0, XEIR_RULE_NOT_LISTED, false },
	{ "jumbo frame of several buffers, IPv4",
	  {},
	  4,
	  0,
	  NO_CHAIN,
	  8000,
	  0,
	  XEIR_RULE_NOT_LISTED,
	  false },
	{ "jumbo frame of several buffers, tagged, IPv6",
	  { ETH_P_8021Q },
	  6,
	  0,
	  NO_CHAIN,
	  8000,
	  0,
	  XEIR_RULE_NOT_LISTED,
	  false },
	{ "jumbo frame, the IMEI across two buffers",
	  {},
	  4,
	  0,
	  NO_CHAIN,
	  3700,
	  0,
	  XEIR_RULE_NOT_LISTED,
	  false },
};

static unsigned char frame[FRAME_MAX];
static size_t len;

static void add(const void *octets, size_t n)
{
	memcpy(frame + len, octets, n);
	len += n;
}

static void add16(unsigned short n)
{
	n = htons(n);
	add(&n, sizeof(n));
}

static void add_zero(size_t n)
{
	memset(frame + len, 0, n);
	len += n;
}

static void add_ethernet(const struct wrapping *w)
{
	add_zero(2 * ETH_ALEN);
	for (int i = 0; w->tags[i]; i++) {
		add16(w->tags[i]);
		add16(100 + i);
	}
	add16(w->version == 4 ? ETH_P_IP : ETH_P_IPV6);
}

static void add_ipv4(const struct wrapping *w, size_t payload)
{
	const unsigned char ttl_and_protocol[] = { 64, IPPROTO_UDP };

	add((unsigned char[]){ 0x45 + w->options / 4, 0 }, 2);
	add16(20 + w->options + payload);
	add_zero(4);
	add(ttl_and_protocol, 2);
	add_zero(2);
	add("\x0a\x63\x00\x01\x0a\x63\x00\x02", 8);
	memset(frame + len, 1, w->options); /* no-operation options */
	len += w->options;
}

static size_t chain_octets(const struct wrapping *w)
{
	size_t octets = 0;

	for (int i = 0; w->chain[i] != 0xff; i++)
		octets += w->chain[i] == IPPROTO_AH || w->chain[i] == IPPROTO_ROUTING ? 24 : 8;
	return octets;
}

static void add_extension(unsigned char type, unsigned char next)
{
	unsigned char header[24] = { next };

	if (type == IPPROTO_AH)
		header[1] = 24 / 4 - 2;
	else if (type == IPPROTO_ROUTING)
		header[1] = 24 / 8 - 1;
	add(header, header[1] ? 24 : 8);
}

static void add_ipv6(const struct wrapping *w, size_t payload)
{
	unsigned char next = w->chain[0] == 0xff ? IPPROTO_UDP : w->chain[0];

	add("\x60\0\0\0", 4);
	add16(chain_octets(w) + payload);
	add(&next, 1);
	add("\x40", 1);
	add("\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\2", 32);
	for (int i = 0; w->chain[i] != 0xff; i++)
		add_extension(w->chain[i], w->chain[i + 1] == 0xff ? IPPROTO_UDP : w->chain[i + 1]);
}

/* IEs of type Private Extension in front of the IMEI. */
static void add_message(const struct wrapping *w, const char *imei)
{
	size_t ies = w->padding + 4 + 8;

	add("\x48\x20", 2);
	add16(8 + ies);
	add("\0\0\0\0\0\0\7\0", 8);
	if (w->padding) {
		add("\xff", 1);
		add16(w->padding - 4);
		add("\0", 1);
		add_zero(w->padding - 4);
	}
	add("\x4b\0\x08\0", 4);
	add(imei, 8);
}

static void build(const struct wrapping *w, const char *imei)
{
	size_t udp = 8 + 12 + w->padding + 4 + 8;

	len = 0;
	add_ethernet(w);
	if (w->version == 4)
		add_ipv4(w, udp);
	else
		add_ipv6(w, udp);
	add16(40364);
	add16(XEIR_GTPC_PORT);
	add16(udp);
	add16(0); /* no checksum */
	add_message(w, imei);
	add_zero(w->trailer);
}

static void expect(const struct wrapping *w)
{
	struct judged v;

	build(w, LISTED);
	v = judge_frame(frame, len);
	if (w->hidden)
		tap_ok(v.action == XEIR_ACTION_PASS && v.rule == w->rule, "%s", w->name);
	else
		tap_ok(v.action == XEIR_ACTION_DROP && v.rule == XEIR_RULE_IMEI,
		       "%s: listed, action %d, rule %d", w->name, v.action, v.rule);
	build(w, CLEAN);
	v = judge_frame(frame, len);
	tap_ok(v.action == XEIR_ACTION_PASS && v.rule == w->rule, "%s: lawful, action %d, rule %d",
	       w->name, v.action, v.rule);
}

int main(void)
{
	struct judge_entry entry = { .key.kind = XEIR_KIND_IMEI, .side.action = XEIR_ACTION_DROP };
	const char *why = NULL;

	memcpy(entry.key.id, LISTED, XEIR_IMEI_OCTETS);
	if (!judge_open(&why)) {
		if (why)
			return tap_skip_all(why);
		tap_ok(false, "the XDP program loads");
		return tap_done();
	}
	judge_list(&entry, 1);
	for (size_t i = 0; i < sizeof(wrappings) / sizeof(*wrappings); i++)
		expect(&wrappings[i]);
	judge_close();
	return tap_done();
}
