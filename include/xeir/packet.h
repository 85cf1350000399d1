/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Find the UDP datagram of GTP in a frame. Pure; compiled for BPF and tool, so that
 * captures are judged like packets.
 *
 * Offsets count from the first octet of the buffer; 0: nothing to be found.
 */
#ifndef XEIR_PACKET_H
#define XEIR_PACKET_H

#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <xeir/gtpc.h>

#define XEIR_VLAN_TAGS		2	/* 802.1ad and 802.1Q */
#define XEIR_IPV6_EXTENSIONS	8

/* Of Ethernet, IPv4 without options and UDP. */
#define XEIR_PLAIN_HEADERS	(14 + 20 + 8)

/* Where a datagram may start; leaves the verifier room for the offsets within it. */
#define XEIR_HEADERS_MASK	0x0fff

/* What was found in a frame; 0: no GTP. */
enum xeir_found {
	XEIR_FOUND_GTPC = 1,
	XEIR_FOUND_GTPU,
};

struct xeir_datagram {
	__u32 off;			/* of the octets behind the UDP header */
	__u32 octets;			/* that the UDP header gives it */
	__u32 ip;			/* where its IP header starts */
	__u8 version;			/* of IP */
	__u8 fragment;			/* the first of several IP fragments */
	__u8 last_check;		/* set by the caller: no hook judges it again later */
	__u8 second;			/* likewise: it has a second message */
	__u16 source;			/* ports */
	__u16 destination;
	__u8 peer[16];			/* source address, IPv4 as ::ffff:a.b.c.d */
	__u8 local[16];			/* destination address, likewise */
};

/* Step over the type field at @off and the tags behind it; *@type is that of the payload. */
static __always_inline __u32 xeir_skip_tags(const struct xeir_bytes *b, __u32 off, __u32 *type)
{
	const __u8 *p;

	for (int tags = 0; tags <= XEIR_VLAN_TAGS; tags++) {
		p = xeir_at(b, off, 2);
		if (!p)
			return 0;
		*type = xeir_be16(p);
		if (*type != ETH_P_8021Q && *type != ETH_P_8021AD)
			return off + 2;
		off += 4;
	}
	return 0;
}

/* Step over an IPv4 header to UDP; sets @d->fragment, or *@rule for a later fragment. */
static __always_inline __u32 xeir_skip_ipv4(const struct xeir_bytes *b, __u32 off,
					    struct xeir_datagram *d, __u8 *rule)
{
	const __u8 *p = xeir_at(b, off, 20);
	__u32 octets;

	if (!p || p[9] != IPPROTO_UDP)
		return 0;
	octets = (p[0] & 0x0f) * 4;
	if (p[0] >> 4 != 4 || octets < 20)
		return 0;
	if (xeir_be16(p + 6) & 0x1fff) {
		*rule = XEIR_RULE_FRAGMENT;
		return 0;
	}
	d->fragment = p[6] >> 5 & 1;
	return off + octets;
}

/* Octets of the IPv6 extension header @p of type @type; 0: none that is stepped over. */
static __always_inline __u32 xeir_extension_octets(__u8 type, const __u8 *p)
{
	switch (type) {
	case IPPROTO_HOPOPTS:
	case IPPROTO_ROUTING:
	case IPPROTO_DSTOPTS:
		return 8 + p[1] * 8;
	case IPPROTO_AH:
		return 8 + p[1] * 4;
	case IPPROTO_FRAGMENT:
		return 8;
	}
	return 0;
}

/* Step over an IPv6 header and its extensions (RFC 8200 cl. 4) to UDP. */
static __always_inline __u32 xeir_skip_ipv6(const struct xeir_bytes *b, __u32 off,
					    struct xeir_datagram *d, __u8 *rule)
{
	const __u8 *p = xeir_at(b, off, 40);
	__u32 octets;
	__u8 next;

	if (!p || p[0] >> 4 != 6)
		return 0;
	next = p[6];
	off += 40;
	for (int i = 0; i <= XEIR_IPV6_EXTENSIONS; i++) {
		if (next == IPPROTO_UDP)
			return off;
		p = xeir_at(b, off, 8);
		octets = p ? xeir_extension_octets(next, p) : 0;
		if (!octets)
			return 0;
		if (next == IPPROTO_FRAGMENT) {
			if (xeir_be16(p + 2) & 0xfff8) {
				*rule = XEIR_RULE_FRAGMENT;
				return 0;
			}
			d->fragment |= p[3] & 1;
		}
		next = p[0];
		off += octets;
	}
	/* no lawful sender needs so many, and a port may hide behind them */
	*rule = XEIR_RULE_TOO_MANY;
	return 0;
}

static __always_inline void xeir_read_addresses(const struct xeir_bytes *b,
						struct xeir_datagram *d)
{
	const __u8 *p = xeir_at(b, d->ip, 40);

	/* or clang compares ends once more, of which the verifier knows nothing in a copy */
	xeir_hide(p);
	if (d->version == 6) {
		if (!p)
			return;
		__builtin_memcpy(d->peer, p + 8, 16);
		__builtin_memcpy(d->local, p + 24, 16);
		return;
	}
	p = xeir_at(b, d->ip, 20);
	xeir_hide(p);
	if (!p)
		return;
	d->peer[10] = d->local[10] = 0xff;
	d->peer[11] = d->local[11] = 0xff;
	__builtin_memcpy(d->peer + 12, p + 12, 4);
	__builtin_memcpy(d->local + 12, p + 16, 4);
}

/*
 * Octets behind the UDP header @p at @udp. Over IPv6 a length of 0 stands for the rest of the
 * packet (RFC 2675 cl. 4), and receivers take it so whatever the packet's size.
 */
static __always_inline __u32 xeir_udp_octets(const struct xeir_bytes *b, __u32 ip, int version,
					     __u32 udp, const __u8 *p)
{
	__u32 octets = xeir_be16(p + 4);

	if (!octets && version == 6) {
		p = xeir_at(b, ip, 6);
		octets = p ? ip + 40 + xeir_be16(p + 4) - udp : 0;
	}
	return octets > 8 && octets <= 0xffff ? octets - 8 : 0;
}

/* A request may come from any port, also that of GTP-U; then its response goes there. */
static __always_inline int xeir_is_gtpc_response(const struct xeir_bytes *b, __u32 off,
						 __u16 source)
{
	const __u8 *p = xeir_at(b, off, 2);

	/* as in xeir_read_addresses() */
	xeir_hide(p);
	if (!p || !xeir_is_gtpc_port(source))
		return 0;
	/* End Marker and G-PDU are always GTP-U, TS 29.281 table 6.1-1 */
	return p[0] >> 5 != 1 || p[1] < 254;
}

/*
 * Is the frame GTP-U for certain? True of nearly all GTP-U: IPv4 without tags, options or
 * fragments. The others are left to xeir_find_datagram(), which has the same result for these.
 */
static __always_inline int xeir_is_plain_gtpu(const struct xeir_bytes *frame)
{
	const __u8 *p = frame->start;

	if (p + XEIR_PLAIN_HEADERS > frame->end)
		return 0;
	return xeir_be16(p + 36) == XEIR_GTPU_PORT && p[14] == 0x45 && p[23] == IPPROTO_UDP &&
	       !(xeir_be16(p + 20) & 0x3fff) && xeir_be16(p + 12) == ETH_P_IP &&
	       !xeir_is_gtpc_port(xeir_be16(p + 34));
}

/*
 * The datagram in the IP packet at @ip, when it comes from or goes to a port of GTP-C, or goes to
 * that of GTP-U: enum xeir_found and *@d. Else 0 and *@rule: FRAGMENT for a later fragment, CROWDED
 * for more headers than are stepped over, or as it was.
 */
static __always_inline int xeir_find_datagram(const struct xeir_bytes *b, __u32 ip, int version,
					      struct xeir_datagram *d, __u8 *rule)
{
	__u32 udp = version == 4 ? xeir_skip_ipv4(b, ip, d, rule) : xeir_skip_ipv6(b, ip, d, rule);
	int found = XEIR_FOUND_GTPC;
	const __u8 *p;

	if (!udp)
		return 0;
	if (udp > XEIR_HEADERS_MASK - 8) {
		*rule = XEIR_RULE_TOO_MANY;
		return 0;
	}
	p = xeir_at(b, udp, 8);
	if (!p)
		return 0;
	d->source = xeir_be16(p);
	d->destination = xeir_be16(p + 2);
	if (d->destination == XEIR_GTPU_PORT && !xeir_is_gtpc_response(b, udp + 8, d->source))
		found = XEIR_FOUND_GTPU;
	else if (d->destination == XEIR_GTPU_PORT)
		found = XEIR_FOUND_GTPC;
	else if (!xeir_is_gtpc_port(d->destination) && !xeir_is_gtpc_port(d->source))
		return 0;
	d->octets = xeir_udp_octets(b, ip, version, udp, p);
	d->off = udp + 8;
	d->ip = ip;
	d->version = version;
	xeir_read_addresses(b, d);
	return found;
}

/* From behind the UDP header to the end of the buffer that the datagram was found in. */
static __always_inline struct xeir_bytes xeir_datagram_bytes(const struct xeir_bytes *b,
							     const struct xeir_datagram *d)
{
	return (struct xeir_bytes){
		.start = b->start + (d->off & XEIR_HEADERS_MASK),
		.end = b->end,
	};
}

#endif /* XEIR_PACKET_H */
