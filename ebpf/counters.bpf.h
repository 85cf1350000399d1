/* SPDX-License-Identifier: GPL-2.0-only */
/* What is counted of a datagram that was judged, and of the entry that decided. */
#ifndef XEIR_COUNTERS_BPF_H
#define XEIR_COUNTERS_BPF_H

#include "maps.bpf.h"
#include "message.bpf.h"

/* Is the message no repetition of one that was met lately? */
static __always_inline int is_attempt(const struct xeir_datagram *d, const struct xeir_gtpc *m,
				      __u64 now)
{
	struct xeir_attempt key = {};
	__u64 *last, before;

	__builtin_memcpy(key.peer, d->peer, sizeof(key.peer));
	key.peer_port = d->source;
	key.sequence = m->sequence;
	key.teid = m->teid;
	key.version = m->version;
	key.type = m->type;
	last = bpf_map_lookup_elem(&XEIR_MAP_ATTEMPTS, &key);
	if (!last) {
		bpf_map_update_elem(&XEIR_MAP_ATTEMPTS, &key, &now, BPF_ANY);
		return 1;
	}
	before = *last;
	*last = now;
	return now - before >= XEIR_ATTEMPT_NS;
}

static __always_inline void count_hit(const struct xeir_verdict *v, int attempt, __u64 now)
{
	struct xeir_hits *hits, first = { .packets = 1, .attempts = attempt, .last_ns = now };
	struct xeir_key key = v->key;

	hits = bpf_map_lookup_elem(&XEIR_MAP_HITS, &key);
	if (!hits) {
		bpf_map_update_elem(&XEIR_MAP_HITS, &key, &first, BPF_NOEXIST);
		return;
	}
	__sync_fetch_and_add(&hits->packets, 1);
	__sync_fetch_and_add(&hits->attempts, attempt);
	hits->last_ns = now;
}

static __always_inline void count_traffic(__u32 ifindex, __u8 egress, const struct xeir_gtpc *m,
					  const struct xeir_verdict *v, int attempt)
{
	struct xeir_traffic_key key = { .ifindex = ifindex, .egress = egress };
	struct xeir_traffic *traffic, first = {};

	key.version = m->version;
	key.type = m->type;
	key.rule = v->rule;
	traffic = bpf_map_lookup_elem(&XEIR_MAP_TRAFFIC, &key);
	if (!traffic) {
		bpf_map_update_elem(&XEIR_MAP_TRAFFIC, &key, &first, BPF_NOEXIST);
		traffic = bpf_map_lookup_elem(&XEIR_MAP_TRAFFIC, &key);
		if (!traffic)
			return;
	}
	traffic->packets[v->action & XEIR_ACTION_MAX]++;
	traffic->attempts += attempt;
}

/* What xeir_count_message() tells. */
#define XEIR_AGAIN 1 /* the message is known to be a repetition */
#define XEIR_TRIPS 2 /* the attempt has tripped the breaker */

/* Does the breaker trip by what the entry has stopped? It may be gone by now. */
static __always_inline int trips(const struct xeir_verdict *v, __u64 now)
{
	struct xeir_key key = v->key;
	const struct xeir_entry *e;

	if (v->action < XEIR_ACTION_REJECT)
		return 0;
	e = bpf_map_lookup_elem(&XEIR_MAP_LIST, &key);
	return e && count_stopped(e, now) ? XEIR_TRIPS : 0;
}

/* Attempts are told from repetitions only where something is to be told of them. */
__noinline int xeir_count_message(__u32 ifindex, __u32 egress, const struct xeir_datagram *d,
				  const struct xeir_verdict *v)
{
	const struct xeir_message *message;
	const struct xeir_gtpc *m;
	int attempt = 0, told = 0, looked_up;
	__u32 which;
	__u64 now;

	if (!d || !v)
		return 0;
	which = v->second;
	message = bpf_map_lookup_elem(&xeir_messages, &which);
	if (!message)
		return 0;
	m = &message->gtpc;
	looked_up = v->action || v->not_enforced || v->key.kind;

	if (looked_up) {
		now = bpf_ktime_get_tai_ns();
		attempt = is_attempt(d, m, now);
		if (v->key.kind)
			count_hit(v, attempt, now);
		if (v->key.kind && attempt)
			told = trips(v, now);
	}
	count_traffic(ifindex, egress, m, v, attempt);
	return looked_up && !attempt ? XEIR_AGAIN : told;
}

#endif /* XEIR_COUNTERS_BPF_H */
