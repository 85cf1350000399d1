/* SPDX-License-Identifier: GPL-2.0-only */
/* Counters of messages by kind, of attempts, and of hits of entries. */
#ifndef XEIR_COUNTERS_BPF_H
#define XEIR_COUNTERS_BPF_H

#include "breaker.bpf.h"
#include "maps.bpf.h"
#include "message.bpf.h"

/* Equal for each transmission of a request, and different for others with its sequence number. */
static __always_inline __u32 hash_request(const struct xeir_gtpc *m)
{
	__u64 imei, imsi;

	__builtin_memcpy(&imei, m->imei_id[0], sizeof(imei));
	__builtin_memcpy(&imsi, m->imsi_id, sizeof(imsi));
	imei = (imei ^ m->teid) * 0x9e3779b97f4a7c15ULL;
	imsi = (imsi ^ m->facts.control[0].teid) * 0xc2b2ae3d27d4eb4fULL;
	return (imei ^ imsi) >> 32;
}

/* Is this the first time that the message is sent, and no retransmission? */
static __always_inline int is_attempt(const struct xeir_datagram *d, const struct xeir_gtpc *m,
				      __u64 now)
{
	struct xeir_attempt key = {};
	__u64 *last, before;

	__builtin_memcpy(key.peer, d->peer, sizeof(key.peer));
	key.peer_port = d->source;
	key.sequence = m->sequence;
	key.request = hash_request(m);
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

/* Returned by xeir_count_message(). */
#define XEIR_COUNTED_AGAIN 1 /* the message is known to be a retransmission */
#define XEIR_COUNTED_TRIPPED 2 /* this attempt has tripped the breaker */

/* XEIR_COUNTED_TRIPPED if the breaker trips by this attempt. The entry may be gone by now. */
static __always_inline int trips(const struct xeir_verdict *v, __u64 now)
{
	struct xeir_key key = v->key;
	const struct xeir_entry *e;

	if (v->action < XEIR_ACTION_REJECT)
		return 0;
	e = bpf_map_lookup_elem(&XEIR_MAP_LIST, &key);
	return e && count_stopped(e, now) ? XEIR_COUNTED_TRIPPED : 0;
}

/* Only where an entry or a knob decided are retransmissions looked for: that takes a lookup. */
__noinline int xeir_count_message(__u32 ifindex, __u32 egress, const struct xeir_datagram *d,
				  const struct xeir_verdict *v)
{
	const struct xeir_message *message;
	const struct xeir_gtpc *m;
	int attempt = 0, counted = 0, looked_up;
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
			counted = trips(v, now);
	}
	count_traffic(ifindex, egress, m, v, attempt);
	return looked_up && !attempt ? XEIR_COUNTED_AGAIN : counted;
}

#endif /* XEIR_COUNTERS_BPF_H */
