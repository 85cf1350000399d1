/* SPDX-License-Identifier: GPL-2.0-only */
/* GTP-U, TS 29.281 cl. 5: only packets of sessions that are cut are stopped. */
#ifndef XEIR_GTPU_BPF_H
#define XEIR_GTPU_BPF_H

#include "breaker.bpf.h"
#include "maps.bpf.h"
#include "sessions.bpf.h"

#define GTPU_END_MARKER 254
#define GTPU_G_PDU 255

static __always_inline int any_is_cut(void)
{
	__u32 zero = 0;
	const struct xeir_cutting *cutting = bpf_map_lookup_elem(&XEIR_MAP_CUTTING, &zero);

	return cutting && cutting->tunnels;
}

/* By the TEID of a plain packet; the header is flags, type, length, TEID (TS 29.281 cl. 5.1). */
static __always_inline int may_be_of_cut(const struct xeir_bytes *frame)
{
	const __u8 *header = xeir_at(frame, XEIR_PLAIN_HEADERS, 8);

	return !header || may_be_cut(xeir_be32(header + 4));
}

/* Nearly every packet ends here; 0: it needs a closer look. */
static __always_inline int pass_plain_gtpu(struct xeir_bytes frame)
{
	__u32 rule = XEIR_RULE_GTP_U;
	struct xeir_counter *counter;

	if (!xeir_is_plain_gtpu(&frame) || (any_is_cut() && may_be_of_cut(&frame)))
		return 0;
	counter = bpf_map_lookup_elem(&XEIR_MAP_COUNTERS, &rule);
	if (counter)
		counter->packets[XEIR_ACTION_PASS]++;
	return 1;
}

/*
 * A TEID stays cut until the next sweep. Once the breaker has tripped that is too late, so the
 * session is judged again.
 */
__noinline int xeir_is_freed(const struct xeir_binding *binding)
{
	const struct xeir_breaker *breaker = the_breaker();
	struct xeir_verdict v = {};
	struct xeir_session_key key;
	struct xeir_session *s;

	if (!binding || !breaker || breaker->state != XEIR_BREAKER_TRIPPED)
		return 0;
	first_key(binding, &key);
	s = bpf_map_lookup_elem(&XEIR_MAP_SESSIONS, &key);
	if (s)
		xeir_judge_session(s, &v);
	return v.action < XEIR_ACTION_REJECT;
}

/* A first fragment too short for the GTP-U header hides the TEID; no lawful sender makes one. */
static __always_inline void refuse_gtpu(struct xeir_verdict *v)
{
	__u32 zero = 0;
	const struct xeir_config *config = bpf_map_lookup_elem(&XEIR_MAP_CONFIG, &zero);

	if (!config)
		return;
	v->rule = XEIR_RULE_FRAGMENT;
	v->action = XEIR_ACTION_DROP;
	xeir_apply_enforcement(config, v);
}

/* By the TEID in the GTP-U header @header. */
static __always_inline void judge_teid(const struct xeir_datagram *d, const __u8 *header,
				       struct xeir_verdict *v)
{
	struct xeir_teid at = { .teid = xeir_be32(header + 4), .plane = XEIR_PLANE_USER };
	__u32 zero = 0;
	const struct xeir_config *config;
	const struct xeir_binding *binding;

	if (header[0] >> 5 != 1 || header[1] < GTPU_END_MARKER)
		return;
	__builtin_memcpy(at.address, d->local, sizeof(at.address));
	binding = bpf_map_lookup_elem(&XEIR_MAP_BINDINGS, &at);
	config = bpf_map_lookup_elem(&XEIR_MAP_CONFIG, &zero);
	if (!binding || !binding->cut || !config)
		return;
	if (binding->expiry && binding->expiry <= bpf_ktime_get_tai_ns() / 1000000000ULL)
		return;
	if (xeir_is_freed(binding))
		return;
	v->rule = XEIR_RULE_SESSION;
	v->action = XEIR_ACTION_DROP;
	xeir_apply_enforcement(config, v);
}

#endif /* XEIR_GTPU_BPF_H */
