/* SPDX-License-Identifier: GPL-2.0-only */
/* Tracking: which bearers and F-TEIDs a response grants to the sessions of a handset. */
#ifndef XEIR_TRACK_BEARERS_BPF_H
#define XEIR_TRACK_BEARERS_BPF_H

#include "sessions.bpf.h"
#include "transactions.bpf.h"

/* The response in hand, its request, and what is found out about the two on the way. */
struct xeir_tracking {
	const struct xeir_gtpc *m;
	struct xeir_transaction *request;
	struct xeir_transaction_context *context;
};

/* The session @ebi of the handset, or NULL; *@key becomes its key. */
static __always_inline struct xeir_session *session_of(const struct xeir_tracking *t, __u32 ebi,
						       struct xeir_session_key *key)
{
	*key = t->context->key;
	if (!(t->context->binding.ebis >> (ebi & (XEIR_BEARERS - 1)) & 1))
		return NULL;
	key->ebi = ebi;
	return bpf_map_lookup_elem(&XEIR_MAP_SESSIONS, key);
}

static int choose_step(__u32 ebi, void *ctx)
{
	struct xeir_tracking *t = ctx;
	struct xeir_session_key key;
	const struct xeir_session *s = session_of(t, ebi, &key);

	if (!s || !(s->bearers >> (t->context->wanted & (XEIR_BEARERS - 1)) & 1))
		return 0;
	t->context->key.ebi = ebi;
	t->context->found = 1;
	return 1;
}

/* Let context->key be the session that has bearer @ebi; 0: of several, none has. */
static __always_inline int choose_session(struct xeir_tracking *t, __u8 ebi)
{
	if (!(t->context->binding.ebis & (t->context->binding.ebis - 1)))
		return 1;
	t->context->wanted = ebi;
	t->context->found = 0;
	bpf_loop(XEIR_BEARERS, choose_step, t, 0);
	return t->context->found;
}

/* Leave the other sessions of the handset alone: only the one with bearer @ebi is changed. */
static __always_inline int narrow_to(struct xeir_tracking *t, __u8 ebi)
{
	if (!choose_session(t, ebi))
		return 0;
	t->context->binding.ebis = 1U << (t->context->key.ebi & (XEIR_BEARERS - 1));
	return 1;
}

static __always_inline void add_end(struct xeir_tracking *t, __u8 ebi, __u32 which,
				    const struct xeir_fteid *end, __u32 given_by)
{
	struct xeir_session_key key = t->context->key;

	key.bearer = ebi;
	if (t->context->unknown)
		xeir_unbind_any(end, XEIR_PLANE_USER, t->m->version, given_by);
	else
		xeir_set_end(&key, which, end, given_by);
}

/*
 * Which side allocated the end @which of bearer @i of the response? A Create Bearer Response also
 * repeats the end that the request gave, TS 29.274 cl. 7.2.4.
 */
static __noinline __u32 giver_of(const struct xeir_tracking *t, __u32 i, __u32 which,
				 const struct xeir_fteid *end)
{
	if (which == XEIR_END_ACCESS)
		return XEIR_REQUESTER;
	if (t->m->type != XEIR_GTPV2_CREATE_BEARER_RESPONSE)
		return XEIR_RESPONDER;
	return i < t->request->bearers &&
	       same_end(end, &t->request->bearer[xeir_index(i, XEIR_BEARERS)].access);
}

/* Bearer @i of the response, if it is granted. */
static int granted_step(__u32 i, void *ctx)
{
	struct xeir_tracking *t = ctx;
	const struct xeir_fact_bearer *bearer;
	struct xeir_session *s;
	__u8 ebi;

	if (i >= XEIR_BEARERS || i >= t->m->facts.bearers)
		return 1;
	bearer = &t->m->facts.bearer[xeir_index(i, XEIR_BEARERS)];
	ebi = t->m->version == 2 ? bearer->ebi : t->request->ebi;
	if (bearer->cause && !xeir_cause_accepts(t->m->version, bearer->cause))
		return 0;
	choose_session(t, ebi);
	s = bpf_map_lookup_elem(&XEIR_MAP_SESSIONS, &t->context->key);
	if (!s && !t->context->unknown)
		return 0;
	if (s)
		__sync_fetch_and_or(&s->bearers, 1U << (ebi & (XEIR_BEARERS - 1)));
	t->context->accepted |= 1U << (ebi & (XEIR_BEARERS - 1));
	if (t->m->version == 2) {
		XEIR_UNROLL
		for (__u32 end = 0; end < XEIR_ENDS; end++)
			add_end(t, ebi, end, &bearer->ends.end[end],
				giver_of(t, i, end, &bearer->ends.end[end]));
		return 0;
	}
	add_end(t, ebi, t->context->from_core ? XEIR_END_ACCESS : XEIR_END_ANCHOR,
		&bearer->ends.end[XEIR_END_ACCESS], !t->context->from_core);
	return 0;
}

/* Bearer @i of the request, if the response grants it or names no bearers. */
static int requested_step(__u32 i, void *ctx)
{
	struct xeir_tracking *t = ctx;
	const struct xeir_transaction_bearer *bearer;
	__u8 ebi;

	if (i >= XEIR_BEARERS || i >= t->request->bearers)
		return 1;
	bearer = &t->request->bearer[xeir_index(i, XEIR_BEARERS)];
	ebi = bearer->ebi;
	if (t->context->accepted && !(t->context->accepted >> (ebi & (XEIR_BEARERS - 1)) & 1))
		return 0;
	choose_session(t, ebi);
	add_end(t, ebi, t->context->from_core ? XEIR_END_ANCHOR : XEIR_END_ACCESS, &bearer->access,
		t->context->from_core);
	return 0;
}

/* @end is the control F-TEID of @side of the session @key from now on. */
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

/* Update session @ebi: time seen, bearers removed, a missing IMEI, new control F-TEIDs. */
static int touch_step(__u32 ebi, void *ctx)
{
	struct xeir_tracking *t = ctx;
	struct xeir_session_key key;
	struct xeir_session *s = session_of(t, ebi, &key);

	if (!s)
		return 0;
	s->seen_ns = t->context->now;
	if (t->request->removed)
		xeir_drop_bearers(&key, t->request->removed);
	if (!xeir_is_usable(s->subscriber.imei) && xeir_is_usable(t->request->subscriber.imei))
		__builtin_memcpy(s->subscriber.imei, t->request->subscriber.imei,
				 sizeof(s->subscriber.imei));
	/* in GTPv2 only the requester may change its F-TEID, TS 29.274 cl. 7.2.7 */
	if (t->m->version == 1)
		move_control(s, &key, !t->context->from_core, &t->m->facts.control[0]);
	if (!t->request->control.teid || t->context->from_core)
		return 0;
	move_control(s, &key, XEIR_REQUESTER, &t->request->control);
	__builtin_memcpy(s->peer[XEIR_REQUESTER], t->context->requester, 16);
	return 0;
}

static __always_inline void track_bearers(struct xeir_tracking *t)
{
	bpf_loop(XEIR_BEARERS, granted_step, t, 0);
	if (t->request->type != XEIR_GTPV2_CREATE_BEARER || t->m->version == 1)
		bpf_loop(XEIR_BEARERS, requested_step, t, 0);
}

#endif /* XEIR_TRACK_BEARERS_BPF_H */
