/* SPDX-License-Identifier: GPL-2.0-only */
/* The rules, on octets that a program has found. */
#ifndef XEIR_JUDGE_BPF_H
#define XEIR_JUDGE_BPF_H

#include "message.bpf.h"
#include "sessions.bpf.h"

#define XEIR_EVENT_IMEI sizeof(((struct xeir_event *)0)->imei)

/* The session that the messages of a handset are judged by, and all that it has. */
struct xeir_judged {
	struct xeir_session_key key;
	__u32 ebis;
	__u32 emergency; /* which kind is looked for */
};

/*
 * An emergency session is not to be ended by what another of that handset is; nor does it let
 * the handset have another.
 */
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

/* Of the sessions of @owner, which is @key? Not inline, as the rules need the stack. */
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
 * Does message @which of @d answer a request for an emergency session, or for another handset than
 * @owner, to whom the tunnel belongs that the request named for the answer? A TEID may be given
 * anew before it is known that it was free.
 */
__noinline int xeir_is_for_another(const struct xeir_datagram *d, __u32 which,
				   const struct xeir_binding *binding)
{
	struct xeir_message *message = bpf_map_lookup_elem(&xeir_messages, &which);
	const struct xeir_gtpc *m;
	const struct xeir_transaction *transaction;
	const struct xeir_binding *about;

	if (!d || !message || !binding)
		return 0;
	m = &message->gtpc;
	if (!(xeir_message_flags(m->version, m->type) & XEIR_MSG_RESPONSE))
		return 0;
	transaction_key(d, m, 1, &message->transaction);
	transaction = bpf_map_lookup_elem(&XEIR_MAP_PENDING, &message->transaction);
	if (!transaction || transaction->type + 1 != m->type ||
	    transaction->control.teid != m->teid ||
	    bpf_ktime_get_tai_ns() - transaction->time_ns >= XEIR_PENDING_NS)
		return 0;
	if (transaction->emergency)
		return 1;
	about = find_binding(d->peer, transaction->teid, m->version);
	return !about || about->teid != binding->teid ||
	       !same_address(about->address, binding->address);
}

/* A message that names no listed identity may be of a session that is one's. */
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
	message->who = s->who;
	return 0;
}

/* Messages of a session, but for those that end it. */
static __always_inline int is_of_session(const struct xeir_gtpc *m)
{
	return m->known && m->teid && !(xeir_message_flags(m->version, m->type) & XEIR_MSG_ENDS);
}

/* Is it the answer to a request of the tool's own? */
static __always_inline int is_self_generated(const struct xeir_datagram *d, struct xeir_message *m)
{
	const struct xeir_transaction *transaction;
	__u8 flags = xeir_flags_of(&m->gtpc);

	if (!(flags & XEIR_MSG_ENDS) || !(flags & XEIR_MSG_RESPONSE))
		return 0;
	transaction_key(d, &m->gtpc, 1, &m->transaction);
	transaction = bpf_map_lookup_elem(&XEIR_MAP_PENDING, &m->transaction);
	return transaction && transaction->self_generated &&
	       bpf_ktime_get_tai_ns() - transaction->time_ns < XEIR_PENDING_NS;
}

/* Judge message @which of @d, which has been read. */
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
	/* whatever is enforced */
	if (is_self_generated(d, m)) {
		m->verdict.rule = XEIR_RULE_SELF;
		m->verdict.action = XEIR_ACTION_DROP;
	}
	return 0;
}

/*
 * Judge the message at @bytes, @start octets into the datagram, as number @which of it. Returns 0
 * when it cannot be, 1, or where a second message starts and 1.
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
	/* requests go where answers do when they ride behind one, TS 29.274 cl. 5.5.1 */
	m->gtpc.response_only = !start && !xeir_is_gtpc_port(d->destination);
	m->gtpc.reassembled = control->reassembled && !d->last_check;
	xeir_read(bytes, octets, config, &m->gtpc);
	xeir_judge_message(d, which);
	return 1 + xeir_second_message(bytes, octets);
}

/* Headers that hide what they wrap, in a number that no lawful sender needs. */
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

#endif /* XEIR_JUDGE_BPF_H */
