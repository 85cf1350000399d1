/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracking: what a response that passes does to sessions. A request changes nothing, it is only
 * kept (transactions.bpf.h). Its response must come from where the request went, go to where it
 * came from, and have its sequence number; and it counts once.
 */
#ifndef XEIR_TRACK_BPF_H
#define XEIR_TRACK_BPF_H

#include "restart.bpf.h"
#include "track_sessions.bpf.h"
#include "transactions.bpf.h"

static int cut_session_step(__u32 ebi, void *ctx)
{
	const struct xeir_transaction_context *context =
		*(const struct xeir_transaction_context **)ctx;
	struct xeir_session_key key = context->key;

	key.ebi = ebi;
	if (context->binding.ebis >> (ebi & (XEIR_BEARERS - 1)) & 1)
		xeir_cut_session(&key);
	return 0;
}

/* Cut or free the sessions that a response has changed, by the list. */
__noinline int xeir_cut_tracked(void)
{
	__u32 zero = 0;
	struct xeir_scratch *scratch = bpf_map_lookup_elem(&xeir_scratch, &zero);
	const struct xeir_transaction_context *context;

	if (!scratch)
		return 0;
	context = &scratch->context;
	bpf_loop(XEIR_BEARERS, cut_session_step, &context, 0);
	return 0;
}

/* Apply the response; 1: sessions may have changed. */
static __always_inline int track_accepted(const struct xeir_datagram *d, struct xeir_tracking *t)
{
	const struct xeir_gtpc *m = t->m;
	int accepts = xeir_cause_accepts(m->version, m->facts.cause);

	if (m->version == 2 && m->type == XEIR_GTPV2_RELEASE_ACCESS_RESPONSE) {
		if (accepts)
			track_release(d, t);
		return 0;
	}
	if (xeir_message_flags(m->version, m->type) & XEIR_MSG_ENDS) {
		if (accepts || xeir_cause_knows_none(m->version, m->facts.cause))
			track_end(d, t);
		return 0;
	}
	if (!accepts)
		return 0;
	if (is_setup_response(m))
		track_setup(d, t);
	else
		track_change(d, t);
	return 1;
}

/* Does @m accept the request, but go to another TEID than the requester has allocated? */
static __always_inline int is_astray(const struct xeir_transaction *transaction,
				     const struct xeir_gtpc *m)
{
	return transaction->control.teid && m->teid != transaction->control.teid &&
	       xeir_cause_accepts(m->version, m->facts.cause);
}

/* Does it accept the request, or report that there is nothing to delete? Echo has no cause. */
static __always_inline int is_final(const struct xeir_gtpc *m)
{
	return m->type == XEIR_GTP_ECHO_RESPONSE ||
	       xeir_cause_accepts(m->version, m->facts.cause) ||
	       xeir_cause_knows_none(m->version, m->facts.cause);
}

/* The response in message @which of @d; 1: sessions may have changed. */
__noinline int xeir_track_response(const struct xeir_datagram *d, __u32 which, __u64 now)
{
	__u32 zero = 0;
	struct xeir_message *message = bpf_map_lookup_elem(&xeir_messages, &which);
	struct xeir_scratch *scratch = bpf_map_lookup_elem(&xeir_scratch, &zero);
	struct xeir_tracking t = {};

	if (!d || !message || !scratch)
		return 0;
	t.m = &message->gtpc;
	t.context = &scratch->context;
	transaction_key(d, t.m, 1, &message->transaction);
	t.request = bpf_map_lookup_elem(&XEIR_MAP_PENDING, &message->transaction);
	if (!t.request || now - t.request->time_ns >= XEIR_PENDING_NS ||
	    t.request->type + 1 != t.m->type || is_astray(t.request, t.m)) {
		tally(XEIR_TALLY_UNSOLICITED);
		return 0;
	}
	if (t.request->answered) {
		tally(XEIR_TALLY_RETRANSMITTED);
		return 0;
	}
	/* a refusal may be forged, and the true response may follow */
	if (!is_final(t.m))
		return 0;
	t.request->answered = 1;
	__builtin_memset(t.context, 0, sizeof(*t.context));
	t.context->now = now;
	__builtin_memcpy(t.context->requester, d->local, sizeof(t.context->requester));
	xeir_note_recoveries(d, which, now);
	return track_accepted(d, &t);
}

#endif /* XEIR_TRACK_BPF_H */
