// SPDX-License-Identifier: GPL-2.0-only
#include "lib/generated.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <string.h>
#include <xeir/packet.h>

#include "lib/message.h"

static unsigned char *at; /* where the frame goes on */

static void add(const void *octets, size_t n)
{
	memcpy(at, octets, n);
	at += n;
}

static void add16(unsigned int n)
{
	add((unsigned char[]){ n >> 8, n }, 2);
}

static void add_zero(size_t n)
{
	memset(at, 0, n);
	at += n;
}

static void add_ethernet(unsigned int type)
{
	add("\2\0\0\0\0\2\2\0\0\0\0\1", 12);
	switch (chance(4)) {
	case 0:
		add16(ETH_P_8021AD);
		add16(1 + chance(4000));
		/* fall through */
	case 1:
		add16(ETH_P_8021Q);
		add16(chance(8) << 13 | (1 + chance(4000)));
	}
	add16(type);
}

static void add_ipv4(size_t payload)
{
	const unsigned int words = chance(4) ? 0 : 1 + chance(10);

	add((unsigned char[]){ 0x45 + words, chance(256) }, 2);
	add16(20 + words * 4 + payload);
	add16(chance(65536));
	add16(chance(2) ? 0x4000 : 0); /* do not fragment */
	add((unsigned char[]){ 1 + chance(255), IPPROTO_UDP, 0, 0, 10, 99, 0, 1 + chance(20) }, 8);
	add("\x0a\x63\0\x80", 4);
	memset(at, 1, words * 4); /* no-operation options */
	at += words * 4;
}

/* Hop-by-hop options may come first only, RFC 8200 cl. 4.1. */
static unsigned int add_extensions(unsigned char *chain)
{
	static const unsigned char types[] = { IPPROTO_DSTOPTS, IPPROTO_ROUTING };
	unsigned int n = chance(4) ? 0 : 1 + chance(4);

	for (unsigned int i = 0; i < n; i++)
		chain[i] = types[chance(2)];
	if (n && chance(2))
		chain[0] = IPPROTO_HOPOPTS;
	return n;
}

static void add_ipv6(size_t payload)
{
	unsigned char chain[8];
	const unsigned int n = add_extensions(chain);

	chain[n] = IPPROTO_UDP;
	add((unsigned char[]){ 0x60, chance(16), 0, 0 }, 4);
	add16(8 * n + payload);
	add((unsigned char[]){ chain[0], 1 + chance(255) }, 2);
	add("\xfd\x99\0\0\0\0\0\0\0\0\0\0\0\0\0\1\xfd\x99\0\0\0\0\0\0\0\0\0\0\0\0\0\2", 32);
	for (unsigned int i = 0; i < n; i++) {
		add((unsigned char[]){ chain[i + 1], 0 }, 2);
		if (chain[i] == IPPROTO_ROUTING)
			add_zero(6);
		else
			add("\1\4\0\0\0\0", 6); /* PadN */
	}
}

/* A port that nobody else owns, and its own at times. */
static void add_udp(const struct generated *g, size_t payload)
{
	const unsigned int own = g->version ? XEIR_GTPC_PORT : XEIR_GTPV0_PORT;
	const unsigned int peer = chance(4) ? 40000 + chance(8000) : own;

	add16(g->response ? own : peer);
	add16(g->response ? peer : own);
	add16(8 + payload);
	add16(0); /* no checksum */
}

size_t generated_frame(unsigned char frame[GENERATED_ROOM])
{
	const struct generated g = generated_message();
	const bool ipv6 = chance(2);

	at = frame;
	add_ethernet(ipv6 ? ETH_P_IPV6 : ETH_P_IP);
	if (ipv6)
		add_ipv6(8 + msg_len);
	else
		add_ipv4(8 + msg_len);
	add_udp(&g, msg_len);
	add(msg, msg_len);
	if (at - frame < ETH_ZLEN)
		add_zero(ETH_ZLEN - (at - frame));
	return at - frame;
}
