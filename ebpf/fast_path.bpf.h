/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The fast path: read the identities of a GTP-C message, look them up, decide. Read this first.
 *
 * The way of a packet:
 *	1. find the GTP datagram in it		xeir_find_datagram(), xeir/packet.h
 *	2. read the message			xeir_read(), xeir/gtpc.h: one walk over its IEs
 *	3. look its identities up		xeir_judge_read(), xeir/verdict.h; xeir_list_side()
 *	4. check the session that it is of	xeir_check_session(), session_verdict.bpf.h
 *	5. apply the enforcement mode		xeir_apply_enforcement(), xeir/verdict.h
 *	6. count it, emit an event, track	leave(), leave.bpf.h
 *	7. drop it, respond, or let it pass	the program, xeir.bpf.c
 *
 * A datagram may hold two messages. Each is decided here alone, and the stricter verdict counts
 * for the packet: judge_datagram(), datagram.bpf.h.
 */
#ifndef XEIR_FAST_PATH_BPF_H
#define XEIR_FAST_PATH_BPF_H

#include "breaker.bpf.h"
#include "maps.bpf.h"
#include "message.bpf.h"

/* Step 4 may make a verdict stricter. Both are in session_verdict.bpf.h. */
int xeir_check_session(const struct xeir_datagram *d, __u32 which);
static __always_inline int is_self_generated(const struct xeir_datagram *d, struct xeir_message *m);

/*
 * While a writer replaces an element, a lookup may end without either: the memory of the old one
 * may already serve another key. So a miss is looked up again while a writer is at work. No key
 * is replaced twice during one run of a program.
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
 * Look @key up as xeir/verdict.h asks; @list points to the live generation. An element may leave
 * the list, and its memory serve another key, while it is read. So it is looked up again after
 * reading, and read again if the key has another element by then.
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
	/* TAI is ahead of UTC by the leap seconds, so an entry may expire that much early */
	return !side->expiry || !xeir_side_ended(side, bpf_ktime_get_tai_ns() / 1000000000ULL);
}

/* Only a message of a session can be stopped for its session; one that ends it never is. */
static __always_inline int is_of_session(const struct xeir_gtpc *m)
{
	return m->known && m->teid && !(xeir_message_flags(m->version, m->type) & XEIR_MSG_ENDS);
}

/* Steps 3 to 5 for message @which of @d, which has been read. */
__noinline int xeir_judge_message(const struct xeir_datagram *d, __u32 which)
{
	__u32 zero = 0;
	const struct xeir_config *config = bpf_map_lookup_elem(&XEIR_MAP_CONFIG, &zero);
	const struct xeir_control *control = bpf_map_lookup_elem(&XEIR_MAP_CONTROL, &zero);
	struct xeir_message *m = bpf_map_lookup_elem(&xeir_messages, &which);

	if (!d || !m || !config || !control)
		return 0;
	m->verdict.second = which;
	m->live = *(volatile __u32 *)&control->live;
	xeir_judge_read(&m->gtpc, config, &m->live, &m->verdict);
	if (is_of_session(&m->gtpc))
		xeir_check_session(d, which);
	xeir_apply_enforcement(config, &m->verdict);
	/* in any mode: no node has sent the request that this responds to */
	if (is_self_generated(d, m)) {
		m->verdict.rule = XEIR_RULE_SELF_GENERATED;
		m->verdict.action = XEIR_ACTION_DROP;
	}
	return 0;
}

/*
 * Steps 2 to 5 for the message at @bytes, @start octets into the datagram, as message @which of
 * @d. Returns 0 if it cannot be judged, 1, or 1 + where a second message starts.
 */
static __always_inline int judge(const struct xeir_bytes *bytes, const struct xeir_datagram *d,
				 __u32 which, __u32 start)
{
	__u32 zero = 0, octets = d->octets - start;
	const struct xeir_config *config = bpf_map_lookup_elem(&XEIR_MAP_CONFIG, &zero);
	const struct xeir_control *control = bpf_map_lookup_elem(&XEIR_MAP_CONTROL, &zero);
	struct xeir_message *m = bpf_map_lookup_elem(&xeir_messages, &which);

	if (!m || !config || !control)
		return 0;
	__builtin_memset(&m->gtpc, 0, XEIR_GTPC_HEAD);
	__builtin_memset(&m->verdict, 0, sizeof(m->verdict));
	m->gtpc.start = start;
	m->gtpc.fragment = d->fragment;
	/* a request behind a response goes to the port of the response, TS 29.274 cl. 5.5.1 */
	m->gtpc.response_only = !start && !xeir_is_gtpc_port(d->destination);
	m->gtpc.reassembled = control->reassembled && !d->last_check;
	xeir_read(bytes, octets, config, &m->gtpc);
	xeir_judge_message(d, which);
	return 1 + xeir_second_message(bytes, octets);
}

/* Instead of a message: more headers than are stepped over, which no lawful sender needs. */
static __always_inline void refuse_headers(struct xeir_verdict *v)
{
	__u32 zero = 0;
	const struct xeir_config *config = bpf_map_lookup_elem(&XEIR_MAP_CONFIG, &zero);
	struct xeir_message *m = bpf_map_lookup_elem(&xeir_messages, &zero);

	if (!config || !m)
		return;
	m->gtpc.known = 0;
	v->action = XEIR_ACTION_DROP;
	xeir_apply_enforcement(config, v);
}

#endif /* XEIR_FAST_PATH_BPF_H */
