/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Digits as messages have them, two an octet, the low nibble first, into those of keys. Pure.
 *
 * IMEI: TS 29.274 cl. 8.10, TS 29.060 cl. 7.7.53. IMSI, MSISDN: TS 29.274 cl. 8.3, 8.11.
 */
#ifndef XEIR_DIGITS_H
#define XEIR_DIGITS_H

#include <xeir/maps.h>
#include <xeir/octets.h>

/* The octets of an IMEI in one number, the first lowest. */
static __always_inline __u64 xeir_imei_octets(const __u8 *id)
{
	__u64 octets = 0;

	for (int i = 0; i < XEIR_IMEI_OCTETS; i++)
		octets |= (__u64)id[i] << (8 * i);
	return octets;
}

/* A nibble above 9 has the 8 and the 4 or the 2. */
static __always_inline int xeir_imei_is_hex(__u64 octets)
{
	return (octets & (octets << 1 | octets << 2) & 0x0088888888888888ULL) != 0;
}

/* The first 14 digits of the IMEI at @off of @b, as the IMEI IE has them; 0: not in the buffer. */
static __always_inline int xeir_read_imei(const struct xeir_bytes *b, __u32 off, __u8 shifted,
					  __u8 *id)
{
	const __u8 *p = xeir_at(b, off, XEIR_IMEI_OCTETS + 1);

	if (!shifted || !p) {
		p = xeir_at(b, off, XEIR_IMEI_OCTETS);
		if (shifted || !p)
			return 0;
		for (int i = 0; i < XEIR_IMEI_OCTETS; i++)
			id[i] = p[i];
		return 1;
	}
	for (int i = 0; i < XEIR_IMEI_OCTETS; i++)
		id[i] = p[i] >> 4 | p[i + 1] << 4;
	return 1;
}

/* The first octets of the span, the first lowest, and FF behind its end. */
static __always_inline __u64 xeir_number_octets(const struct xeir_bytes *b, struct xeir_span span)
{
	const __u8 *p = xeir_at(b, span.off, XEIR_NUMBER_OCTETS);
	__u64 octets = ~0ULL;

	if (p) {
		octets = 0;
		for (__u32 i = 0; i < XEIR_NUMBER_OCTETS; i++)
			octets |= (__u64)p[i] << (8 * i);
		if (span.len < XEIR_NUMBER_OCTETS)
			octets |= ~0ULL << 8 * span.len;
		return octets;
	}
	for (__u32 i = 0; i < XEIR_NUMBER_OCTETS; i++) {
		p = xeir_at(b, span.off + i, 1);
		if (!p || i >= span.len)
			break;
		octets ^= (__u64)(__u8)~p[0] << (8 * i);
	}
	return octets;
}

/*
 * A number as a key has it: digits up to the first filler, then F alone. 15 digits are the most
 * that E.164 and TS 23.003 cl. 2.2 allow; a 16th nibble is no digit, whatever it holds.
 */
static __always_inline void xeir_read_number(const struct xeir_bytes *b, struct xeir_span span,
					     __u8 *id)
{
	__u64 octets = xeir_number_octets(b, span), fillers;

	/* a bit of each nibble that is F */
	fillers = octets & octets >> 1 & octets >> 2 & octets >> 3 & 0x1111111111111111ULL;
	fillers |= 1ULL << 60;
	octets |= ~((fillers & -fillers) - 1);
	for (int i = 0; i < XEIR_NUMBER_OCTETS; i++)
		id[i] = octets >> (8 * i);
}

#endif /* XEIR_DIGITS_H */
