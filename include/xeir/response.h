/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The response to a request that is rejected: a complete IP packet that goes back
 * the way the request came. Pure.
 *
 * It holds only a Cause, TS 29.274 cl. 6.1.1 and TS 29.060 cl. 7.3.2: GTPv2
 * Cause IE (cl. 8.4), GTPv1 Cause (cl. 7.7.1). TEID: the one that the request's
 * sender has allocated; without it the sender could not assign the response.
 */
#ifndef XEIR_RESPONSE_H
#define XEIR_RESPONSE_H

#include <xeir/packet.h>
#include <xeir/verdict.h>

#define XEIR_CAUSE_V1_NON_EXISTENT	192
#define XEIR_CAUSE_V2_NOT_FOUND		64

/* IPv6, UDP and GTPv2 take 66; a power of two, for the verifier. */
#define XEIR_RESPONSE_OCTETS	128

struct xeir_response {
	__u8 octets[XEIR_RESPONSE_OCTETS];
	__u8 len;
	__u8 type;		/* of the response */
	__u8 cause;
};

/* Choose the response to @m and its cause; 0: @m has none that is known here. */
static __always_inline int xeir_response_choose(const struct xeir_gtpc *m,
					     const struct xeir_config *config,
					     struct xeir_response *r)
{
	int v2 = m->version == 2;

	r->type = m->type + 1;
	r->cause = v2 ? config->cause_v2 : config->cause_v1;
	if (v2 && m->type == XEIR_GTPV2_MODIFY_BEARER)
		r->cause = XEIR_CAUSE_V2_NOT_FOUND;
	else if (!v2 && m->type == XEIR_GTPV1_UPDATE_PDP)
		r->cause = XEIR_CAUSE_V1_NON_EXISTENT;
	if (v2)
		return m->type == XEIR_GTPV2_CREATE_SESSION ||
		       m->type == XEIR_GTPV2_MODIFY_BEARER ||
		       m->type == XEIR_GTPV2_FORWARD_RELOCATION;
	return m->version == 1 &&
	       (m->type == XEIR_GTPV1_CREATE_PDP || m->type == XEIR_GTPV1_UPDATE_PDP ||
		m->type == XEIR_GTPV1_FORWARD_RELOCATION);
}

/* Offset in the message of the four octets of the TEID to respond to; 0: there is none. */
static __always_inline __u32 xeir_response_teid(const struct xeir_gtpc *m)
{
	if (m->version == 2)
		return m->sender.len >= 5 ? m->sender.off + 1 : 0;
	return m->sender.len == 4 ? m->sender.off : 0;
}

static __always_inline void xeir_put16(__u8 *p, __u32 n)
{
	p[0] = n >> 8;
	p[1] = n;
}

/* Of an even number of octets, not folded. */
static __always_inline __u32 xeir_sum(const __u8 *p, __u32 octets)
{
	__u32 sum = 0;

	for (__u32 i = 0; i < octets; i += 2)
		sum += xeir_be16(p + i);
	return sum;
}

static __always_inline __u16 xeir_checksum(__u32 sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	sum += sum >> 16;
	return ~sum;
}

/* The message, at @p; its octets. */
static __always_inline __u32 xeir_put_gtp(__u8 *p, const struct xeir_gtpc *m,
					  const struct xeir_response *r, const __u8 *teid)
{
	p[1] = r->type;
	for (int i = 0; i < 4; i++)
		p[4 + i] = teid[i];
	if (m->version == 1) {
		p[0] = 0x32; /* version 1, PT, S */
		xeir_put16(p + 2, 6);
		xeir_put16(p + 8, m->sequence);
		xeir_put16(p + 10, 0);
		p[12] = 1;
		p[13] = r->cause;
		return 14;
	}
	p[0] = 0x48; /* version 2, T */
	xeir_put16(p + 2, 14);
	p[8] = m->sequence >> 16;
	xeir_put16(p + 9, m->sequence);
	p[11] = 0;
	p[12] = 2;
	xeir_put16(p + 13, 2);
	p[15] = 0;
	p[16] = r->cause;
	p[17] = 0;
	return 18;
}

/* The UDP header at @p, in front of @octets of message; @pseudo: sum of both addresses. */
static __always_inline void xeir_put_udp(__u8 *p, const struct xeir_datagram *d, __u32 octets,
					 __u32 pseudo)
{
	__u16 sum;

	xeir_put16(p, d->destination);
	xeir_put16(p + 2, d->source);
	xeir_put16(p + 4, 8 + octets);
	xeir_put16(p + 6, 0);
	pseudo += IPPROTO_UDP + 8 + octets;
	/* the longer of both messages: behind the shorter all is zero */
	sum = xeir_checksum(pseudo + xeir_sum(p, 8 + 18));
	xeir_put16(p + 6, sum ? sum : 0xffff);
}

static __always_inline void xeir_put_ipv4(__u8 *p, const struct xeir_datagram *d, __u32 octets)
{
	p[0] = 0x45;
	xeir_put16(p + 2, octets);
	p[6] = 0x40; /* don't fragment */
	p[8] = 64;
	p[9] = IPPROTO_UDP;
	__builtin_memcpy(p + 12, d->local + 12, 4);
	__builtin_memcpy(p + 16, d->peer + 12, 4);
	xeir_put16(p + 10, xeir_checksum(xeir_sum(p, 20)));
}

static __always_inline void xeir_put_ipv6(__u8 *p, const struct xeir_datagram *d, __u32 octets)
{
	p[0] = 0x60;
	xeir_put16(p + 4, octets - 40);
	p[6] = IPPROTO_UDP;
	p[7] = 64;
	__builtin_memcpy(p + 8, d->local, 16);
	__builtin_memcpy(p + 24, d->peer, 16);
}

/* Build the response with @r->type and @r->cause; @r->octets are zero. */
static __always_inline void xeir_response_build(const struct xeir_datagram *d,
					     const struct xeir_gtpc *m, const __u8 *teid,
					     struct xeir_response *r)
{
	__u32 octets;

	if (d->version == 4) {
		octets = xeir_put_gtp(r->octets + 28, m, r, teid);
		r->len = 28 + octets;
		xeir_put_ipv4(r->octets, d, r->len);
		xeir_put_udp(r->octets + 20, d, octets, xeir_sum(r->octets + 12, 8));
	} else {
		octets = xeir_put_gtp(r->octets + 48, m, r, teid);
		r->len = 48 + octets;
		xeir_put_ipv6(r->octets, d, r->len);
		xeir_put_udp(r->octets + 40, d, octets, xeir_sum(r->octets + 8, 32));
	}
}

/* Not multicast, broadcast or unspecified, which get no response, RFC 1122 cl. 3.2.2. */
static __always_inline int xeir_is_single(const struct xeir_datagram *d, const __u8 *address)
{
	__u8 first = d->version == 4 ? address[12] : address[0];

	if (d->version == 6)
		return first && first != 0xff;
	return first && first < 224;
}

/* May @m have a response at all? */
static __always_inline int xeir_may_respond_to(const struct xeir_datagram *d,
					      const struct xeir_gtpc *m)
{
	return !m->response_only && xeir_is_single(d, d->peer) && xeir_is_single(d, d->local);
}

#endif /* XEIR_RESPONSE_H */
