/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The GTP-C parser: the octets of a UDP datagram to port 2123 in, one plain
 * struct of what stands where out. Pure; compiled for BPF, kernel and tool.
 *
 * GTPv1-C: TS 29.060 cl. 6 (header), 7.7 (IEs). GTPv2-C: TS 29.274 cl. 5, 8.
 *
 * IEs come in any order and lengths may lie, so the whole message is walked and
 * must end just where its length says. What was read up to a break is kept.
 */
#ifndef XEIR_GTPC_H
#define XEIR_GTPC_H

#include <xeir/maps.h>

#define XEIR_GTPC_PORT		2123

#define XEIR_GTPV1_CREATE_PDP	16	/* Create PDP Context Request */
#define XEIR_GTPV2_CREATE	32	/* Create Session Request */

/* IMEI IEs whose place is kept. A lawful message has one. */
#define XEIR_IMEIS		4

/* An IE takes two octets or more, so that this many fill the longest datagram. */
#define XEIR_IES		32768

/* Lets the verifier bound any offset; no message in one buffer is longer. */
#define XEIR_OFFSET_MASK	0x7fff

#ifdef __bpf__
/* Keeps clang from dropping the mask where it knows the range and the verifier does not. */
#define xeir_hide(x)		asm volatile("" : "+r"(x))
#define xeir_repeat(n, step, w)	bpf_loop(n, step, w, 0)
#else
#define xeir_hide(x)		((void)0)
#define xeir_repeat(n, step, w)						\
	do {								\
		for (__u32 i_ = 0; i_ < (n) && !step(i_, w); i_++)	\
			;						\
	} while (0)
#endif

#ifndef __always_inline
#define __always_inline		inline __attribute__((always_inline))
#endif

struct xeir_bytes {
	const __u8 *start;
	const __u8 *end;
};

/* Octets within the message, counted from its first; len 0: absent. */
struct xeir_span {
	__u16 off;
	__u16 len;
};

struct xeir_gtpc {
	__u32 teid;		/* of the header; 0 where it has none */
	__u32 sequence;
	__u32 ies;		/* where the IEs start; 0: the header is broken */
	__u32 end;		/* where they must end */
	__u32 walked;		/* how far the walk has come */
	__u8 version;		/* 1, 2, or 0: no GTP-C that is known here */
	__u8 type;
	__u8 malformed;		/* not 0: lengths do not add up, or an IE has no known one */
	__u8 imeis;		/* IMEI IEs of 7 octets or more; counts on past XEIR_IMEIS */
	__u8 short_imeis;	/* shorter ones */
	struct xeir_span imei[XEIR_IMEIS];
	struct xeir_span imsi;	/* BCD, low nibble first; likewise the next */
	struct xeir_span msisdn;	/* GTPv1: a type-of-number octet leads */
	struct xeir_span apn;	/* labels, each with its length in front */
};

/*
 * What a step of the walk needs. BPF keeps @m in a map: a state that the verifier
 * cannot follow from step to step is one that it need not follow.
 */
struct xeir_walk {
	struct xeir_bytes bytes;
	struct xeir_gtpc *m;
};

/* @n octets at @off, or NULL where the buffer does not hold them. */
static __always_inline const __u8 *xeir_at(const struct xeir_bytes *b, __u32 off, __u32 n)
{
	const __u8 *p;

	if (off > XEIR_OFFSET_MASK)
		return NULL;
	xeir_hide(off);
	p = b->start + (off & XEIR_OFFSET_MASK);
	if (p + n > b->end)
		return NULL;
	return p;
}

static __always_inline __u32 xeir_be16(const __u8 *p)
{
	return p[0] << 8 | p[1];
}

static __always_inline __u32 xeir_be32(const __u8 *p)
{
	return (__u32)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
}

/*
 * Octets behind the type of a GTPv1 TV IE, TS 29.060 table 37; 0: no such IE.
 * Any octet is a valid index, which the verifier sees.
 */
static const __u8 xeir_tv_octets[256] = {
	[1] = 1,  [2] = 8,  [3] = 6,  [4] = 4,	[5] = 4,  [8] = 1,  [9] = 28, [11] = 1,
	[12] = 3, [13] = 1, [14] = 1, [15] = 1, [16] = 4, [17] = 4, [18] = 5, [19] = 1,
	[20] = 1, [21] = 1, [22] = 9, [23] = 1, [24] = 1, [25] = 2, [26] = 2, [27] = 2,
	[28] = 2, [29] = 1, [126] = 1, [127] = 4,
};

static __always_inline void xeir_note_first(struct xeir_span *span, __u32 off, __u32 len)
{
	if (span->len)
		return;
	span->off = off;
	span->len = len;
}

static __always_inline void xeir_note_imei(struct xeir_gtpc *m, __u32 off, __u32 len)
{
	if (len < XEIR_IMEI_OCTETS) {
		m->short_imeis = 1;
		return;
	}
	if (m->imeis < XEIR_IMEIS) {
		m->imei[m->imeis].off = off;
		m->imei[m->imeis].len = len;
	}
	if (m->imeis <= XEIR_IMEIS)
		m->imeis++;
}

static __always_inline void xeir_note_v1(struct xeir_gtpc *m, __u8 type, __u32 off, __u32 len)
{
	if (type == 154)
		xeir_note_imei(m, off, len);
	else if (type == 2)
		xeir_note_first(&m->imsi, off, len);
	else if (type == 134)
		xeir_note_first(&m->msisdn, off, len);
	else if (type == 131)
		xeir_note_first(&m->apn, off, len);
}

static __always_inline void xeir_note_v2(struct xeir_gtpc *m, __u8 type, __u32 off, __u32 len)
{
	if (type == 75)
		xeir_note_imei(m, off, len);
	else if (type == 1)
		xeir_note_first(&m->imsi, off, len);
	else if (type == 76)
		xeir_note_first(&m->msisdn, off, len);
	else if (type == 71)
		xeir_note_first(&m->apn, off, len);
}

/* A value that runs past the end still shows its first octets. */
static __always_inline __u32 xeir_clamp(struct xeir_gtpc *m, __u32 off, __u32 len)
{
	if (off + len <= m->end)
		return len;
	m->malformed = 1;
	return off < m->end ? m->end - off : 0;
}

static __always_inline int xeir_break(struct xeir_gtpc *m)
{
	m->malformed = 1;
	return 1;
}

/* One IE of a GTPv1 message; 1 ends the walk. */
static int xeir_step_v1(__u32 i, void *ctx)
{
	struct xeir_walk *w = ctx;
	struct xeir_gtpc *m = w->m;
	__u32 off = m->walked, value = off + 1, len;
	const __u8 *p;
	__u8 type;

	(void)i;
	if (off >= m->end)
		return 1;
	p = xeir_at(&w->bytes, off, 1);
	if (!p)
		return xeir_break(m);
	type = p[0];
	if (type < 128) {
		len = xeir_tv_octets[type];
		if (!len)
			return xeir_break(m);
	} else if (type == 141) {
		/* Extension Header Type List, the one TLV with a length of one octet */
		p = xeir_at(&w->bytes, value, 1);
		if (!p)
			return xeir_break(m);
		len = p[0];
		value += 1;
	} else {
		p = xeir_at(&w->bytes, value, 2);
		if (!p)
			return xeir_break(m);
		len = xeir_be16(p);
		value += 2;
	}
	m->walked = value + len;
	xeir_note_v1(m, type, value, xeir_clamp(m, value, len));
	return m->malformed != 0;
}

/* One IE of a GTPv2 message; 1 ends the walk. */
static int xeir_step_v2(__u32 i, void *ctx)
{
	struct xeir_walk *w = ctx;
	struct xeir_gtpc *m = w->m;
	__u32 off = m->walked, value = off + 4, len;
	const __u8 *p;

	(void)i;
	if (off >= m->end)
		return 1;
	p = xeir_at(&w->bytes, off, 4);
	if (!p)
		return xeir_break(m);
	len = xeir_be16(p + 1);
	m->walked = value + len;
	len = xeir_clamp(m, value, len);
	/* the upper nibble is spare; another instance is not the message's own */
	if (!(p[3] & 0x0f))
		xeir_note_v2(m, p[0], value, len);
	return m->malformed != 0;
}

/* The chain of extension headers, TS 29.060 cl. 6.1: where the IEs start behind it, 0: broken. */
static __always_inline __u32 xeir_skip_extensions(const struct xeir_bytes *b, __u32 off, __u8 next)
{
	const __u8 *p;
	__u32 len;

	for (int i = 0; i < 8; i++) {
		if (!next)
			return off;
		p = xeir_at(b, off, 1);
		if (!p || !p[0])
			return 0;
		len = p[0] * 4;
		p = xeir_at(b, off + len - 1, 1);
		if (!p)
			return 0;
		next = p[0];
		off += len;
	}
	return next ? 0 : off;
}

static __always_inline void xeir_header_v1(const struct xeir_bytes *b, struct xeir_gtpc *m)
{
	const __u8 *p = xeir_at(b, 0, 8);
	__u32 off = 8;
	__u8 flags;

	/* without PT it is GTP', which charges and sets nothing up */
	if (!p || !(p[0] & 0x10))
		return;
	flags = p[0];
	m->version = 1;
	m->type = p[1];
	m->end = 8 + xeir_be16(p + 2);
	m->teid = xeir_be32(p + 4);
	if (flags & 0x07) {
		p = xeir_at(b, 8, 4);
		if (!p) {
			m->malformed = 1;
			return;
		}
		m->sequence = xeir_be16(p);
		off = xeir_skip_extensions(b, 12, flags & 0x04 ? p[3] : 0);
	}
	m->ies = off;
}

static __always_inline void xeir_header_v2(const struct xeir_bytes *b, struct xeir_gtpc *m)
{
	const __u8 *p = xeir_at(b, 0, 8);

	if (!p)
		return;
	m->version = 2;
	m->type = p[1];
	m->end = 4 + xeir_be16(p + 2);
	m->ies = p[0] & 0x08 ? 12 : 8;
	if (m->ies == 12) {
		m->teid = xeir_be32(p + 4);
		p = xeir_at(b, 8, 4);
		if (!p) {
			m->malformed = 1;
			return;
		}
		m->sequence = xeir_be32(p) >> 8;
	} else {
		m->sequence = xeir_be32(p + 4) >> 8;
	}
}

/*
 * Read the header of the datagram @b, @octets long by its UDP header. The
 * message ends where its own length or the datagram does, whichever is first;
 * the two must agree unless a second GTPv2 message follows (P flag).
 */
static __always_inline void xeir_gtpc_header(const struct xeir_bytes *b, __u32 octets,
					     struct xeir_gtpc *m)
{
	const __u8 *p = xeir_at(b, 0, 1);
	__u8 version;

	if (!p)
		return;
	version = p[0] >> 5;
	if (version == 1)
		xeir_header_v1(b, m);
	else if (version == 2)
		xeir_header_v2(b, m);
	if (m->end > octets)
		m->end = octets;
	else if (m->end == octets || (version == 2 && p[0] & 0x10))
		return;
	m->malformed = 1;
}

/* Read the IEs behind a header that was read from the same @b. */
static __always_inline void xeir_gtpc_walk(const struct xeir_bytes *b, struct xeir_gtpc *m)
{
	struct xeir_walk w = { .bytes = *b, .m = m };
	__u8 malformed = m->malformed;

	if (!m->ies) {
		m->malformed = 1;
		return;
	}
	/* a length that disagrees with the datagram's is no reason to stop looking */
	m->malformed = 0;
	m->walked = m->ies;
	if (m->version == 1)
		xeir_repeat(XEIR_IES, xeir_step_v1, &w);
	else
		xeir_repeat(XEIR_IES, xeir_step_v2, &w);
	if (malformed || m->walked != m->end)
		m->malformed = 1;
}

/* Does the message ask for a session? */
static __always_inline int xeir_gtpc_is_setup(const struct xeir_gtpc *m)
{
	return (m->version == 1 && m->type == XEIR_GTPV1_CREATE_PDP) ||
	       (m->version == 2 && m->type == XEIR_GTPV2_CREATE);
}

#endif /* XEIR_GTPC_H */
