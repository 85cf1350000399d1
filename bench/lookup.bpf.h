/* SPDX-License-Identifier: GPL-2.0-only */
/* What is looked up, and how often in one run. */
#ifndef XEIR_LOOKUP_BPF_H
#define XEIR_LOOKUP_BPF_H

#include <linux/types.h>
#include <xeir/maps.h>

#define LOOKUPS 1000000

/* Keys that have no order; those from 0 to the number listed are. */
static inline __attribute__((always_inline)) void nth_key(__u32 n, struct xeir_key *key)
{
	const __u64 id = n * 0x9e3779b97f4a7c15ULL >> 8;

	__builtin_memset(key, 0, sizeof(*key));
	key->kind = XEIR_KIND_IMEI;
	__builtin_memcpy(key->id, &id, XEIR_IMEI_OCTETS);
}

#endif /* XEIR_LOOKUP_BPF_H */
