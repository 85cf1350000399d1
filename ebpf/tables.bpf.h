/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The maps of sessions and sightings. The loader sets their capacity. Those without preallocation
 * take memory as they fill.
 */
#ifndef XEIR_TABLES_BPF_H
#define XEIR_TABLES_BPF_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <xeir/maps.h>

/* The verifier of Linux 6.1 may take a loop with a call in it for an endless one. */
#define XEIR_UNROLL _Pragma("unroll")

/* Capacity where the loader sets none. */
#define XEIR_DEFAULT_CAPACITY 1024

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, XEIR_DEFAULT_CAPACITY);
	__type(key, struct xeir_session_key);
	__type(value, struct xeir_session);
} XEIR_MAP_SESSIONS SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, XEIR_BEARERS_OF(XEIR_DEFAULT_CAPACITY));
	__type(key, struct xeir_session_key);
	__type(value, struct xeir_bearer);
} XEIR_MAP_BEARERS SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, XEIR_BINDINGS_OF(XEIR_DEFAULT_CAPACITY));
	__type(key, struct xeir_teid);
	__type(value, struct xeir_binding);
} XEIR_MAP_BINDINGS SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, XEIR_PENDING_ENTRIES);
	__type(key, struct xeir_transaction_key);
	__type(value, struct xeir_transaction);
} XEIR_MAP_PENDING SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, XEIR_PATHS_ENTRIES);
	__type(key, struct xeir_path);
	__type(value, struct xeir_restart);
} XEIR_MAP_PATHS SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, XEIR_DEFAULT_CAPACITY);
	__type(key, struct xeir_sighting_key);
	__type(value, struct xeir_sighting);
} XEIR_MAP_SIGHTINGS SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, XEIR_TALLIES);
	__type(key, __u32);
	__type(value, __u64);
} XEIR_MAP_TALLIES SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct xeir_cutting);
} XEIR_MAP_CUTTING SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct xeir_cut_teids);
} XEIR_MAP_CUT_TEIDS SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, XEIR_CUT_COUNTS_ENTRIES);
	__type(key, __u32);
	__type(value, __u64);
} XEIR_MAP_CUT_COUNTS SEC(".maps");

static __always_inline void tally(__u32 what)
{
	__u64 *n = bpf_map_lookup_elem(&XEIR_MAP_TALLIES, &what);

	if (n)
		++*n;
}

#endif /* XEIR_TABLES_BPF_H */
