/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The GTP-C parser: from the octets of a UDP datagram to port 2123 or 3386 to a
 * struct of what is where in it. Pure; compiled for BPF, kernel and tool.
 *
 * GTPv0: TS 09.60 cl. 6, 7. GTPv1-C: TS 29.060 cl. 6 (header), 7.7 (IEs).
 * GTPv2-C: TS 29.274 cl. 5, 8.
 *
 * IEs come in any order and lengths may be wrong, so all of the message is walked and
 * must end exactly where its length says. What was read before an error is kept.
 */
#ifndef XEIR_GTPC_H
#define XEIR_GTPC_H

#include <xeir/digits.h>
#include <xeir/facts.h>
#include <xeir/ies.h>
#include <xeir/maps.h>
#include <xeir/messages.h>
#include <xeir/mm_context.h>
#include <xeir/ports.h>

#define XEIR_GTPV1_EXTENSIONS	8

/* IMEIs that are kept. A lawful message has one. */
#define XEIR_IMEIS		4

/* An IE takes two octets or more, so that this many fill the longest datagram. */
#define XEIR_IES		32768

struct xeir_gtpc {
	__u32 teid;		/* of the header; 0 where it has none */
	__u32 sequence;
	__u32 ies;		/* where the IEs start; 0: the header is broken */
	__u32 end;		/* where they must end */
	__u32 walked;		/* how far the walk has come */
	__u32 context;		/* likewise within an MM Context */
	__u32 context_end;
	__u8 known;		/* a GTP-C header of version 0, 1 or 2; else nothing below is set */
	__u8 version;
	__u8 type;
	__u8 malformed;		/* not 0: lengths do not add up, or an IE has no known one */
	__u8 disputed;		/* has IEs whose length receivers disagree about */
	__u8 unread_context;	/* an MM Context whose MEI is not to be found */
	__u8 too_many;		/* more extension headers or octets than are checked */
	__u8 unauthenticated;	/* marks its IMSI as unauthenticated */
	__u8 apns;		/* APNs; of several, not all receivers take the first */
	__u8 imeis;		/* IMEIs of 7 octets or more; may exceed XEIR_IMEIS */
	__u8 short_imeis;	/* shorter ones */
	__u8 shifted;		/* bit n: imei[n] is a Mobile Identity, see xeir/mm_context.h */
	__u8 unread_imeis;	/* bit n: not all of imei[n] is in the buffer */
	struct xeir_span imei[XEIR_IMEIS];
	struct xeir_span imsi;	/* BCD, low nibble first; likewise the next */
	struct xeir_span msisdn;	/* GTPv0 and v1: a type-of-number octet leads */
	struct xeir_span apn;	/* labels, each with its length in front */
	struct xeir_span sender;	/* F-TEID (GTPv2) or TEID that the sender listens on */
	/* set by the caller: */
	__u32 start;		/* octets of the datagram in front of the message */
	__u8 fragment;		/* only the first IP fragment is here */
	__u8 reassembled;	/* it will be judged again once it is reassembled */
	__u8 response_only;	/* not sent to a GTP-C port, so it can only be a response */
	/* as keys have them: */
	__u8 imei_id[XEIR_IMEIS][8];
	__u8 imsi_id[XEIR_NUMBER_OCTETS];
	__u8 msisdn_id[XEIR_NUMBER_OCTETS];
	__u8 emergency_apn;	/* set by xeir/emergency.h */
	/* last, as most of it is cleared only when used: */
	struct xeir_facts facts;
};

/* Octets that must be zero before a message is read into a struct xeir_gtpc. */
#define XEIR_GTPC_HEAD (offsetof(struct xeir_gtpc, facts) + XEIR_FACTS_HEAD)

/*
 * Argument of the steps of the walk. In BPF, @m is in a map: the verifier does not track values
 * in maps, so it need not check each step with each state.
 */
struct xeir_walk {
	struct xeir_bytes bytes;
	struct xeir_gtpc *m;
};

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

/* The same for GTPv0, TS 09.60 table 38, where it has flow labels in place of TEIDs. */
static __always_inline __u32 xeir_tv_octets_v0(__u8 type)
{
	switch (type) {
	case 6:
		return 3;
	case 16:
	case 17:
		return 2;
	case 18:
		return 3;
	}
	return xeir_tv_octets[type];
}

static __always_inline void xeir_note_first(struct xeir_span *span, __u32 off, __u32 len)
{
	if (span->len)
		return;
	span->off = off;
	span->len = len;
}

/* @shifted: 1 for a Mobile Identity, which starts half an octet later. */
static __always_inline void xeir_note_imei(const struct xeir_bytes *b, struct xeir_gtpc *m,
					   __u32 off, __u32 len, __u8 shifted)
{
	__u32 n = m->imeis;

	if (len < XEIR_IMEI_OCTETS + (__u32)shifted) {
		m->short_imeis = 1;
		return;
	}
	if (n < XEIR_IMEIS) {
		m->imei[n].off = off;
		m->imei[n].len = len;
		m->shifted |= shifted << n;
		if (!xeir_read_imei(b, off, shifted, m->imei_id[xeir_index(n, XEIR_IMEIS)]))
			m->unread_imeis |= 1 << n;
	}
	if (m->imeis <= XEIR_IMEIS)
		m->imeis++;
}

static __always_inline void xeir_note_apn(struct xeir_gtpc *m, __u32 off, __u32 len)
{
	xeir_note_first(&m->apn, off, len);
	if (m->apns < 2)
		m->apns++;
}

/* Identities in GTPv1 and GTPv0; 1: this IE is one. */
static __always_inline int xeir_note_v1(const struct xeir_bytes *b, struct xeir_gtpc *m, __u8 type,
					__u32 off, __u32 len)
{
	if (type == XEIR_IE_V1_IMEI)
		xeir_note_imei(b, m, off, len, 0);
	else if (type == XEIR_IE_V1_IMSI)
		xeir_note_first(&m->imsi, off, len);
	else if (type == XEIR_IE_V1_MSISDN)
		xeir_note_first(&m->msisdn, off, len);
	else if (type == XEIR_IE_V1_APN)
		xeir_note_apn(m, off, len);
	else if (type == XEIR_IE_V1_TEID_DATA_II || type == XEIR_IE_V1_RAB_CONTEXT ||
		 type == XEIR_IE_V1_EXTENSION_HEADERS)
		m->disputed = 1;
	else
		return 0;
	return 1;
}

static __always_inline int xeir_note_v2(const struct xeir_bytes *b, struct xeir_gtpc *m, __u8 type,
					__u32 off, __u32 len)
{
	if (type == XEIR_IE_V2_MEI)
		xeir_note_imei(b, m, off, len, 0);
	else if (type == XEIR_IE_V2_IMSI)
		xeir_note_first(&m->imsi, off, len);
	else if (type == XEIR_IE_V2_MSISDN)
		xeir_note_first(&m->msisdn, off, len);
	else if (type == XEIR_IE_V2_APN)
		xeir_note_apn(m, off, len);
	else
		return 0;
	return 1;
}

static __always_inline void xeir_note_mm_context_v2(const struct xeir_bytes *b,
						    struct xeir_gtpc *m, struct xeir_span mei)
{
	if (!mei.off)
		m->unread_context = 1;
	else if (mei.len)
		xeir_note_imei(b, m, mei.off, mei.len, 0);
}

/* One element of the Container of an MM Context, TS 24.008 cl. 9; 1 ends the walk. */
static int xeir_step_container(__u32 i, void *ctx)
{
	struct xeir_walk *w = ctx;
	struct xeir_gtpc *m = w->m;
	__u32 value = m->context + 2;
	const __u8 *p;
	__u8 type, len;

	(void)i;
	if (m->context >= m->context_end)
		return 1;
	p = xeir_at(&w->bytes, m->context, 2);
	if (!p || value + p[1] > m->context_end) {
		m->unread_context = 1;
		return 1;
	}
	type = p[0];
	len = p[1];
	m->context = value + len;
	p = xeir_at(&w->bytes, value, 1);
	if (type == XEIR_IEI_MOBILE_IDENTITY && len && p && xeir_identity_is_imei(p[0]))
		xeir_note_imei(&w->bytes, m, value, len, 1);
	return 0;
}

static __always_inline void xeir_note_mm_context_v1(struct xeir_walk *w, struct xeir_span container)
{
	if (!container.off) {
		w->m->unread_context = 1;
		return;
	}
	w->m->context = container.off;
	w->m->context_end = container.off + container.len;
	xeir_repeat(XEIR_IES, xeir_step_container, w);
}

/* @p: an octet of flags; @bit of it marks the IMSI as unauthenticated. */
static __always_inline void xeir_note_flags(struct xeir_gtpc *m, const __u8 *p, __u8 bit)
{
	if (p && *p & bit)
		m->unauthenticated = 1;
}

/* Of a value that runs past the end, the first octets are still read. */
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
static __always_inline int xeir_step_v1(__u32 i, void *ctx)
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
		len = m->version ? xeir_tv_octets[type] : xeir_tv_octets_v0(type);
		if (!len)
			return xeir_break(m);
	} else if (type == XEIR_IE_V1_EXTENSION_HEADERS) {
		/* the only TLV with a length of one octet */
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
	len = xeir_clamp(m, value, len);
	if (xeir_note_v1(&w->bytes, m, type, value, len))
		return m->malformed != 0;
	if (type == XEIR_IE_V1_TEID_CONTROL)
		xeir_note_first(&m->sender, value, len);
	if (type == XEIR_IE_V1_MM_CONTEXT && m->version == 1)
		xeir_note_mm_context_v1(w, xeir_container_of_mm_context(&w->bytes, value, len));
	else if (type == XEIR_IE_V1_EXTENDED_FLAGS)
		xeir_note_flags(m, len > 0 ? xeir_at(&w->bytes, value, 1) : NULL, 0x01);
	else if (m->version == 1)
		xeir_note_facts_v1(&w->bytes, &m->facts, type, value, len);
	return m->malformed != 0;
}

/* One IE of a GTPv2 message; 1 ends the walk. */
static __always_inline int xeir_step_v2(__u32 i, void *ctx)
{
	struct xeir_walk *w = ctx;
	struct xeir_gtpc *m = w->m;
	__u32 off = m->walked, value = off + 4, len;
	__u8 type, instance;
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
	type = p[0];
	/* the upper nibble is spare */
	instance = p[3] & 0x0f;
	/* other instances are of something else than the message's subscriber */
	if (!instance && xeir_note_v2(&w->bytes, m, type, value, len))
		return m->malformed != 0;
	if (type == XEIR_IE_V2_FTEID && !instance)
		xeir_note_first(&m->sender, value, len);
	if (!instance && type >= XEIR_MM_CONTEXT_FIRST && type <= XEIR_MM_CONTEXT_LAST)
		xeir_note_mm_context_v2(&w->bytes, m,
					xeir_mei_of_mm_context_v2(&w->bytes, type, value, len,
								  &m->context));
	else if (!instance && type == XEIR_IE_V2_INDICATION)
		xeir_note_flags(m, len > 1 ? xeir_at(&w->bytes, value + 1, 1) : NULL, 0x40);
	else
		xeir_note_facts_v2(&w->bytes, &m->facts, type, instance, value, len);
	return m->malformed != 0;
}

static __always_inline int xeir_step_contexts(__u32 i, void *ctx)
{
	struct xeir_walk *w = ctx;

	(void)i;
	return xeir_walk_contexts(&w->bytes, &w->m->facts, w->m->type);
}

xeir_define_stride(xeir_step_v1)
xeir_define_stride(xeir_step_v2)
xeir_define_stride(xeir_step_contexts)

/* Step over the extension headers, TS 29.060 cl. 6.1, to the first IE; 0: broken. */
static __always_inline __u32 xeir_skip_extensions(const struct xeir_bytes *b, __u32 off, __u8 next,
						  struct xeir_gtpc *m)
{
	const __u8 *p;
	__u32 len;

	for (int i = 0; i < XEIR_GTPV1_EXTENSIONS; i++) {
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
	m->too_many = next != 0;
	return next ? 0 : off;
}

/* The TID of the header, at 12, is the IMSI with a NSAPI as its last digit. */
static __always_inline void xeir_header_v0(const struct xeir_bytes *b, struct xeir_gtpc *m)
{
	const __u8 *p = xeir_at(b, 0, 20);

	/* without PT it is GTP', a charging protocol that sets up no session */
	if (!p || !(p[0] & 0x10))
		return;
	m->known = 1;
	m->type = p[1];
	m->end = 20 + xeir_be16(p + 2);
	m->sequence = xeir_be16(p + 4);
	m->ies = 20;
	xeir_note_first(&m->imsi, 12, 8);
}

static __always_inline void xeir_header_v1(const struct xeir_bytes *b, struct xeir_gtpc *m)
{
	const __u8 *p = xeir_at(b, 0, 8);
	__u32 off = 8;
	__u8 flags;

	if (!p || !(p[0] & 0x10))
		return;
	flags = p[0];
	m->known = 1;
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
		off = xeir_skip_extensions(b, 12, flags & 0x04 ? p[3] : 0, m);
	}
	m->ies = off;
}

static __always_inline void xeir_header_v2(const struct xeir_bytes *b, struct xeir_gtpc *m)
{
	const __u8 *p = xeir_at(b, 0, 8);

	if (!p)
		return;
	m->known = 1;
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
 * Read the header of the datagram @b, @octets long by its UDP header. The message must end where
 * the datagram ends, unless a second GTPv2 message follows (P flag). If its length contradicts
 * that, receivers disagree which length is valid, and IEs are read up to the end of the datagram.
 */
static __always_inline void xeir_gtpc_header(const struct xeir_bytes *b, __u32 octets,
					     struct xeir_gtpc *m)
{
	const __u8 *p = xeir_at(b, 0, 1);
	__u8 version;

	if (!p)
		return;
	version = p[0] >> 5;
	if (version == 0)
		xeir_header_v0(b, m);
	else if (version == 1)
		xeir_header_v1(b, m);
	else if (version == 2)
		xeir_header_v2(b, m);
	if (m->end == octets || (m->end < octets && version == 2 && p[0] & 0x10))
		return;
	m->end = octets;
	m->malformed = 1;
}

/*
 * Look for an IMEI(SV) IE at just this octet, whatever is around it; 1 ends the search. Decimal
 * digits only, as other octets may look like an IMEI.
 */
static int xeir_search_step(__u32 i, void *ctx)
{
	struct xeir_walk *w = ctx;
	struct xeir_gtpc *m = w->m;
	__u32 off = m->ies + i, len;
	const __u8 *p;

	if (off >= m->end)
		return 1;
	p = xeir_at(&w->bytes, off, 3 + XEIR_IMEI_OCTETS);
	if (!p)
		return 1;
	len = xeir_be16(p + 1);
	if (p[0] == XEIR_IE_V1_IMEI && len >= XEIR_IMEI_OCTETS && off + 3 + len <= m->end &&
	    !xeir_imei_is_hex(xeir_imei_octets(p + 3)))
		xeir_note_imei(&w->bytes, m, off + 3, len, 0);
	return m->imeis > XEIR_IMEIS;
}

/*
 * Receivers of GTPv1 disagree about the lengths of some IEs (TS 29.060 table 37 against libgtp and
 * others), so some of them read the IEs behind one at other offsets than the walk. Such a message,
 * and one that could not be walked to its end, may have its IMEI at any octet.
 */
static __always_inline void xeir_search_v1(struct xeir_walk *w)
{
	struct xeir_gtpc *m = w->m;

	if (!m->disputed && m->walked == m->end)
		return;
	xeir_repeat(XEIR_OFFSET_MASK, xeir_search_step, w);
}

static __always_inline void xeir_read_numbers(const struct xeir_bytes *b, struct xeir_gtpc *m)
{
	struct xeir_span msisdn = m->msisdn;

	/* GTPv0 and v1 have a type of number in front */
	if (m->version < 2 && msisdn.len) {
		msisdn.off++;
		msisdn.len--;
	}
	xeir_read_number(b, msisdn, m->msisdn_id);
	xeir_read_number(b, m->imsi, m->imsi_id);
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
	/* walk also if the length contradicts the length of the datagram */
	m->malformed = 0;
	m->walked = m->ies;
	if (m->version == 2) {
		xeir_stride(XEIR_IES, xeir_step_v2, &w);
		xeir_stride(XEIR_IES, xeir_step_contexts, &w);
	} else {
		xeir_begin_facts_v1(&m->facts);
		xeir_stride(XEIR_IES, xeir_step_v1, &w);
		xeir_end_facts_v1(&m->facts);
		xeir_search_v1(&w);
	}
	if (malformed || m->unread_context || m->walked != m->end)
		m->malformed = 1;
	/* IEs beyond are not read */
	if (m->end > XEIR_OFFSET_MASK)
		m->too_many = 1;
	xeir_read_numbers(b, m);
}

#endif /* XEIR_GTPC_H */
