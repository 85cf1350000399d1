/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Is a message part of an emergency session, which no identity check may end
 * (TS 22.016 cl. 2)? Pure. One of:
 *
 *	its APN is an emergency APN of the configuration
 *	it marks its IMSI as unauthenticated
 *	it has no IMSI, although the standard requires one of all other sessions
 */
#ifndef XEIR_EMERGENCY_H
#define XEIR_EMERGENCY_H

#include <xeir/gtpc.h>

/* An APN that is compared with a name of the configuration. */
struct xeir_naming {
	struct xeir_taking apn;
	const __u8 *name;
};

static __always_inline __u8 xeir_small(__u8 c)
{
	return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

/* The operator's part of an APN starts with a label "mncNNN", TS 23.003 cl. 9.1. */
static __always_inline int xeir_is_operator(const struct xeir_taking *apn, __u32 at)
{
	return xeir_octet_of(apn, at, 0) == 6 &&
	       xeir_small(xeir_octet_of(apn, at + 1, 0)) == 'm' &&
	       xeir_small(xeir_octet_of(apn, at + 2, 0)) == 'n' &&
	       xeir_small(xeir_octet_of(apn, at + 3, 0)) == 'c';
}

/* An octet of the APN against the name's; *apn.to becomes 1 when they prove to be the same. */
static int xeir_name_step(__u32 i, void *ctx)
{
	const struct xeir_naming *n = ctx;
	__u8 c;

	if (i >= XEIR_APN_OCTETS)
		return 1;
	c = n->name[xeir_index(i, XEIR_APN_OCTETS)];
	if (!c) {
		*n->apn.to = i == n->apn.span.len || xeir_is_operator(&n->apn, i);
		return 1;
	}
	return c != xeir_small(xeir_octet_of(&n->apn, i, 0));
}

static __always_inline int xeir_is_emergency_apn(const struct xeir_bytes *b, struct xeir_gtpc *m,
						 const struct xeir_config *config)
{
	const __u32 small = 0x00202020;
	const __u8 *p = xeir_at(b, m->apn.off, 4);
	__u32 head;

	if (!p || m->apn.len < 4 || m->apns > 1)
		return 0;
	head = xeir_be32(p) | small;
	for (int i = 0; i < XEIR_EMERGENCY_APNS; i++) {
		struct xeir_naming n = { .name = config->emergency[i] };

		/* nearly every APN ends here */
		if (head != (xeir_be32(n.name) | small))
			continue;
		n.apn.bytes = *b;
		n.apn.span = m->apn;
		n.apn.to = &m->emergency_apn;
		xeir_repeat(XEIR_APN_OCTETS, xeir_name_step, &n);
	}
	return m->emergency_apn;
}

/* A secondary context, whose TEID names the session, needs neither IMSI nor IMEI. */
static __always_inline int xeir_is_secondary(const struct xeir_gtpc *m)
{
	return m->version == 1 && m->type == XEIR_GTPV1_CREATE_PDP && m->teid;
}

static __always_inline int xeir_is_emergency(const struct xeir_gtpc *m, __u8 flags)
{
	if (m->unauthenticated || m->emergency_apn)
		return 1;
	/* in a malformed or truncated message the IMSI may not have been reached */
	return flags & XEIR_MSG_IMSI && !m->imsi.len && !m->malformed && !xeir_is_secondary(m);
}

#endif /* XEIR_EMERGENCY_H */
