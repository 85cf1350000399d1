/* SPDX-License-Identifier: GPL-2.0-only */
/* The maps of the fast path: list, settings, counters, events. */
#ifndef XEIR_MAPS_BPF_H
#define XEIR_MAPS_BPF_H

#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#include <xeir/maps.h>
#include <xeir/octets.h>

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
 * Copy of a message that lies in several buffers. Too large for a value of a per-CPU map, so the
 * loader makes as many elements as there are CPUs.
 */
struct xeir_copy {
	__u8 octets[XEIR_OFFSET_MASK + 1];
	__u8 beyond[40]; /* never used, but the verifier cannot know that */
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct xeir_copy);
} xeir_copies SEC(".maps");

#endif /* XEIR_MAPS_BPF_H */
