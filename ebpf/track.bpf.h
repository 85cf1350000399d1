/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What becomes of sessions by the messages that pass. A request changes nothing: only its
 * answer does, which must come from where the request went, to where it came from, with
 * its sequence number, and once.
 */
#ifndef XEIR_TRACK_BPF_H
#define XEIR_TRACK_BPF_H

#include "transactions.bpf.h"
#include "restart.bpf.h"
#include "sessions.bpf.h"

/* An exchange: the answer in hand and the request that it is to. */
struct xeir_tracking {
	const struct xeir_gtpc *m;
	struct xeir_transaction *transaction;
	struct xeir_transaction_context *context;
};

/* The owner's session @ebi, if there is one; @key becomes its key. */
static __always_inline struct xeir_session *session_of(const struct xeir_tracking *x, __u32 ebi,
						       struct xeir_session_key *key)
{
	*key = x->context->key;
	if (!(x->context->binding.ebis >> (ebi & (XEIR_BEARERS - 1)) & 1))
		return NULL;
	key->ebi = ebi;
	return bpf_map_lookup_elem(&XEIR_MAP_SESSIONS, key);
}

static int choose_step(__u32 ebi, void *ctx)
{
	struct xeir_tracking *x = ctx;
	struct xeir_session_key key;
	const struct xeir_session *s = session_of(x, ebi, &key);

	if (!s || !(s->bearers >> (x->context->wanted & (XEIR_BEARERS - 1)) & 1))
		return 0;
	x->context->key.ebi = ebi;
	x->context->found = 1;
	return 1;
}

/* Let x->at->key be the owner's session that has the bearer @ebi; 0: none of several has it. */
static __always_inline int choose_session(struct xeir_tracking *x, __u8 ebi)
{
	if (!(x->context->binding.ebis & (x->context->binding.ebis - 1)))
		return 1;
	x->context->wanted = ebi;
	x->context->found = 0;
	bpf_loop(XEIR_BEARERS, choose_step, x, 0);
	return x->context->found;
}

/* Let that be all that is known of the owner's sessions. */
static __always_inline int narrow_to(struct xeir_tracking *x, __u8 ebi)
{
	if (!choose_session(x, ebi))
		return 0;
	x->context->binding.ebis = 1U << (x->context->key.ebi & (XEIR_BEARERS - 1));
	return 1;
}

static __always_inline void add_end(struct xeir_tracking *x, __u8 ebi, __u32 which,
				    const struct xeir_fteid *end, __u32 given)
{
	struct xeir_session_key key = x->context->key;

	key.bearer = ebi;
	if (x->context->unknown)
		xeir_unbind_all(end, XEIR_PLANE_USER, x->m->version, given);
	else
		xeir_set_end(&key, which, end, given);
}

/*
 * Which side gave the end @which of bearer @i of the answer? A Create Bearer Response has that of
 * the other side as the request had it, TS 29.274 cl. 7.2.4.
 */
static __noinline __u32 giver_of(const struct xeir_tracking *x, __u32 i, __u32 which,
				 const struct xeir_fteid *end)
{
	if (which == XEIR_END_ACCESS)
		return XEIR_REQUESTER;
	if (x->m->type != XEIR_GTPV2_CREATE_BEARER_RESPONSE)
		return XEIR_RESPONDER;
	return i < x->transaction->bearers &&
	       same_end(end, &x->transaction->bearer[xeir_index(i, XEIR_BEARERS)].access);
}

/* A bearer that the answer grants. */
static int granted_step(__u32 i, void *ctx)
{
	struct xeir_tracking *x = ctx;
	const struct xeir_fact_bearer *bearer;
	struct xeir_session *s;
	__u8 ebi;

	if (i >= XEIR_BEARERS || i >= x->m->facts.bearers)
		return 1;
	bearer = &x->m->facts.bearer[xeir_index(i, XEIR_BEARERS)];
	ebi = x->m->version == 2 ? bearer->ebi : x->transaction->ebi;
	if (bearer->cause && !xeir_cause_accepts(x->m->version, bearer->cause))
		return 0;
	choose_session(x, ebi);
	s = bpf_map_lookup_elem(&XEIR_MAP_SESSIONS, &x->context->key);
	if (!s && !x->context->unknown)
		return 0;
	if (s)
		__sync_fetch_and_or(&s->bearers, 1U << (ebi & (XEIR_BEARERS - 1)));
	x->context->accepted |= 1U << (ebi & (XEIR_BEARERS - 1));
	if (x->m->version == 2) {
		XEIR_UNROLL
		for (__u32 end = 0; end < XEIR_ENDS; end++)
			add_end(x, ebi, end, &bearer->ends.end[end],
				giver_of(x, i, end, &bearer->ends.end[end]));
		return 0;
	}
	add_end(x, ebi, x->context->from_core ? XEIR_END_ACCESS : XEIR_END_ANCHOR,
		&bearer->ends.end[XEIR_END_ACCESS], !x->context->from_core);
	return 0;
}

/* A bearer that was asked for, and was granted, or that the answer does not go into. */
static int requested_step(__u32 i, void *ctx)
{
	struct xeir_tracking *x = ctx;
	const struct xeir_transaction_bearer *bearer;
	__u8 ebi;

	if (i >= XEIR_BEARERS || i >= x->transaction->bearers)
		return 1;
	bearer = &x->transaction->bearer[xeir_index(i, XEIR_BEARERS)];
	ebi = bearer->ebi;
	if (x->context->accepted && !(x->context->accepted >> (ebi & (XEIR_BEARERS - 1)) & 1))
		return 0;
	choose_session(x, ebi);
	add_end(x, ebi, x->context->from_core ? XEIR_END_ANCHOR : XEIR_END_ACCESS, &bearer->access,
		x->context->from_core);
	return 0;
}

/* The control tunnel of @side of the session @key is that to @end from now on. */
static __always_inline void move_control(struct xeir_session *s, const struct xeir_session_key *key,
					 __u32 side, const struct xeir_fteid *end)
{
	struct xeir_fteid *now = &s->control[xeir_index(side, XEIR_SIDES)];

	if (!is_end(end))
		return;
	xeir_unbind(now, key, XEIR_PLANE_CONTROL);
	*now = *end;
	xeir_bind(now, key, XEIR_PLANE_CONTROL, side);
}

/*
 * The owner's session @ebi is heard of, loses what is taken away, and moves to the control tunnels
 * that are named.
 */
static int touch_step(__u32 ebi, void *ctx)
{
	struct xeir_tracking *x = ctx;
	struct xeir_session_key key;
	struct xeir_session *s = session_of(x, ebi, &key);

	if (!s)
		return 0;
	s->seen_ns = x->context->now;
	if (x->transaction->gone)
		xeir_drop_bearers(&key, x->transaction->gone);
	if (!xeir_is_usable(s->who.imei) && xeir_is_usable(x->transaction->who.imei))
		__builtin_memcpy(s->who.imei, x->transaction->who.imei, sizeof(s->who.imei));
	/* GTPv2 moves the requester's alone, TS 29.274 cl. 7.2.7 */
	if (x->m->version == 1)
		move_control(s, &key, !x->context->from_core, &x->m->facts.control[0]);
	if (!x->transaction->control.teid || x->context->from_core)
		return 0;
	move_control(s, &key, XEIR_REQUESTER, &x->transaction->control);
	__builtin_memcpy(s->peer[XEIR_REQUESTER], x->context->requester, 16);
	return 0;
}

static __always_inline void track_bearers(struct xeir_tracking *x)
{
	bpf_loop(XEIR_BEARERS, granted_step, x, 0);
	if (x->transaction->type != XEIR_GTPV2_CREATE_BEARER || x->m->version == 1)
		bpf_loop(XEIR_BEARERS, requested_step, x, 0);
}

/* The address that names a session; an F-TEID may have two. */
static __always_inline void name_session(const struct xeir_fteid *control, __u8 ebi, __u8 version,
					 struct xeir_session_key *key)
{
	__builtin_memset(key, 0, sizeof(*key));
	if (!address_of(control, 0, key->address))
		address_of(control, 1, key->address);
	key->teid = control->teid;
	key->ebi = ebi;
	key->version = version;
}

/* The control tunnel of the side that answers, as the answer has it. */
static __always_inline const struct xeir_fteid *responder_of(const struct xeir_gtpc *m)
{
	return m->facts.control[0].teid || m->version == 1 ? &m->facts.control[0] :
							     &m->facts.control[1];
}

static __always_inline void fill_session(struct xeir_session *s, const struct xeir_datagram *d,
					 const struct xeir_tracking *x)
{
	__builtin_memset(s, 0, sizeof(*s));
	s->started_ns = x->context->now;
	s->seen_ns = x->context->now;
	s->who = x->transaction->who;
	s->control[XEIR_REQUESTER] = x->context->control[XEIR_REQUESTER];
	s->control[XEIR_RESPONDER] = x->context->control[XEIR_RESPONDER];
	__builtin_memcpy(s->peer[XEIR_REQUESTER], d->local, 16);
	__builtin_memcpy(s->peer[XEIR_RESPONDER], d->peer, 16);
	s->version = x->m->version;
	s->rat = x->transaction->rat;
	s->emergency = x->transaction->emergency;
	s->interface = x->transaction->interface;
}

/* Is @old what @s is, known to both ends still? Then the set-up was sent again. */
static __always_inline int is_same_session(const struct xeir_session *old,
					   const struct xeir_session *s)
{
	const __u64 *a = (const __u64 *)&old->who, *b = (const __u64 *)&s->who;
	const __u32 octets =
		offsetof(struct xeir_session, bearers) - offsetof(struct xeir_session, who);
	__u64 differ = 0;

	for (__u32 i = 0; i < octets / sizeof(*a); i++)
		differ |= a[i] ^ b[i];
	return !differ && !is_lost(old);
}

/* The tunnels of a session that is not followed are those of no other that is. */
static __always_inline void track_unknown(struct xeir_tracking *x, const struct xeir_session *s)
{
	x->context->unknown = 1;
	x->context->binding.ebis = 0;
	if (s) {
		xeir_unbind_all(&s->control[XEIR_REQUESTER], XEIR_PLANE_CONTROL, s->version,
				XEIR_REQUESTER);
		xeir_unbind_all(&s->control[XEIR_RESPONDER], XEIR_PLANE_CONTROL, s->version,
				XEIR_RESPONDER);
	}
	track_bearers(x);
}

/* A session that the answer in @d grants, under x->at->key. */
static __always_inline void begin_session(const struct xeir_datagram *d, struct xeir_tracking *x)
{
	__u32 zero = 0;
	struct xeir_draft *draft = bpf_map_lookup_elem(&xeir_drafts, &zero);
	struct xeir_session *s, *old;

	if (!draft)
		return;
	s = &draft->session;
	fill_session(s, d, x);
	make_binding(&x->context->key, &x->context->binding);
	old = bpf_map_lookup_elem(&XEIR_MAP_SESSIONS, &x->context->key);
	if (old && is_same_session(old, s)) {
		old->seen_ns = x->context->now;
	} else {
		/* what was named so is over, if its end was not seen */
		xeir_end_session(&x->context->key);
		if (bpf_map_update_elem(&XEIR_MAP_SESSIONS, &x->context->key, s, BPF_ANY)) {
			tally(XEIR_TALLY_FULL);
			track_unknown(x, s);
			return;
		}
		tally(XEIR_TALLY_STARTED);
	}
	xeir_bind(&s->control[XEIR_REQUESTER], &x->context->key, XEIR_PLANE_CONTROL,
		  XEIR_REQUESTER);
	xeir_bind(&s->control[XEIR_RESPONDER], &x->context->key, XEIR_PLANE_CONTROL,
		  XEIR_RESPONDER);
	track_bearers(x);
}

/* Find the sessions that the request was about, by the tunnel that it was sent through. */
static __noinline int find_sessions(const struct xeir_datagram *d, struct xeir_tracking *x)
{
	const struct xeir_binding *binding =
		find_binding(d->peer, x->transaction->teid, x->m->version);
	const struct xeir_session *s;

	if (!x->transaction->teid || !binding)
		return 0;
	x->context->binding = *binding;
	first_key(binding, &x->context->key);
	s = bpf_map_lookup_elem(&XEIR_MAP_SESSIONS, &x->context->key);
	if (!s)
		return 0;
	x->context->control[XEIR_REQUESTER] = s->control[XEIR_REQUESTER];
	x->context->control[XEIR_RESPONDER] = s->control[XEIR_RESPONDER];
	x->context->from_core =
		is_reached_at(&s->control[XEIR_REQUESTER], d->peer, x->transaction->teid);
	if (x->context->from_core)
		__builtin_memcpy(x->context->requester, d->peer, sizeof(x->context->requester));
	return 1;
}

/* The owner's session @ebi ends. */
static int end_step(__u32 ebi, void *ctx)
{
	struct xeir_tracking *x = ctx;
	struct xeir_session_key key = x->context->key;

	key.ebi = ebi;
	if (x->context->binding.ebis >> (ebi & (XEIR_BEARERS - 1)) & 1)
		xeir_end_session(&key);
	return 0;
}

/* The responder gave x->at->key's TEID to another handset: what had it before is over. */
static __always_inline void end_others(struct xeir_tracking *x)
{
	struct xeir_session_key key = x->context->key;
	const struct xeir_binding *binding = find_binding(key.address, key.teid, key.version);
	const struct xeir_session *s;

	if (!binding || !is_binding_of(binding, &x->context->key))
		return;
	x->context->binding = *binding;
	first_key(binding, &key);
	s = bpf_map_lookup_elem(&XEIR_MAP_SESSIONS, &key);
	if (s && !same_number(s->who.imsi, x->transaction->who.imsi))
		bpf_loop(XEIR_BEARERS, end_step, x, 0);
}

/* GTPv1: the context is one more bearer of the session that it is beside, TS 29.060 cl. 7.3.1. */
static __always_inline void track_secondary(struct xeir_tracking *x)
{
	if (narrow_to(x, x->transaction->linked))
		track_bearers(x);
	else
		track_unknown(x, NULL);
}

/*
 * A set-up was granted: a session, or one more bearer of one. Control tunnels that the handset has
 * for another session of it need not be named again, by an SGW on S11 or by either side of GTPv1.
 */
static __always_inline void track_setup(const struct xeir_datagram *d, struct xeir_tracking *x)
{
	const struct xeir_fteid *responder = responder_of(x->m);
	__u8 ebi = x->transaction->has_ebi ? x->transaction->ebi : x->transaction->bearer[0].ebi;

	int known = x->transaction->teid && find_sessions(d, x);

	if (known && x->transaction->has_linked) {
		track_secondary(x);
		return;
	}
	x->context->from_core = 0;
	if (x->transaction->control.teid)
		x->context->control[XEIR_REQUESTER] = x->transaction->control;
	if (responder->teid)
		x->context->control[XEIR_RESPONDER] = *responder;
	else if (!known)
		return;
	name_session(&x->context->control[XEIR_RESPONDER], ebi, x->m->version, &x->context->key);
	end_others(x);
	begin_session(d, x);
}

static __always_inline void track_change(const struct xeir_datagram *d, struct xeir_tracking *x)
{
	if (!find_sessions(d, x)) {
		__builtin_memset(x->context->requester, 0, sizeof(x->context->requester));
		track_unknown(x, NULL);
		return;
	}
	/* an SGSN moves each PDN connection by itself, TS 29.060 cl. 7.3.3 */
	if (x->m->version == 1 && x->transaction->has_ebi)
		narrow_to(x, x->transaction->ebi);
	/* bearers that are new are the session's that the request names */
	if (x->transaction->type == XEIR_GTPV2_CREATE_BEARER && x->m->version == 2 &&
	    x->transaction->has_ebi) {
		x->context->binding.ebis = 1U << (x->transaction->ebi & (XEIR_BEARERS - 1));
		x->context->key.ebi = x->transaction->ebi;
	}
	bpf_loop(XEIR_BEARERS, touch_step, x, 0);
	track_bearers(x);
}

/* Some bearers were taken away; a session without any is none. */
static __always_inline void track_dropped(struct xeir_tracking *x, __u32 ebis, __u8 ebi)
{
	const struct xeir_session *s;

	choose_session(x, ebi);
	xeir_drop_bearers(&x->context->key, ebis);
	s = bpf_map_lookup_elem(&XEIR_MAP_SESSIONS, &x->context->key);
	if (s && !s->bearers)
		xeir_end_session(&x->context->key);
}

static int lowest(__u32 ebis)
{
	int ebi = 0;

	for (int i = XEIR_BEARERS - 1; i >= 0; i--)
		if (ebis >> i & 1)
			ebi = i;
	return ebi;
}

/*
 * GTPv2 names the session to end, or the bearers; without either it is all that the handset has
 * (TS 29.274 cl. 7.2.9). GTPv1 names a context, and says whether it takes the others of its PDN
 * connection along (TS 29.060 cl. 7.3.5); other connections may have the same control tunnel.
 */
static __always_inline void track_end(const struct xeir_datagram *d, struct xeir_tracking *x)
{
	const struct xeir_transaction *a = x->transaction;

	if (!find_sessions(d, x))
		return;
	if (x->m->version == 1 && !a->teardown) {
		track_dropped(x, 1U << (a->ebi & (XEIR_BEARERS - 1)), a->ebi);
		return;
	}
	if (x->m->version == 2 && a->gone && !a->has_ebi) {
		track_dropped(x, a->gone, lowest(a->gone));
		return;
	}
	if (x->m->version == 2 && a->has_ebi)
		x->context->binding.ebis &= 1U << (a->ebi & (XEIR_BEARERS - 1));
	if (x->m->version == 1 && a->has_ebi && !narrow_to(x, a->ebi))
		return;
	bpf_loop(XEIR_BEARERS, end_step, x, 0);
}

/* The owner's session @ebi loses its access ends: all, or those of the bearers that are named. */
static int idle_step(__u32 ebi, void *ctx)
{
	struct xeir_tracking *x = ctx;
	struct xeir_session_key key;
	struct xeir_session *s = session_of(x, ebi, &key);

	if (!s)
		return 0;
	s->seen_ns = x->context->now;
	xeir_release_access(&key, x->transaction->gone ? x->transaction->gone : s->bearers);
	return 0;
}

/* The handset is idle, or lost some radio bearers, TS 29.274 cl. 7.2.21. */
static __always_inline void track_release(const struct xeir_datagram *d, struct xeir_tracking *x)
{
	if (find_sessions(d, x))
		bpf_loop(XEIR_BEARERS, idle_step, x, 0);
}

static __always_inline int is_setup_response(const struct xeir_gtpc *m)
{
	return m->type == (m->version == 2 ? XEIR_GTPV2_CREATE_SESSION_RESPONSE :
					     XEIR_GTPV1_CREATE_PDP_RESPONSE);
}

static int judge_step(__u32 ebi, void *ctx)
{
	const struct xeir_transaction_context *at = *(const struct xeir_transaction_context **)ctx;
	struct xeir_session_key key = at->key;

	key.ebi = ebi;
	if (at->binding.ebis >> (ebi & (XEIR_BEARERS - 1)) & 1)
		xeir_cut_session(&key);
	return 0;
}

/* The sessions that an answer has changed are to be what the list says of them. */
__noinline int xeir_cut_tracked(void)
{
	__u32 zero = 0;
	struct xeir_draft *draft = bpf_map_lookup_elem(&xeir_drafts, &zero);
	const struct xeir_transaction_context *context;

	if (!draft)
		return 0;
	context = &draft->context;
	bpf_loop(XEIR_BEARERS, judge_step, &context, 0);
	return 0;
}

/* Take the answer for what it says; 1: sessions may have changed. */
static __always_inline int track_accepted(const struct xeir_datagram *d, struct xeir_tracking *x)
{
	const struct xeir_gtpc *m = x->m;
	int accepts = xeir_cause_accepts(m->version, m->facts.cause);

	if (m->version == 2 && m->type == XEIR_GTPV2_RELEASE_ACCESS_RESPONSE) {
		if (accepts)
			track_release(d, x);
		return 0;
	}
	if (xeir_message_flags(m->version, m->type) & XEIR_MSG_ENDS) {
		if (accepts || xeir_cause_knows_none(m->version, m->facts.cause))
			track_end(d, x);
		return 0;
	}
	if (!accepts)
		return 0;
	if (is_setup_response(m))
		track_setup(d, x);
	else
		track_change(d, x);
	return 1;
}

/* Does @m accept what was asked, through another tunnel than the one to be answered through? */
static __always_inline int is_astray(const struct xeir_transaction *transaction,
				     const struct xeir_gtpc *m)
{
	return transaction->control.teid && m->teid != transaction->control.teid &&
	       xeir_cause_accepts(m->version, m->facts.cause);
}

/* Does it grant what was asked, or say that it is so already? Echo has no cause. */
static __always_inline int is_final(const struct xeir_gtpc *m)
{
	return m->type == XEIR_GTP_ECHO_RESPONSE ||
	       xeir_cause_accepts(m->version, m->facts.cause) ||
	       xeir_cause_knows_none(m->version, m->facts.cause);
}

/* The answer in message @which of @d; 1: sessions may have changed. */
__noinline int xeir_track_response(const struct xeir_datagram *d, __u32 which, __u64 now)
{
	__u32 zero = 0;
	struct xeir_message *message = bpf_map_lookup_elem(&xeir_messages, &which);
	struct xeir_draft *draft = bpf_map_lookup_elem(&xeir_drafts, &zero);
	struct xeir_tracking x = {};

	if (!d || !message || !draft)
		return 0;
	x.m = &message->gtpc;
	x.context = &draft->context;
	transaction_key(d, x.m, 1, &message->transaction);
	x.transaction = bpf_map_lookup_elem(&XEIR_MAP_PENDING, &message->transaction);
	if (!x.transaction || now - x.transaction->time_ns >= XEIR_PENDING_NS ||
	    x.transaction->type + 1 != x.m->type || is_astray(x.transaction, x.m)) {
		tally(XEIR_TALLY_UNSOLICITED);
		return 0;
	}
	if (x.transaction->answered) {
		tally(XEIR_TALLY_RETRANSMITTED);
		return 0;
	}
	/* a refusal may be forged, and the true answer come behind it */
	if (!is_final(x.m))
		return 0;
	x.transaction->answered = 1;
	__builtin_memset(x.context, 0, sizeof(*x.context));
	x.context->now = now;
	__builtin_memcpy(x.context->requester, d->local, sizeof(x.context->requester));
	xeir_note_recoveries(d, which, now);
	return track_accepted(d, &x);
}

#endif /* XEIR_TRACK_BPF_H */
