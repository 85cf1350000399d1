/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What sessions are tracked by, in a message: F-TEIDs, bearers, cause, Recovery. Pure. Filled
 * in by the walk in xeir/gtpc.h.
 *
 * GTPv2: TS 29.274 cl. 7.2 (F-TEIDs by message and instance), 8.4
 * (Cause), 8.5 (Recovery), 8.8 (EBI), 8.22 (F-TEID), 8.28 (Bearer Context).
 * GTPv1: TS 29.060 cl. 7.3 (the order of GSN addresses), 7.7.
 */
#ifndef XEIR_FACTS_H
#define XEIR_FACTS_H

#include <xeir/ies.h>
#include <xeir/maps.h>
#include <xeir/messages.h>
#include <xeir/octets.h>

/* A bearer in a message. */
struct xeir_fact_bearer {
	__u8 ebi;
	__u8 cause;			/* 0: none */
	__u8 zero[2];
	struct xeir_bearer ends;
};

struct xeir_facts {
	__u8 cause;			/* 0: none */
	__u8 recovers;			/* there is a Recovery IE */
	__u8 recovery;			/* its restart counter */
	__u8 has_ebi;
	__u8 ebi;			/* of the session: EBI of its default bearer, or NSAPI */
	__u8 has_linked;		/* GTPv1: a second NSAPI, of the primary context */
	__u8 linked;
	__u8 teardown;			/* GTPv1: all contexts, not just that one */
	__u8 rat;			/* RAT type, TS 29.274 cl. 8.17; 0: none */
	__u8 addresses;			/* GSN addresses so far */
	__u8 bearers;
	__u8 contexts;			/* Bearer Contexts */
	__u8 interface;			/* of the sender's F-TEID */
	__u8 zero[3];
	__u32 removed;			/* bit n: EBI n is to be removed */
	__u32 named;			/* GTPv2, bit n: EBI n stands outside of Bearer Contexts */
	__u32 removing;			/* bit n: Bearer Context n is of a bearer to be removed */
	__u32 walking;			/* Bearer Contexts begun so far */
	__u32 walked;			/* how far in the last of them */
	__u32 walk_end;
	struct xeir_span uli;		/* User Location Information */
	struct xeir_span context[XEIR_BEARERS];
	struct xeir_fteid control[2];	/* GTPv2: instance 0 and 1; GTPv1: the sender's, none */
	struct xeir_fact_bearer bearer[XEIR_BEARERS];
};

/* Octets of xeir_facts before the bearers, which are cleared one by one when found. */
#define XEIR_FACTS_HEAD offsetof(struct xeir_facts, bearer)

static __always_inline void xeir_copy_octets(__u8 *to, const __u8 *from, __u32 octets)
{
	for (__u32 i = 0; i < octets; i++)
		to[i] = from[i];
}

/* TS 29.274 cl. 8.22: flags and interface, TEID, then an IPv4 and an IPv6 address by the flags. */
static __always_inline void xeir_read_fteid(const struct xeir_bytes *b, __u32 off, __u32 len,
					    struct xeir_fteid *to)
{
	const __u8 *p = xeir_at(b, off, 5);
	__u8 flags;

	if (!p || len < 9)
		return;
	flags = p[0];
	__builtin_memset(to, 0, sizeof(*to));
	to->teid = xeir_be32(p + 1);
	off += 5;
	len -= 5;
	if (flags & 0x80) {
		p = xeir_at(b, off, 4);
		if (!p)
			return;
		xeir_copy_octets(to->ipv4, p, 4);
		off += 4;
		len -= 4;
	}
	p = xeir_at(b, off, 16);
	if (flags & 0x40 && p && len >= 16)
		xeir_copy_octets(to->ipv6, p, 16);
}

/* Which end the F-TEID @instance in a Bearer Context of message @type is; XEIR_ENDS: none. */
static __always_inline __u8 xeir_end_of(__u8 type, __u8 instance)
{
	switch (type) {
	case XEIR_GTPV2_CREATE_SESSION:
		return instance == 3 ? XEIR_END_ANCHOR : XEIR_END_ACCESS;
	case XEIR_GTPV2_MODIFY_BEARER:
	case XEIR_GTPV2_MODIFY_ACCESS:
	case XEIR_GTPV2_UPDATE_BEARER_RESPONSE:
		return XEIR_END_ACCESS;
	case XEIR_GTPV2_CREATE_SESSION_RESPONSE:
		if (instance == 3)
			return XEIR_END_DIRECT;
		return instance == 2 || instance == 4 || instance == 5 ? XEIR_END_ANCHOR :
									 XEIR_END_CORE;
	case XEIR_GTPV2_MODIFY_BEARER_RESPONSE:
		return instance == 1 ? XEIR_END_DIRECT : XEIR_END_CORE;
	case XEIR_GTPV2_MODIFY_ACCESS_RESPONSE:
		return XEIR_END_CORE;
	case XEIR_GTPV2_CREATE_BEARER:
		/* as in GTPv1, that of the sender */
		return XEIR_END_ACCESS;
	case XEIR_GTPV2_CREATE_BEARER_RESPONSE:
		if (instance == 1 || instance == 7)
			return XEIR_END_CORE;
		if (instance == 5)
			return XEIR_END_DIRECT;
		return instance == 3 || instance == 9 || instance == 11 ? XEIR_END_ANCHOR :
									  XEIR_END_ACCESS;
	}
	return XEIR_ENDS;
}

/* Add a bearer, without ends; NULL: no capacity for one more. */
static __always_inline struct xeir_fact_bearer *xeir_add_bearer(struct xeir_facts *f)
{
	struct xeir_fact_bearer *bearer;
	__u32 n = f->bearers;

	if (n >= XEIR_BEARERS)
		return NULL;
	f->bearers = n + 1;
	bearer = &f->bearer[xeir_index(n, XEIR_BEARERS)];
	bearer->ebi = 0;
	bearer->cause = 0;
	for (int end = 0; end < XEIR_ENDS; end++)
		bearer->ends.end[end].teid = 0;
	return bearer;
}

/* Instance 1 is a bearer to be removed, TS 29.274 tables 7.2.2-1 and 7.2.7-1. */
static __always_inline void xeir_note_context(struct xeir_facts *f, __u8 instance, __u32 off,
					      __u32 len)
{
	__u32 n = f->contexts;

	if (n >= XEIR_BEARERS)
		return;
	f->contexts = n + 1;
	f->context[xeir_index(n, XEIR_BEARERS)].off = off;
	f->context[xeir_index(n, XEIR_BEARERS)].len = len;
	if (instance)
		f->removing |= 1U << n;
}

/* The bearer of the Bearer Context that is being read. */
static __always_inline struct xeir_fact_bearer *xeir_last_bearer(struct xeir_facts *f)
{
	return &f->bearer[xeir_index(f->bearers - 1, XEIR_BEARERS)];
}

/* End one Bearer Context, if one was begun, and begin the next; 1: that was the last. */
static __always_inline int xeir_next_context(struct xeir_facts *f)
{
	__u32 n = f->walking;

	if (n && f->removing >> ((n - 1) & (XEIR_BEARERS - 1)) & 1) {
		f->removed |= 1U << xeir_last_bearer(f)->ebi;
		f->bearers--;
	}
	if (n >= f->contexts || n >= XEIR_BEARERS || !xeir_add_bearer(f))
		return 1;
	f->walking = n + 1;
	f->walked = f->context[xeir_index(n, XEIR_BEARERS)].off;
	f->walk_end = f->walked + f->context[xeir_index(n, XEIR_BEARERS)].len;
	return 0;
}

/* An IE of a Bearer Context of the message @message. */
static __always_inline void xeir_note_bearer(const struct xeir_bytes *b,
					     struct xeir_fact_bearer *bearer, __u8 message,
					     __u8 type, __u8 instance, __u32 off, __u32 len)
{
	const __u8 *p = xeir_at(b, off, 1);
	__u8 which;

	if (type == XEIR_IE_V2_FTEID) {
		which = xeir_end_of(message, instance);
		if (which < XEIR_ENDS)
			xeir_read_fteid(b, off, len,
					&bearer->ends.end[xeir_index(which, XEIR_ENDS)]);
	} else if (type == XEIR_IE_V2_EBI && !instance && len && p) {
		bearer->ebi = p[0] & (XEIR_BEARERS - 1);
	} else if (type == XEIR_IE_V2_CAUSE && !instance && len && p) {
		bearer->cause = p[0];
	}
}

/* Read one IE of the Bearer Contexts, or begin the next of them; 1 ends the walk. */
static __always_inline int xeir_walk_contexts(const struct xeir_bytes *b, struct xeir_facts *f,
					      __u8 message)
{
	__u32 off = f->walked, value = off + 4, len;
	const __u8 *p;

	if (off >= f->walk_end)
		return xeir_next_context(f);
	f->walked = f->walk_end;
	p = xeir_at(b, off, 4);
	if (!p)
		return 0;
	len = xeir_be16(p + 1);
	if (value + len > f->walk_end)
		return 0;
	f->walked = value + len;
	xeir_note_bearer(b, xeir_last_bearer(f), message, p[0], p[3] & 0x0f, value, len);
	return 0;
}

static __always_inline void xeir_note_ebi(struct xeir_facts *f, __u8 octet)
{
	if (f->has_ebi)
		return;
	f->has_ebi = 1;
	f->ebi = octet & (XEIR_BEARERS - 1);
}

/* An IE of a GTPv2 message, at @off of @b. */
static __always_inline void xeir_note_facts_v2(const struct xeir_bytes *b, struct xeir_facts *f,
					       __u8 type, __u8 instance, __u32 off, __u32 len)
{
	const __u8 *p;

	if (type == XEIR_IE_V2_FTEID && instance < 2) {
		p = xeir_at(b, off, 1);
		if (p && !instance)
			f->interface = p[0] & 0x3f;
		xeir_read_fteid(b, off, len, &f->control[xeir_index(instance, 2)]);
		return;
	}
	if (type == XEIR_IE_V2_BEARER_CONTEXT && instance < 2) {
		xeir_note_context(f, instance, off, len);
		return;
	}
	p = xeir_at(b, off, 1);
	if (!p || !len)
		return;
	if (type == XEIR_IE_V2_EBI && instance == 1)
		f->removed |= 1U << (p[0] & (XEIR_BEARERS - 1));
	if (instance)
		return;
	if (type == XEIR_IE_V2_CAUSE) {
		f->cause = p[0];
	} else if (type == XEIR_IE_V2_RECOVERY) {
		f->recovers = 1;
		f->recovery = p[0];
	} else if (type == XEIR_IE_V2_EBI) {
		xeir_note_ebi(f, p[0]);
		f->named |= 1U << (p[0] & (XEIR_BEARERS - 1));
	} else if (type == XEIR_IE_V2_RAT) {
		f->rat = p[0];
	} else if (type == XEIR_IE_V2_ULI) {
		f->uli.off = off;
		f->uli.len = len;
	}
}

/* GSN addresses come in this order: signalling, user traffic, then both of the other family. */
static __always_inline void xeir_note_gsn(const struct xeir_bytes *b, struct xeir_facts *f,
					  struct xeir_fteid *user, __u32 off, __u32 len)
{
	struct xeir_fteid *end = f->addresses & 1 ? user : &f->control[0];
	const __u8 *p = xeir_at(b, off, 4);

	f->addresses++;
	if (len == 4 && p)
		xeir_copy_octets(end->ipv4, p, 4);
	p = xeir_at(b, off, 16);
	if (len == 16 && p)
		xeir_copy_octets(end->ipv6, p, 16);
}

/* GTPv1 has one bearer per message, with one end: that of the sender. */
static __always_inline struct xeir_fteid *xeir_sender_end_v1(struct xeir_facts *f)
{
	return &f->bearer[0].ends.end[XEIR_END_ACCESS];
}

static __always_inline void xeir_begin_facts_v1(struct xeir_facts *f)
{
	if (xeir_add_bearer(f))
		__builtin_memset(xeir_sender_end_v1(f), 0, sizeof(struct xeir_fteid));
}

/* A single address belongs to a single TEID; an SGSN's response has it for user traffic. */
static __always_inline void xeir_end_facts_v1(struct xeir_facts *f)
{
	struct xeir_fteid *user = xeir_sender_end_v1(f);

	if (f->addresses != 1 || f->control[0].teid || !user->teid)
		return;
	f->control[0].teid = user->teid;
	*user = f->control[0];
	__builtin_memset(&f->control[0], 0, sizeof(f->control[0]));
}

/* An IE of a GTPv1 message, at @off of @b. */
static __always_inline void xeir_note_facts_v1(const struct xeir_bytes *b, struct xeir_facts *f,
					       __u8 type, __u32 off, __u32 len)
{
	struct xeir_fteid *user = xeir_sender_end_v1(f);
	const __u8 *p = xeir_at(b, off, 1);

	if (!p || !len)
		return;
	if (type == XEIR_IE_V1_CAUSE) {
		f->cause = p[0];
	} else if (type == XEIR_IE_V1_RECOVERY) {
		f->recovers = 1;
		f->recovery = p[0];
	} else if (type == XEIR_IE_V1_TEARDOWN) {
		f->teardown = p[0] & 1;
	} else if (type == XEIR_IE_V1_NSAPI && !f->has_ebi) {
		xeir_note_ebi(f, p[0]);
		f->bearer[0].ebi = f->ebi;
	} else if (type == XEIR_IE_V1_NSAPI) {
		f->has_linked = 1;
		f->linked = p[0] & (XEIR_BEARERS - 1);
	} else if (type == XEIR_IE_V1_GSN_ADDRESS) {
		xeir_note_gsn(b, f, user, off, len);
	} else if (type == XEIR_IE_V1_RAT) {
		f->rat = p[0];
	} else if (type == XEIR_IE_V1_ULI) {
		f->uli.off = off;
		f->uli.len = len;
	}
	p = xeir_at(b, off, 4);
	if (!p)
		return;
	if (type == XEIR_IE_V1_TEID_DATA)
		user->teid = xeir_be32(p);
	else if (type == XEIR_IE_V1_TEID_CONTROL)
		f->control[0].teid = xeir_be32(p);
}

/* Does @cause accept the request? TS 29.274 cl. 8.4, TS 29.060 cl. 7.7.1. */
static __always_inline int xeir_cause_accepts(__u8 version, __u8 cause)
{
	return version == 2 ? cause >= 16 && cause <= 19 : cause >= 128 && cause <= 130;
}

/* Does @cause report that there is nothing to delete? */
static __always_inline int xeir_cause_knows_none(__u8 version, __u8 cause)
{
	return cause == (version == 2 ? 64 : 192);
}

#endif /* XEIR_FACTS_H */
