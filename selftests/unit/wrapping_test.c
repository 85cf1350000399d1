// SPDX-License-Identifier: GPL-2.0-only
/*
 * One set-up request in every wrapping that the programs look through: with a
 * listed IMEI it must stop, and its lawful twin must pass. On egress also where no
 * header is in the first buffer.
 */
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <string.h>

#include "lib/judge.h"
#include "lib/tap.h"

#define LISTED "\x53\x43\x09\x60\x89\x37\x13\x35"
#define CLEAN "\x53\x27\x02\x90\x42\x15\x83\xf7"

#define FRAME_MAX 16384
#define SCATTERED 4200 /* octets of a frame that a packet socket leaves in pages */

#define END 0xff /* of a chain */
#define EIGHT                                                                                \
	IPPROTO_DSTOPTS, IPPROTO_DSTOPTS, IPPROTO_DSTOPTS, IPPROTO_DSTOPTS, IPPROTO_DSTOPTS, \
		IPPROTO_DSTOPTS, IPPROTO_DSTOPTS, IPPROTO_DSTOPTS
#define PASS(what)                                       \
	{                                                \
		XEIR_ACTION_PASS, XEIR_RULE_##what, true \
	}
#define DROP(what)                                       \
	{                                                \
		XEIR_ACTION_DROP, XEIR_RULE_##what, true \
	}

struct wrapping {
	const char *name;
	int version; /* of IP */
	unsigned short tags[4]; /* types of the VLAN tags, outermost first */
	int options; /* octets of IPv4 options */
	unsigned char chain[10]; /* IPv6 extension headers, up to END */
	int padding; /* octets of other IEs in front of the IMEI */
	int trailer; /* octets that Ethernet adds behind the packet */
	bool no_length; /* UDP gives 0 for its length */
	struct {
		__u8 action, rule;
		bool known;
	} both; /* what becomes of the listed one and its twin alike */
};

static const struct wrapping wrappings[] = {
	{ "IPv4", .version = 4, .chain = { END } },
	{ "IPv6", .version = 6, .chain = { END } },
	{ "802.1Q, IPv4", .version = 4, .tags = { ETH_P_8021Q }, .chain = { END } },
	{ "802.1Q, IPv6", .version = 6, .tags = { ETH_P_8021Q }, .chain = { END } },
	{ "802.1ad and 802.1Q, IPv4", .version = 4, .tags = { ETH_P_8021AD, ETH_P_8021Q },
	  .chain = { END } },
	{ "802.1ad and 802.1Q, IPv6", .version = 6, .tags = { ETH_P_8021AD, ETH_P_8021Q },
	  .chain = { END } },
	{ "two 802.1Q tags", .version = 4, .tags = { ETH_P_8021Q, ETH_P_8021Q }, .chain = { END } },
	{ "three tags are one more than is looked through", .version = 4,
	  .tags = { ETH_P_8021AD, ETH_P_8021Q, ETH_P_8021Q }, .both = PASS(NOT_GTP_C),
	  .chain = { END } },
	{ "IPv4 with 4 octets of options", .version = 4, .options = 4, .chain = { END } },
	{ "IPv4 with 40 octets of options, tagged", .version = 4, .options = 40,
	  .tags = { ETH_P_8021Q }, .chain = { END } },
	{ "IPv6 hop-by-hop options", .version = 6, .chain = { IPPROTO_HOPOPTS, END } },
	{ "IPv6 routing header", .version = 6, .chain = { IPPROTO_ROUTING, END } },
	{ "IPv6 destination options", .version = 6, .chain = { IPPROTO_DSTOPTS, END } },
	{ "IPv6 authentication header", .version = 6, .chain = { IPPROTO_AH, END } },
	{ "IPv6 atomic fragment", .version = 6, .chain = { IPPROTO_FRAGMENT, END } },
	{ "IPv6, every extension header in a row", .version = 6,
	  .tags = { ETH_P_8021AD, ETH_P_8021Q },
	  .chain = { IPPROTO_HOPOPTS, IPPROTO_DSTOPTS, IPPROTO_ROUTING, IPPROTO_FRAGMENT,
		     IPPROTO_AH, IPPROTO_DSTOPTS, END } },
	{ "IPv6, eight extension headers", .version = 6, .chain = { EIGHT, END } },
	{ "IPv6, nine are one more than any lawful sender needs", .version = 6,
	  .chain = { EIGHT, IPPROTO_DSTOPTS, END }, .both = DROP(TOO_MANY) },
	{ "Ethernet padding behind the packet", .version = 4, .trailer = 18, .chain = { END } },
	{ "IPv6 with a UDP length of 0", .version = 6, .no_length = true, .chain = { END } },
	{ "IPv6 with a UDP length of 0, padded", .version = 6, .no_length = true, .trailer = 18,
	  .chain = { END } },
	{ "an IMEI behind 3,000 octets", .version = 4, .padding = 3000, .chain = { END } },
	{ "jumbo frame of several buffers, IPv4", .version = 4, .padding = 8000, .chain = { END } },
	{ "jumbo frame of several buffers, tagged, IPv6", .version = 6, .padding = 8000,
	  .tags = { ETH_P_8021Q }, .chain = { END } },
	{ "jumbo frame, the IMEI across two buffers", .version = 4, .padding = 3700,
	  .chain = { END } },
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

	for (int i = 0; w->chain[i] != END; i++)
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
	unsigned char next = w->chain[0] == END ? IPPROTO_UDP : w->chain[0];

	add("\x60\0\0\0", 4);
	add16(chain_octets(w) + payload);
	add(&next, 1);
	add("\x40", 1);
	add("\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\2", 32);
	for (int i = 0; w->chain[i] != END; i++)
		add_extension(w->chain[i], w->chain[i + 1] == END ? IPPROTO_UDP : w->chain[i + 1]);
}

/* IEs of type Private Extension in front of the IMEI. */
static void add_message(const struct wrapping *w, const char *imei)
{
	size_t ies = w->padding + 2 * (4 + 8);

	add("\x48\x20", 2);
	add16(8 + ies);
	add("\0\0\0\0\0\0\7\0", 8);
	if (w->padding) {
		add("\xff", 1);
		add16(w->padding - 4);
		add("\0", 1);
		add_zero(w->padding - 4);
	}
	add("\x01\0\x08\0\x04\x04\x01\x21\x43\x65\x87\xf9", 12);
	add("\x4b\0\x08\0", 4);
	add(imei, 8);
}

static void build(const struct wrapping *w, const char *imei)
{
	size_t udp = 8 + 12 + w->padding + 2 * (4 + 8);

	len = 0;
	add_ethernet(w);
	if (w->version == 4)
		add_ipv4(w, udp);
	else
		add_ipv6(w, udp);
	add16(40364);
	add16(XEIR_GTPC_PORT);
	add16(w->no_length ? 0 : udp);
	add16(0); /* no checksum */
	add_message(w, imei);
	add_zero(w->trailer);
}

static void expect(const struct wrapping *w, const char *imei, const char *whose, __u8 action,
		   __u8 rule)
{
	struct judged v, linear, scattered;

	if (w->both.known) {
		action = w->both.action;
		rule = w->both.rule;
	}
	build(w, imei);
	v = judge_frame(frame, len);
	tap_ok(v.action == action && v.rule == rule, "%s: %s, action %d, rule %d", w->name, whose,
	       v.action, v.rule);
	linear = judge_sent(frame, len);
	tap_ok(linear.action == action && linear.rule == rule, "%s, sent: %s, action %d, rule %d",
	       w->name, whose, linear.action, linear.rule);
	if (len < SCATTERED)
		add_zero(SCATTERED - len);
	scattered = judge_sent(frame, len);
	tap_ok(scattered.action == action && scattered.rule == rule,
	       "%s, sent in pages: %s, action %d, rule %d", w->name, whose, scattered.action,
	       scattered.rule);
}

int main(void)
{
	struct judge_entry entry = { .key.kind = XEIR_KIND_IMEI, .side.action = XEIR_ACTION_DROP };
	const char *why = NULL;

	memcpy(entry.key.id, LISTED, XEIR_IMEI_OCTETS);
	if (!judge_open(JUDGE_EGRESS, &why)) {
		if (why)
			return tap_skip_all(why);
		tap_ok(false, "the XDP program loads");
		return tap_done();
	}
	judge_list(&entry, 1);
	for (size_t i = 0; i < sizeof(wrappings) / sizeof(*wrappings); i++) {
		expect(&wrappings[i], LISTED, "listed", XEIR_ACTION_DROP, XEIR_RULE_IMEI);
		expect(&wrappings[i], CLEAN, "lawful", XEIR_ACTION_PASS, XEIR_RULE_NOT_LISTED);
	}
	judge_close();
	return tap_done();
}
