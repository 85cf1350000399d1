/* SPDX-License-Identifier: GPL-2.0-only */
/* Transactions: requests that wait for their response. TS 29.274 cl. 7.6, TS 29.060 cl. 10. */
#ifndef XEIR_TRANSACTIONS_BPF_H
#define XEIR_TRANSACTIONS_BPF_H

#include "message.bpf.h"
#include "tables.bpf.h"

/* What is found out about a transaction while its response is tracked. */
struct xeir_transaction_context {
	struct xeir_binding binding; /* which sessions of the handset it is about */
	struct xeir_session_key key; /* one of them */
	struct xeir_fteid control[XEIR_SIDES];
	__u32 accepted; /* bit n: bearer n */
	__u32 from_core; /* the request came from the responder of the session */
	__u32 unknown; /* the session is not in the table */
	__u32 wanted; /* choose_session(): the bearer looked for */
	__u32 found; /* a session has it */
	__u8 requester[16]; /* node that signals for the session's requester; zero: unknown */
	__u64 now;
};

/* A binding to be made, and a session that the TEID is bound to now. */
struct xeir_new_binding {
	struct xeir_teid at;
	struct xeir_binding binding;
	struct xeir_session_key holder;
};

/* What is too large for the stack. */
struct xeir_scratch {
	struct xeir_transaction transaction;
	struct xeir_session session;
	struct xeir_transaction_context context;
	struct xeir_new_binding bind;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct xeir_scratch);
} xeir_scratch SEC(".maps");

/* Copy bearer @i of the request. */
static int request_bearer_step(__u32 i, void *ctx)
{
	const struct xeir_gtpc *m = *(const struct xeir_gtpc **)ctx;
	const struct xeir_fact_bearer *from;
	struct xeir_scratch *scratch;
	__u32 zero = 0;

	scratch = bpf_map_lookup_elem(&xeir_scratch, &zero);
	if (!scratch || i >= XEIR_BEARERS || i >= m->facts.bearers)
		return 1;
	from = &m->facts.bearer[xeir_index(i, XEIR_BEARERS)];
	scratch->transaction.bearer[xeir_index(i, XEIR_BEARERS)].access =
		from->ends.end[XEIR_END_ACCESS];
	scratch->transaction.bearer[xeir_index(i, XEIR_BEARERS)].ebi = from->ebi;
	return 0;
}

/* The transaction that the message @m of @d is of. */
static __always_inline void transaction_key(const struct xeir_datagram *d,
					    const struct xeir_gtpc *m, int response,
					    struct xeir_transaction_key *key)
{
	__builtin_memset(key, 0, sizeof(*key));
	__builtin_memcpy(key->requester, response ? d->local : d->peer, 16);
	__builtin_memcpy(key->responder, response ? d->peer : d->local, 16);
	key->requester_port = response ? d->destination : d->source;
	key->responder_port = response ? d->source : d->destination;
	key->sequence = m->sequence;
	key->version = m->version;
}

static __always_inline int same_number(const __u8 *a, const __u8 *b)
{
	__u8 differ = 0;

	for (int i = 0; i < XEIR_NUMBER_OCTETS; i++)
		differ |= a[i] ^ b[i];
	return !differ;
}

/* Where requests are many, another one may have the same sequence number. */
static __always_inline int is_retransmission(const struct xeir_transaction *before,
					     const struct xeir_transaction *a)
{
	return before->type == a->type && before->teid == a->teid &&
	       before->control.teid == a->control.teid &&
	       same_number(before->subscriber.imsi, a->subscriber.imsi);
}

/* Keep the request in message @which until its response; 1: it is a retransmission. */
__noinline int xeir_track_request(const struct xeir_datagram *d, __u32 which, __u64 now)
{
	__u32 zero = 0;
	struct xeir_message *message = bpf_map_lookup_elem(&xeir_messages, &which);
	struct xeir_scratch *scratch = bpf_map_lookup_elem(&xeir_scratch, &zero);
	const struct xeir_gtpc *m;
	struct xeir_transaction *a, *before;

	if (!d || !message || !scratch)
		return 0;
	m = &message->gtpc;
	a = &scratch->transaction;
	a->time_ns = now;
	/* other messages have none, and it is still that of the last one that had */
	if (xeir_flags_of(m) & XEIR_MSG_JUDGED)
		a->subscriber = message->subscriber;
	else
		__builtin_memset(&a->subscriber, 0, sizeof(a->subscriber));
	a->control = m->facts.control[0];
	a->teid = m->teid;
	a->removed = m->type == XEIR_GTPV2_RELEASE_ACCESS ? m->facts.named : m->facts.removed;
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
	/* keep the first: it may have its response already, or be the tool's, on its way out */
	if (before && now - before->time_ns < XEIR_PENDING_NS &&
	    (before->self_generated || is_retransmission(before, a)))
		return 1;
	a->self_generated = 0;
	bpf_map_update_elem(&XEIR_MAP_PENDING, &message->transaction, a, BPF_ANY);
	return 0;
}

#endif /* XEIR_TRANSACTIONS_BPF_H */
