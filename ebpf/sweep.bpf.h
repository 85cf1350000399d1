/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The sweep: after a commit, cut or free every session by the list. Runs in process context and
 * takes no lock.
 */
#ifndef XEIR_SWEEP_BPF_H
#define XEIR_SWEEP_BPF_H

#include "sessions.bpf.h"

static long sweep_step(const void *map, const struct xeir_session_key *at, struct xeir_session *s,
		       struct xeir_cutting *sum)
{
	__u32 zero = 0, was_cut = s->cut;
	const struct xeir_config *config = bpf_map_lookup_elem(&XEIR_MAP_CONFIG, &zero);
	struct xeir_session_key key = *at;

	(void)map;
	if (!config)
		return 1;
	if (is_over(s, config, bpf_ktime_get_tai_ns())) {
		xeir_end_session(&key);
		sum->ended++;
		return 0;
	}
	sum->sessions++;
	if (xeir_cut_session(&key))
		sum->cut++;
	else if (was_cut)
		sum->freed++;
	return 0;
}

SEC("syscall")
int xeir_sweep(void *ctx)
{
	__u32 zero = 0;
	struct xeir_cutting *cutting = bpf_map_lookup_elem(&XEIR_MAP_CUTTING, &zero);
	const struct xeir_control *control = bpf_map_lookup_elem(&XEIR_MAP_CONTROL, &zero);
	struct xeir_cutting sum = {};

	(void)ctx;
	if (!cutting || !control)
		return 1;
	if (!cutting->tunnels)
		forget_cut_teids();
	sum.generation = *(volatile __u32 *)&control->live;
	bpf_for_each_map_elem(&XEIR_MAP_SESSIONS, sweep_step, &sum, 0);
	cutting->sessions = sum.sessions;
	cutting->cut = sum.cut;
	cutting->freed = sum.freed;
	cutting->ended = sum.ended;
	cutting->generation = sum.generation;
	cutting->swept_ns = bpf_ktime_get_tai_ns();
	return 0;
}

#endif /* XEIR_SWEEP_BPF_H */
