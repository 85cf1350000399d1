/* SPDX-License-Identifier: GPL-2.0-only */
/* Tracking: sessions that a response sets up, changes, ends or releases. */
#ifndef XEIR_TRACK_SESSIONS_BPF_H
#define XEIR_TRACK_SESSIONS_BPF_H

#include "track_bearers.bpf.h"

/* The key of a session, by its responder's F-TEID. That may have two addresses: IPv4 first. */
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

/* The control F-TEID of the responder, in its response. */
static __always_inline const struct xeir_fteid *responder_of(const struct xeir_gtpc *m)
{
	return m->facts.control[0].teid || m->version == 1 ? &m->facts.control[0] :
							     &m->facts.control[1];
}

static __always_inline void fill_session(struct xeir_session *s, const struct xeir_datagram *d,
					 const struct xeir_tracking *t)
{
	__builtin_memset(s, 0, sizeof(*s));
	s->started_ns = t->context->now;
	s->seen_ns = t->context->now;
	s->subscriber = t->request->subscriber;
	s->control[XEIR_REQUESTER] = t->context->control[XEIR_REQUESTER];
	s->control[XEIR_RESPONDER] = t->context->control[XEIR_RESPONDER];
	__builtin_memcpy(s->peer[XEIR_REQUESTER], d->local, 16);
	__builtin_memcpy(s->peer[XEIR_RESPONDER], d->peer, 16);
	s->version = t->m->version;
	s->rat = t->request->rat;
	s->emergency = t->request->emergency;
	s->interface = t->request->interface;
}

/* Same subscriber and ends, and no restart since: the set-up was retransmitted. */
static __always_inline int is_same_session(const struct xeir_session *old,
					   const struct xeir_session *s)
{
	const __u64 *a = (const __u64 *)&old->subscriber, *b = (const __u64 *)&s->subscriber;
	const __u32 octets =
		offsetof(struct xeir_session, bearers) - offsetof(struct xeir_session, subscriber);
	__u64 differ = 0;

	for (__u32 i = 0; i < octets / sizeof(*a); i++)
		differ |= a[i] ^ b[i];
	return !differ && !is_lost(old);
}

/* The session is not in the table. Its TEIDs must not stay bound to another that is. */
static __always_inline void track_unknown(struct xeir_tracking *t, const struct xeir_session *s)
{
	t->context->unknown = 1;
	t->context->binding.ebis = 0;
	if (s) {
		xeir_unbind_any(&s->control[XEIR_REQUESTER], XEIR_PLANE_CONTROL, s->version,
				XEIR_REQUESTER);
		xeir_unbind_any(&s->control[XEIR_RESPONDER], XEIR_PLANE_CONTROL, s->version,
				XEIR_RESPONDER);
	}
	track_bearers(t);
}

/* Put the session that the response in @d grants into the table, as context->key. */
static __always_inline void begin_session(const struct xeir_datagram *d, struct xeir_tracking *t)
{
	__u32 zero = 0;
	struct xeir_scratch *scratch = bpf_map_lookup_elem(&xeir_scratch, &zero);
	struct xeir_session *s, *old;

	if (!scratch)
		return;
	s = &scratch->session;
	fill_session(s, d, t);
	make_binding(&t->context->key, &t->context->binding);
	old = bpf_map_lookup_elem(&XEIR_MAP_SESSIONS, &t->context->key);
	if (old && is_same_session(old, s)) {
		old->seen_ns = t->context->now;
	} else {
		/* the former session with this key is over, although its end was not seen */
		xeir_end_session(&t->context->key);
		if (bpf_map_update_elem(&XEIR_MAP_SESSIONS, &t->context->key, s, BPF_ANY)) {
			tally(XEIR_TALLY_FULL);
			track_unknown(t, s);
			return;
		}
		tally(XEIR_TALLY_STARTED);
	}
	xeir_bind(&s->control[XEIR_REQUESTER], &t->context->key, XEIR_PLANE_CONTROL,
		  XEIR_REQUESTER);
	xeir_bind(&s->control[XEIR_RESPONDER], &t->context->key, XEIR_PLANE_CONTROL,
		  XEIR_RESPONDER);
	track_bearers(t);
}

/* Find the sessions that the request is about, by the TEID in its header. */
static __noinline int find_sessions(const struct xeir_datagram *d, struct xeir_tracking *t)
{
	const struct xeir_binding *binding = find_binding(d->peer, t->request->teid, t->m->version);
	const struct xeir_session *s;

	if (!t->request->teid || !binding)
		return 0;
	t->context->binding = *binding;
	first_key(binding, &t->context->key);
	s = bpf_map_lookup_elem(&XEIR_MAP_SESSIONS, &t->context->key);
	if (!s)
		return 0;
	t->context->control[XEIR_REQUESTER] = s->control[XEIR_REQUESTER];
	t->context->control[XEIR_RESPONDER] = s->control[XEIR_RESPONDER];
	t->context->from_core =
		is_reached_at(&s->control[XEIR_REQUESTER], d->peer, t->request->teid);
	if (t->context->from_core)
		__builtin_memcpy(t->context->requester, d->peer, sizeof(t->context->requester));
	return 1;
}

/* Session @ebi of the handset ends. */
static int end_step(__u32 ebi, void *ctx)
{
	struct xeir_tracking *t = ctx;
	struct xeir_session_key key = t->context->key;

	key.ebi = ebi;
	if (t->context->binding.ebis >> (ebi & (XEIR_BEARERS - 1)) & 1)
		xeir_end_session(&key);
	return 0;
}

/* The responder has allocated its TEID again: sessions of another handset with it are over. */
static __always_inline void end_others(struct xeir_tracking *t)
{
	struct xeir_session_key key = t->context->key;
	const struct xeir_binding *binding = find_binding(key.address, key.teid, key.version);
	const struct xeir_session *s;

	if (!binding || !is_binding_of(binding, &t->context->key))
		return;
	t->context->binding = *binding;
	first_key(binding, &key);
	s = bpf_map_lookup_elem(&XEIR_MAP_SESSIONS, &key);
	if (s && !same_number(s->subscriber.imsi, t->request->subscriber.imsi))
		bpf_loop(XEIR_BEARERS, end_step, t, 0);
}

/* GTPv1: a secondary PDP context is one more bearer of its session, TS 29.060 cl. 7.3.1. */
static __always_inline void track_secondary(struct xeir_tracking *t)
{
	if (narrow_to(t, t->request->linked))
		track_bearers(t);
	else
		track_unknown(t, NULL);
}

/*
 * A set-up was granted: a session, or one more bearer of one. Control F-TEIDs that the handset
 * already uses for another session may be left out, by an SGW on S11 or by either side of GTPv1.
 */
static __always_inline void track_setup(const struct xeir_datagram *d, struct xeir_tracking *t)
{
	const struct xeir_fteid *responder = responder_of(t->m);
	__u8 ebi = t->request->has_ebi ? t->request->ebi : t->request->bearer[0].ebi;

	int known = t->request->teid && find_sessions(d, t);

	if (known && t->request->has_linked) {
		track_secondary(t);
		return;
	}
	t->context->from_core = 0;
	if (t->request->control.teid)
		t->context->control[XEIR_REQUESTER] = t->request->control;
	if (responder->teid)
		t->context->control[XEIR_RESPONDER] = *responder;
	else if (!known)
		return;
	name_session(&t->context->control[XEIR_RESPONDER], ebi, t->m->version, &t->context->key);
	end_others(t);
	begin_session(d, t);
}

static __always_inline void track_change(const struct xeir_datagram *d, struct xeir_tracking *t)
{
	if (!find_sessions(d, t)) {
		__builtin_memset(t->context->requester, 0, sizeof(t->context->requester));
		track_unknown(t, NULL);
		return;
	}
	/* an SGSN moves each PDN connection separately, TS 29.060 cl. 7.3.3 */
	if (t->m->version == 1 && t->request->has_ebi)
		narrow_to(t, t->request->ebi);
	/* new bearers belong to the session that the request names by its default bearer */
	if (t->request->type == XEIR_GTPV2_CREATE_BEARER && t->m->version == 2 &&
	    t->request->has_ebi) {
		t->context->binding.ebis = 1U << (t->request->ebi & (XEIR_BEARERS - 1));
		t->context->key.ebi = t->request->ebi;
	}
	bpf_loop(XEIR_BEARERS, touch_step, t, 0);
	track_bearers(t);
}

/* Remove bearers; a session ends with its last one. */
static __always_inline void track_dropped(struct xeir_tracking *t, __u32 ebis, __u8 ebi)
{
	const struct xeir_session *s;

	choose_session(t, ebi);
	xeir_drop_bearers(&t->context->key, ebis);
	s = bpf_map_lookup_elem(&XEIR_MAP_SESSIONS, &t->context->key);
	if (s && !s->bearers)
		xeir_end_session(&t->context->key);
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
 * GTPv2 names the session or the bearers to delete; without either, all sessions of the handset
 * end (TS 29.274 cl. 7.2.9). GTPv1 names a context; teardown ends all contexts of its PDN
 * connection (TS 29.060 cl. 7.3.5). Other connections may use the same control F-TEID.
 */
static __always_inline void track_end(const struct xeir_datagram *d, struct xeir_tracking *t)
{
	const struct xeir_transaction *a = t->request;

	if (!find_sessions(d, t))
		return;
	if (t->m->version == 1 && !a->teardown) {
		track_dropped(t, 1U << (a->ebi & (XEIR_BEARERS - 1)), a->ebi);
		return;
	}
	if (t->m->version == 2 && a->removed && !a->has_ebi) {
		track_dropped(t, a->removed, lowest(a->removed));
		return;
	}
	if (t->m->version == 2 && a->has_ebi)
		t->context->binding.ebis &= 1U << (a->ebi & (XEIR_BEARERS - 1));
	if (t->m->version == 1 && a->has_ebi && !narrow_to(t, a->ebi))
		return;
	bpf_loop(XEIR_BEARERS, end_step, t, 0);
}

/* Session @ebi of the handset loses its access ends: all, or those of the bearers named. */
static int idle_step(__u32 ebi, void *ctx)
{
	struct xeir_tracking *t = ctx;
	struct xeir_session_key key;
	struct xeir_session *s = session_of(t, ebi, &key);

	if (!s)
		return 0;
	s->seen_ns = t->context->now;
	xeir_release_access(&key, t->request->removed ? t->request->removed : s->bearers);
	return 0;
}

/* The handset becomes idle, or loses some radio bearers, TS 29.274 cl. 7.2.21. */
static __always_inline void track_release(const struct xeir_datagram *d, struct xeir_tracking *t)
{
	if (find_sessions(d, t))
		bpf_loop(XEIR_BEARERS, idle_step, t, 0);
}

static __always_inline int is_setup_response(const struct xeir_gtpc *m)
{
	return m->type == (m->version == 2 ? XEIR_GTPV2_CREATE_SESSION_RESPONSE :
					     XEIR_GTPV1_CREATE_PDP_RESPONSE);
}

#endif /* XEIR_TRACK_SESSIONS_BPF_H */
