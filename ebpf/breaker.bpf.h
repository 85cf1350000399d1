/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The breaker of a commit: when its entries stop more attempts than allowed, they have their
 * former values again, at once and also if the tool was killed.
 */
#ifndef XEIR_BREAKER_BPF_H
#define XEIR_BREAKER_BPF_H

#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#include <xeir/list.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct xeir_breaker);
} XEIR_MAP_BREAKER SEC(".maps");

static __always_inline struct xeir_breaker *the_breaker(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&XEIR_MAP_BREAKER, &zero);
}

/* The entry's generation is live then, as only a live one can have tripped it. */
static __always_inline int has_tripped(const struct xeir_entry *e)
{
	const struct xeir_breaker *breaker = the_breaker();

	return breaker && breaker->state == XEIR_BREAKER_TRIPPED &&
	       e->generation == breaker->generation;
}

/* An attempt was stopped by @e, which is live. Not 0: it is the one that trips the breaker. */
static __always_inline int count_stopped(const struct xeir_entry *e, __u64 now)
{
	struct xeir_breaker *breaker = the_breaker();

	if (!breaker || breaker->state != XEIR_BREAKER_CLOSED || now >= breaker->expiry_ns ||
	    e->generation != breaker->generation)
		return 0;
	if (__sync_fetch_and_add(&breaker->count, 1) < breaker->limit)
		return 0;
	return __sync_val_compare_and_swap(&breaker->state, XEIR_BREAKER_CLOSED,
					   XEIR_BREAKER_TRIPPED) == XEIR_BREAKER_CLOSED;
}

#endif /* XEIR_BREAKER_BPF_H */
