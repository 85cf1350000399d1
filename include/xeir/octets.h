/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Octets of a packet and the one way to read them: every offset is checked against
 * the end, in a form that the BPF verifier can follow. Pure.
 */
#ifndef XEIR_OCTETS_H
#define XEIR_OCTETS_H

#include <linux/types.h>

/* Lets the verifier bound any offset; no message in one buffer is longer. */
#define XEIR_OFFSET_MASK	0x7fff

#ifdef __bpf__
/* Keeps clang from dropping the mask where it knows the range and the verifier does not. */
#define xeir_hide(x)		asm volatile("" : "+r"(x))
#define xeir_repeat(n, step, w)	bpf_loop(n, step, w, 0)
/*
 * The same of a @step that costs less than to call it does, so that each call makes two: more are
 * little faster, and take the verifier twice as long.
 */
#define XEIR_STRIDE 2
#define xeir_stride(n, step, w)	bpf_loop((n) / XEIR_STRIDE, step##_stride, w, 0)
#define xeir_define_stride(step)					\
	static int step##_stride(__u32 i, void *ctx)			\
	{								\
		for (__u32 n = 0; n < XEIR_STRIDE; n++)			\
			if (step(i * XEIR_STRIDE + n, ctx))		\
				return 1;				\
		return 0;						\
	}
/* An index below @n, a power of two, in a form that the verifier can see. */
#define xeir_index(i, n)						\
	({								\
		__u32 i_ = (i);						\
		xeir_hide(i_);						\
		i_ & ((n) - 1);						\
	})
#else
#define xeir_hide(x)		((void)0)
#define xeir_index(i, n)	(i)
#define xeir_repeat(n, step, w)						\
	do {								\
		for (__u32 i_ = 0; i_ < (n) && !step(i_, w); i_++)	\
			;						\
	} while (0)
#define xeir_stride		xeir_repeat
#define xeir_define_stride(step)
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

/* Octets being taken from a span. */
struct xeir_taking {
	struct xeir_bytes bytes;
	struct xeir_span span;
	__u8 *to;
};

/* The octet at @i of the span; @beyond where it has ended. */
static __always_inline __u8 xeir_octet_of(const struct xeir_taking *t, __u32 i, __u8 beyond)
{
	const __u8 *p = xeir_at(&t->bytes, t->span.off + i, 1);

	return p && i < t->span.len ? p[0] : beyond;
}

static __always_inline __u32 xeir_be16(const __u8 *p)
{
	return p[0] << 8 | p[1];
}

static __always_inline __u32 xeir_be32(const __u8 *p)
{
	return (__u32)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
}

#endif /* XEIR_OCTETS_H */
