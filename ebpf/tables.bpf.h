/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The maps of sessions and sightings. Whoever loads the programs says how large they are;
 * those that are not preallocated take memory as they fill.
 */
#ifndef XEIR_TABLES_BPF_H
#define XEIR_TABLES_BPF_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <xeir/maps.h>

/* 6.1 takes a call in a loop for one that has no end, depending on where it meets it first. */
#define XEIR_UNROLL _Pragma("unroll")

/* For a program that is loaded without being told. */
#define XEIR_FEW 1024

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, XEIR_FEW);
	__type(key, struct xeir_session_key);
	__type(value, struct xeir_session);
} XEIR_MAP_SESSIONS SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, XEIR_BEARERS_OF(XEIR_FEW));
	__type(key, struct xeir_session_key);
	__type(value, struct xeir_bearer);
} XEIR_MAP_BEARERS SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, XEIR_BINDINGS_OF(XEIR_FEW));
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
	__uint(max_entries, XEIR_FEW);
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

static __always_inline void tally(__u32 what)
{
	__u64 *n = bpf_map_lookup_elem(&XEIR_MAP_TALLIES, &what);

	if (n)
		++*n;
}

#endif /* XEIR_TABLES_BPF_H */
