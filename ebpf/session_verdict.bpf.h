/* SPDX-License-Identifier: GPL-2.0-only */
/* The verdict on a message by the session that it is of. Part of the fast path, see there. */
#ifndef XEIR_SESSION_VERDICT_BPF_H
#define XEIR_SESSION_VERDICT_BPF_H

#include "fast_path.bpf.h"
#include "sessions.bpf.h"

/* The sessions of one handset; @key becomes the one that its messages are judged by. */
struct xeir_judged {
	struct xeir_session_key key;
	__u32 ebis;
	__u32 emergency; /* look for an emergency session, or for another */
};

static int emergency_step(__u32 ebi, void *ctx)
{
	struct xeir_judged *judged = ctx;
	struct xeir_session_key key = judged->key;
	const struct xeir_session *s;

	if (!(judged->ebis >> (ebi & (XEIR_BEARERS - 1)) & 1))
		return 0;
	key.ebi = ebi;
	s = bpf_map_lookup_elem(&XEIR_MAP_SESSIONS, &key);
	if (!s || s->emergency != judged->emergency)
		return 0;
	judged->key.ebi = ebi;
	return 1;
}

/*
 * Choose among the sessions of @binding. Messages go by the emergency session, if there is one:
 * it must not end because another session of the handset is listed. A set-up request goes by
 * another: the emergency session does not let the handset have more. Not inline, as the rules
 * need the stack.
 */
__noinline int xeir_find_judged(const struct xeir_binding *binding, __u32 setup,
				struct xeir_session_key *key)
{
	struct xeir_judged judged = { .emergency = !setup };

	if (!binding || !key)
		return 0;
	first_key(binding, &judged.key);
	judged.ebis = binding->ebis;
	if (judged.ebis & (judged.ebis - 1))
		bpf_loop(XEIR_BEARERS, emergency_step, &judged, 0);
	*key = judged.key;
	return 0;
}

/*
 * Is message @which of @d the response to a request for an emergency session, or for a handset
 * other than that of @binding, to whose TEID the response goes? A requester may allocate a TEID
 * again before xeir has seen that it is free.
 */
__noinline int xeir_is_for_another(const struct xeir_datagram *d, __u32 which,
				   const struct xeir_binding *binding)
{
	struct xeir_message *message = bpf_map_lookup_elem(&xeir_messages, &which);
	const struct xeir_gtpc *m;
	const struct xeir_transaction *request;
	const struct xeir_binding *about;

	if (!d || !message || !binding)
		return 0;
	m = &message->gtpc;
	if (!(xeir_message_flags(m->version, m->type) & XEIR_MSG_RESPONSE))
		return 0;
	transaction_key(d, m, 1, &message->transaction);
	request = bpf_map_lookup_elem(&XEIR_MAP_PENDING, &message->transaction);
	if (!request || request->type + 1 != m->type || request->control.teid != m->teid ||
	    bpf_ktime_get_tai_ns() - request->time_ns >= XEIR_PENDING_NS)
		return 0;
	if (request->emergency)
		return 1;
	about = find_binding(d->peer, request->teid, m->version);
	return !about || about->teid != binding->teid ||
	       !same_address(about->address, binding->address);
}

/* A message that names no listed identity may be of a session whose subscriber is listed. */
__noinline int xeir_check_session(const struct xeir_datagram *d, __u32 which)
{
	__u32 zero = 0;
	const struct xeir_config *config = bpf_map_lookup_elem(&XEIR_MAP_CONFIG, &zero);
	struct xeir_message *message = bpf_map_lookup_elem(&xeir_messages, &which);
	const struct xeir_binding *binding;
	struct xeir_verdict v = {};
	struct xeir_session_key key = {};
	struct xeir_session *s;
	__u32 setup;

	if (!d || !config || !message || message->verdict.rule == XEIR_RULE_EMERGENCY)
		return 0;
	binding = find_binding(d->local, message->gtpc.teid, message->gtpc.version);
	if (!binding || xeir_is_for_another(d, which, binding))
		return 0;
	setup = xeir_message_flags(message->gtpc.version, message->gtpc.type) & XEIR_MSG_SETUP;
	xeir_find_judged(binding, setup, &key);
	s = bpf_map_lookup_elem(&XEIR_MAP_SESSIONS, &key);
	if (!s || is_over(s, config, bpf_ktime_get_tai_ns()))
		return 0;
	xeir_judge_session(s, &v);
	if (v.rule == XEIR_RULE_EMERGENCY) {
		if (setup)
			return 0;
	} else {
		if (v.action <= message->verdict.action)
			return 0;
		v.rule = XEIR_RULE_SESSION;
	}
	v.second = which;
	message->verdict = v;
	message->subscriber = s->subscriber;
	return 0;
}

/* Is it the response to a request that the tool sent, to delete a session? */
static __always_inline int is_self_generated(const struct xeir_datagram *d, struct xeir_message *m)
{
	const struct xeir_transaction *request;
	__u8 flags = xeir_flags_of(&m->gtpc);

	if (!(flags & XEIR_MSG_ENDS) || !(flags & XEIR_MSG_RESPONSE))
		return 0;
	transaction_key(d, &m->gtpc, 1, &m->transaction);
	request = bpf_map_lookup_elem(&XEIR_MAP_PENDING, &m->transaction);
	return request && request->self_generated &&
	       bpf_ktime_get_tai_ns() - request->time_ns < XEIR_PENDING_NS;
}

#endif /* XEIR_SESSION_VERDICT_BPF_H */
