/* SPDX-License-Identifier: GPL-2.0-only */
/* Requests, as they wait for their answers. */
#ifndef XEIR_TRANSACTIONS_BPF_H
#define XEIR_TRANSACTIONS_BPF_H

#include "message.bpf.h"
#include "tables.bpf.h"

/* The sessions that an exchange is about. */
struct xeir_transaction_context {
	struct xeir_binding binding;
	struct xeir_session_key key; /* one of them */
	struct xeir_fteid control[XEIR_SIDES];
	__u32 accepted; /* bit n: bearer n */
	__u32 from_core; /* the request came from the side that gave the session */
	__u32 unknown; /* the session is none that is followed */
	__u32 wanted; /* the session is looked for that has this bearer */
	__u32 found; /* and one has */
	__u8 requester[16]; /* the node that speaks for that side; none: it is not known */
	__u64 now;
};

/* A tunnel and who is to own it, and a session of who does. */
struct xeir_bind {
	struct xeir_teid at;
	struct xeir_binding binding;
	struct xeir_session_key holder;
};

/* Values that are too large for the stack. */
struct xeir_draft {
	struct xeir_transaction transaction;
	struct xeir_session session;
	struct xeir_transaction_context context;
	struct xeir_bind bind;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct xeir_draft);
} xeir_drafts SEC(".maps");

/* A bearer of the request, into the draft. */
static int request_bearer_step(__u32 i, void *ctx)
{
	const struct xeir_gtpc *m = *(const struct xeir_gtpc **)ctx;
	const struct xeir_fact_bearer *from;
	struct xeir_draft *draft;
	__u32 zero = 0;

	draft = bpf_map_lookup_elem(&xeir_drafts, &zero);
	if (!draft || i >= XEIR_BEARERS || i >= m->facts.bearers)
		return 1;
	from = &m->facts.bearer[xeir_index(i, XEIR_BEARERS)];
	draft->transaction.bearer[xeir_index(i, XEIR_BEARERS)].access =
		from->ends.end[XEIR_END_ACCESS];
	draft->transaction.bearer[xeir_index(i, XEIR_BEARERS)].ebi = from->ebi;
	return 0;
}

static __always_inline int same_number(const __u8 *a, const __u8 *b)
{
	__u8 differ = 0;

	for (int i = 0; i < XEIR_NUMBER_OCTETS; i++)
		differ |= a[i] ^ b[i];
	return !differ;
}

/* Sequence numbers come again too, where requests are many. */
static __always_inline int is_retransmission(const struct xeir_transaction *before,
					     const struct xeir_transaction *a)
{
	return before->type == a->type && before->teid == a->teid &&
	       before->control.teid == a->control.teid &&
	       same_number(before->who.imsi, a->who.imsi);
}

/* Remember the request in message @which; 1: it was sent again. */
__noinline int xeir_track_request(const struct xeir_datagram *d, __u32 which, __u64 now)
{
	__u32 zero = 0;
	struct xeir_message *message = bpf_map_lookup_elem(&xeir_messages, &which);
	struct xeir_draft *draft = bpf_map_lookup_elem(&xeir_drafts, &zero);
	const struct xeir_gtpc *m;
	struct xeir_transaction *a, *before;

	if (!d || !message || !draft)
		return 0;
	m = &message->gtpc;
	a = &draft->transaction;
	a->time_ns = now;
	a->who = message->who;
	a->control = m->facts.control[0];
	a->teid = m->teid;
	a->gone = m->type == XEIR_GTPV2_RELEASE_ACCESS ? m->facts.named : m->facts.gone;
	a->type = m->type;
	a->answered = 0;
	a->has_ebi = m->facts.has_ebi;
	a->ebi = m->facts.ebi;
	a->has_linked = m->facts.has_linked;
	a->linked = m->facts.linked;
	a->teardown = m->facts.teardown;
	a->emergency = xeir_is_emergency(m, xeir_flags_of(m));
	a->rat = m->facts.rat;
	a->recovers = m->facts.recovers;
	a->recovery = m->facts.recovery;
	a->interface = m->facts.interface;
	a->bearers = m->facts.bearers;
	bpf_loop(XEIR_BEARERS, request_bearer_step, &m, 0);
	transaction_key(d, m, 0, &message->transaction);
	before = bpf_map_lookup_elem(&XEIR_MAP_PENDING, &message->transaction);
	/* what was sent again may be answered already; the tool's own are met on their way out */
	if (before && now - before->time_ns < XEIR_PENDING_NS &&
	    (before->self_generated || is_retransmission(before, a)))
		return 1;
	a->self_generated = 0;
	bpf_map_update_elem(&XEIR_MAP_PENDING, &message->transaction, a, BPF_ANY);
	return 0;
}

#endif /* XEIR_TRANSACTIONS_BPF_H */
