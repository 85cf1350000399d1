/* SPDX-License-Identifier: GPL-2.0-only */
/* Handsets by their number, of those of which messages are sent. */
#ifndef XEIR_HANDSET_BPF_H
#define XEIR_HANDSET_BPF_H

#include <linux/types.h>

#define HANDSET_TAC "\x53\x27\x22"

/* Eight digits for the octets behind a TAC: those of an octal number, as they need no division. */
static inline __attribute__((always_inline)) __u32 handset_digits(__u32 n)
{
	__u32 digits = 0;

	for (int i = 0; i < 8; i++)
		digits |= (n >> 3 * i & 7) << 4 * i;
	return digits;
}

#endif /* XEIR_HANDSET_BPF_H */
