/* SPDX-License-Identifier: GPL-2.0-only */
/* The maps that all programs share, and the list behind the rules. */
#ifndef XEIR_MAPS_BPF_H
#define XEIR_MAPS_BPF_H

#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#include "breaker.bpf.h"

#include <xeir/list.h>
#include <xeir/packet.h>
#include <xeir/verdict.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, XEIR_LIST_DEFAULT_ENTRIES);
	__type(key, struct xeir_key);
	__type(value, struct xeir_entry);
} XEIR_MAP_LIST SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct xeir_control);
} XEIR_MAP_CONTROL SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct xeir_config);
} XEIR_MAP_CONFIG SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, XEIR_RULE_MAX + 1);
	__type(key, __u32);
	__type(value, struct xeir_counter);
} XEIR_MAP_COUNTERS SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, XEIR_TRAFFIC_ENTRIES);
	__type(key, struct xeir_traffic_key);
	__type(value, struct xeir_traffic);
} XEIR_MAP_TRAFFIC SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, XEIR_ATTEMPTS_ENTRIES);
	__type(key, struct xeir_attempt);
	__type(value, __u64);
} XEIR_MAP_ATTEMPTS SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, XEIR_HITS_ENTRIES);
	__type(key, struct xeir_key);
	__type(value, struct xeir_hits);
} XEIR_MAP_HITS SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, XEIR_EVENTS_BYTES);
} XEIR_MAP_EVENTS SEC(".maps");

/*
 * A message that lies in several buffers, put together. Too large for a per-CPU map, so that
 * whoever loads the program makes as many as there are CPUs.
 */
struct xeir_copy {
	__u8 octets[XEIR_OFFSET_MASK + 1];
	__u8 beyond[40]; /* nothing reaches here, but the verifier cannot know */
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct xeir_copy);
} xeir_copies SEC(".maps");

/*
 * A walk that has met an element just when a writer put another in its place, and its
 * memory is about to serve another key, may end without either. So whoever misses a key
 * while there is a writer looks again: no key is replaced twice under one run of a program.
 */
static __always_inline struct xeir_entry *find_entry(const struct xeir_key *key)
{
	__u32 zero = 0;
	const struct xeir_control *control = bpf_map_lookup_elem(&XEIR_MAP_CONTROL, &zero);
	struct xeir_entry *e;

	if (!control || !xeir_may_list(control, key->kind))
		return NULL;
	e = bpf_map_lookup_elem(&XEIR_MAP_LIST, key);
	if (e || !*(const volatile __u32 *)&control->pending)
		return e;
	return bpf_map_lookup_elem(&XEIR_MAP_LIST, key);
}

/*
 * An element may leave the list, and its memory serve another key, while it is
 * read here. So it is looked up again behind the reading, and read anew when
 * the key has another element by now.
 */
static __always_inline int xeir_list_side(const void *list, const struct xeir_key *key,
					  struct xeir_side *side)
{
	__u32 live = *(const __u32 *)list;
	struct xeir_entry *e;

	for (int i = 0; i < 4; i++) {
		e = find_entry(key);
		if (!e)
			return 0;
		*side = *(has_tripped(e) ? &e->before : xeir_entry_side(e, live));
		barrier();
		if (bpf_map_lookup_elem(&XEIR_MAP_LIST, key) == e)
			break;
	}
	if (side->action == XEIR_ACTION_PASS)
		return 0;
	/* TAI runs ahead of UTC by the leap seconds, so an entry may end that much early */
	return !side->expiry || !xeir_side_ended(side, bpf_ktime_get_tai_ns() / 1000000000ULL);
}

#endif /* XEIR_MAPS_BPF_H */
