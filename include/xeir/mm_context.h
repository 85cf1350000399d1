/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the MEI stands in an MM Context, which the old node of a moving handset
 * sends to the new one. Pure. All lengths in front of it must be stepped over.
 *
 * GTPv2: types 103 to 108, TS 29.274 cl. 8.38; the MEI is coded as in its own IE.
 * GTPv1: type 129, TS 29.060 cl. 7.7.28; the MEI is a Mobile Identity of TS 24.008
 * cl. 10.5.1.4, whose first octet holds a type and one digit, so that all digits
 * are shifted by one against the IMEI IE. It is one of the elements of a Container.
 */
#ifndef XEIR_MM_CONTEXT_H
#define XEIR_MM_CONTEXT_H

#include <xeir/octets.h>

#define XEIR_MM_CONTEXT_FIRST		103
#define XEIR_MM_CONTEXT_GSM_TRIPLETS	103
#define XEIR_MM_CONTEXT_GSM_QUINTUPLETS	105
#define XEIR_MM_CONTEXT_EPS		107
#define XEIR_MM_CONTEXT_UMTS_EPS	108
#define XEIR_MM_CONTEXT_LAST		108

/* Authentication vectors of a kind that the flags can count. */
#define XEIR_VECTORS		7

#define XEIR_IEI_MOBILE_IDENTITY	0x23

/* Behind the field at @off, whose first octet is its length; 0: not in the buffer. */
static __always_inline __u32 xeir_skip_field(const struct xeir_bytes *b, __u32 off)
{
	const __u8 *p = off ? xeir_at(b, off, 1) : 0;

	return p ? off + 1 + p[0] : 0;
}

/* RAND 16, XRES, CK 16, IK 16, AUTN */
static __always_inline __u32 xeir_skip_quintuplet(const struct xeir_bytes *b, __u32 off)
{
	off = xeir_skip_field(b, off + 16);
	return off ? xeir_skip_field(b, off + 32) : 0;
}

/* RAND 16, XRES, AUTN, KASME 32 */
static __always_inline __u32 xeir_skip_quadruplet(const struct xeir_bytes *b, __u32 off)
{
	off = xeir_skip_field(b, xeir_skip_field(b, off + 16));
	return off ? off + 32 : 0;
}

/* The authentication vectors of a GTPv2 context; *@at is where the walk over them is, 0: broken. */
struct xeir_vectors {
	struct xeir_bytes bytes;
	__u32 *at;
	__u32 quadruplets;	/* these come first */
	__u32 all;
};

static int xeir_vector_step(__u32 i, void *ctx)
{
	const struct xeir_vectors *v = ctx;

	if (i >= v->all || !*v->at)
		return 1;
	*v->at = i < v->quadruplets ? xeir_skip_quadruplet(&v->bytes, *v->at) :
				      xeir_skip_quintuplet(&v->bytes, *v->at);
	return 0;
}

/* Octets of the keys that lead, and of the counts with them. */
static __always_inline __u32 xeir_key_octets_v2(__u8 type)
{
	if (type == XEIR_MM_CONTEXT_EPS)
		return 38;
	if (type == XEIR_MM_CONTEXT_GSM_TRIPLETS || type == XEIR_MM_CONTEXT_GSM_QUINTUPLETS)
		return 8;
	return 32;
}

/* Octets of the fields that are there when a flag in the three octets @p says so. */
static __always_inline __u32 xeir_optional_octets_v2(__u8 type, const __u8 *p)
{
	int eps = type == XEIR_MM_CONTEXT_EPS;
	__u32 octets = 0;

	if (p[0] & 0x08)
		octets += 2; /* DRX parameter */
	if (eps && p[0] & 0x10)
		octets += 33; /* NH and NCC */
	if (eps ? p[2] & 0x80 : p[1] & 0x01)
		octets += 8; /* subscribed UE AMBR */
	if (p[1] & 0x02)
		octets += 8; /* used UE AMBR */
	return octets;
}

/* The field at @off, when it ends by @end. */
static __always_inline struct xeir_span xeir_field_span(const struct xeir_bytes *b, __u32 off,
							__u32 end)
{
	const __u8 *p = off ? xeir_at(b, off, 1) : 0;

	if (!p || off + 1 + p[0] > end)
		return (struct xeir_span){ 0 };
	return (struct xeir_span){ .off = off + 1, .len = p[0] };
}

/* The MEI of a GTPv2 context: len 0, it has none; off 0, the context breaks in front of it. */
static __always_inline struct xeir_span
xeir_mei_of_mm_context_v2(const struct xeir_bytes *b, __u8 type, __u32 off, __u32 len, __u32 *at)
{
	struct xeir_vectors v = { .bytes = *b, .at = at };
	const __u8 *p = xeir_at(b, off, 3);
	__u32 octets;

	if (!p)
		return (struct xeir_span){ 0 };
	octets = xeir_optional_octets_v2(type, p);
	*at = off + 3 + xeir_key_octets_v2(type);
	if (type == XEIR_MM_CONTEXT_GSM_TRIPLETS) {
		*at += (p[1] >> 5) * 28;
	} else {
		v.quadruplets = type >= XEIR_MM_CONTEXT_EPS ? p[1] >> 2 & 7 : 0;
		v.all = v.quadruplets + (p[1] >> 5);
		xeir_repeat(2 * XEIR_VECTORS, xeir_vector_step, &v);
	}
	if (*at)
		*at = xeir_skip_field(b, *at + octets); /* UE network capability */
	return xeir_field_span(b, xeir_skip_field(b, *at), off + len); /* that of the MS; MEI */
}

/* By its first octet, is a Mobile Identity an IMEI or an IMEISV? */
static __always_inline int xeir_identity_is_imei(__u8 first)
{
	return (first & 6) == 2;
}

/* The Container of a GTPv1 context, elements of TS 24.008; off 0, the context breaks. */
static __always_inline struct xeir_span xeir_container_of_mm_context(const struct xeir_bytes *b,
								     __u32 off, __u32 len)
{
	__u32 end = off + len, mode, triplets;
	const __u8 *p = xeir_at(b, off, 2);

	if (!p)
		return (struct xeir_span){ 0 };
	mode = p[1] >> 6;
	triplets = p[1] >> 3 & 7;
	off += 2 + (mode & 1 ? 8 : 32);
	if (mode == 1) {
		off += triplets * 28;
	} else {
		p = xeir_at(b, off, 2);
		if (!p)
			return (struct xeir_span){ 0 };
		off += 2 + xeir_be16(p);
	}
	off = xeir_skip_field(b, off + 2); /* DRX parameter, MS network capability */
	p = off ? xeir_at(b, off, 2) : 0;
	if (!p || off + 2 + xeir_be16(p) > end)
		return (struct xeir_span){ 0 };
	return (struct xeir_span){ .off = off + 2, .len = xeir_be16(p) };
}

#endif /* XEIR_MM_CONTEXT_H */
