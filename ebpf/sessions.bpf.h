/* SPDX-License-Identifier: GPL-2.0-only */
/* Sessions and their bearers: find, judge, cut, end. */
#ifndef XEIR_SESSIONS_BPF_H
#define XEIR_SESSIONS_BPF_H

#include "bindings.bpf.h"

/* The binding of the control TEID @teid at @address, of GTP @version; NULL: none. */
static __always_inline struct xeir_binding *find_binding(const __u8 *address, __u32 teid,
							 __u8 version)
{
	struct xeir_teid at = {
		.teid = teid,
		.plane = XEIR_PLANE_CONTROL,
		.version = version,
	};

	__builtin_memcpy(at.address, address, sizeof(at.address));
	return bpf_map_lookup_elem(&XEIR_MAP_BINDINGS, &at);
}

/* Keys are copied to the stack: Linux 6.1 accepts no pointer of a caller's for a lookup. */

/* @end is the end @which of the bearer @key from now on; @given_by: the side that allocated it. */
__noinline int xeir_set_end(const struct xeir_session_key *key, __u32 which,
			    const struct xeir_fteid *end, __u32 given_by)
{
	static const struct xeir_bearer none;
	struct xeir_session_key own;
	struct xeir_bearer *bearer;
	struct xeir_fteid *old;

	if (!key || !end || which >= XEIR_ENDS || !is_end(end))
		return 0;
	own = *key;
	bearer = bpf_map_lookup_elem(&XEIR_MAP_BEARERS, &own);
	if (!bearer) {
		bpf_map_update_elem(&XEIR_MAP_BEARERS, &own, &none, BPF_NOEXIST);
		bearer = bpf_map_lookup_elem(&XEIR_MAP_BEARERS, &own);
	}
	if (!bearer) {
		tally(XEIR_TALLY_FULL);
		return 0;
	}
	old = &bearer->end[xeir_index(which, XEIR_ENDS)];
	if (!same_end(old, end))
		xeir_unbind(old, &own, XEIR_PLANE_USER);
	*old = *end;
	return xeir_bind(old, &own, XEIR_PLANE_USER, given_by);
}

/* Some bearers of a session. */
struct xeir_bearer_loop {
	struct xeir_session_key key;
	struct xeir_cut cut; /* to set in their bindings */
	__u32 ebis;
};

/* The bearer @ebi, if it is one of them and in the table; loop->key becomes its key. */
static __always_inline struct xeir_bearer *bearer_of(struct xeir_bearer_loop *loop, __u32 ebi)
{
	if (!(loop->ebis >> (ebi & (XEIR_BEARERS - 1)) & 1))
		return NULL;
	loop->key.bearer = ebi;
	return bpf_map_lookup_elem(&XEIR_MAP_BEARERS, &loop->key);
}

static int drop_step(__u32 ebi, void *ctx)
{
	struct xeir_bearer_loop *loop = ctx;
	struct xeir_bearer *bearer = bearer_of(loop, ebi);

	if (!bearer)
		return 0;
	XEIR_UNROLL
	for (int i = 0; i < XEIR_ENDS; i++)
		xeir_unbind(&bearer->end[i], &loop->key, XEIR_PLANE_USER);
	bpf_map_delete_elem(&XEIR_MAP_BEARERS, &loop->key);
	return 0;
}

/* Remove the bearers @ebis from the session @key. */
__noinline int xeir_drop_bearers(const struct xeir_session_key *key, __u32 ebis)
{
	struct xeir_bearer_loop loop = { .ebis = ebis };
	struct xeir_session *s;

	if (!key)
		return 0;
	loop.key = *key;
	s = bpf_map_lookup_elem(&XEIR_MAP_SESSIONS, &loop.key);
	if (!s)
		return 0;
	__sync_fetch_and_and(&s->bearers, ~ebis);
	bpf_loop(XEIR_BEARERS, drop_step, &loop, 0);
	return 0;
}

static int release_step(__u32 ebi, void *ctx)
{
	struct xeir_bearer_loop *loop = ctx;
	struct xeir_bearer *bearer = bearer_of(loop, ebi);
	struct xeir_fteid *end;

	if (!bearer)
		return 0;
	end = &bearer->end[XEIR_END_ACCESS];
	xeir_unbind(end, &loop->key, XEIR_PLANE_USER);
	__builtin_memset(end, 0, sizeof(*end));
	return 0;
}

/* Remove the access ends of the bearers @ebis of the session @key. */
__noinline int xeir_release_access(const struct xeir_session_key *key, __u32 ebis)
{
	struct xeir_bearer_loop loop = { .ebis = ebis };

	if (!key)
		return 0;
	loop.key = *key;
	bpf_loop(XEIR_BEARERS, release_step, &loop, 0);
	return 0;
}

__noinline int xeir_end_session(const struct xeir_session_key *key)
{
	struct xeir_bearer_loop loop = {};
	struct xeir_session *s;

	if (!key)
		return 0;
	loop.key = *key;
	s = bpf_map_lookup_elem(&XEIR_MAP_SESSIONS, &loop.key);
	if (!s)
		return 0;
	loop.ebis = s->bearers;
	bpf_loop(XEIR_BEARERS, drop_step, &loop, 0);
	loop.key.bearer = 0;
	XEIR_UNROLL
	for (int side = 0; side < XEIR_SIDES; side++)
		xeir_unbind(&s->control[side], &loop.key, XEIR_PLANE_CONTROL);
	if (!bpf_map_delete_elem(&XEIR_MAP_SESSIONS, &loop.key))
		tally(XEIR_TALLY_ENDED);
	return 0;
}

static int cut_step(__u32 ebi, void *ctx)
{
	struct xeir_bearer_loop *loop = ctx;
	struct xeir_bearer *bearer = bearer_of(loop, ebi);

	XEIR_UNROLL
	for (int i = 0; bearer && i < XEIR_ENDS; i++)
		xeir_cut_end(&bearer->end[i], &loop->key, &loop->cut);
	return 0;
}

/* Judge a session by the list. */
__noinline int xeir_judge_session(const struct xeir_session *s, struct xeir_verdict *v)
{
	__u32 zero = 0, live;
	struct xeir_control *control = bpf_map_lookup_elem(&XEIR_MAP_CONTROL, &zero);

	if (!s || !v || !control)
		return 0;
	if (s->emergency) {
		v->rule = XEIR_RULE_EMERGENCY;
		return 0;
	}
	live = *(volatile __u32 *)&control->live;
	xeir_judge_subscriber(&s->subscriber, &live, v);
	return 0;
}

/* A session is cut that was not, by an entry of @directive. */
static __always_inline void count_cut_session(__u32 directive)
{
	__u64 *n = bpf_map_lookup_elem(&XEIR_MAP_CUT_COUNTS, &directive), none = 0;

	if (!n) {
		bpf_map_update_elem(&XEIR_MAP_CUT_COUNTS, &directive, &none, BPF_NOEXIST);
		n = bpf_map_lookup_elem(&XEIR_MAP_CUT_COUNTS, &directive);
	}
	if (n)
		__sync_fetch_and_add(n, 1);
}

/* Cut the session @key or free it, by the list; returns what it is now: enum xeir_action. */
__noinline int xeir_cut_session(const struct xeir_session_key *key)
{
	struct xeir_bearer_loop loop;
	struct xeir_verdict v = {};
	struct xeir_session *s;

	if (!key)
		return 0;
	loop.key = *key;
	s = bpf_map_lookup_elem(&XEIR_MAP_SESSIONS, &loop.key);
	if (!s)
		return 0;
	xeir_judge_session(s, &v);
	if (v.action < XEIR_ACTION_REJECT)
		v.action = XEIR_ACTION_PASS;
	if (!v.action && !s->cut)
		return 0;
	loop.ebis = s->bearers;
	loop.cut.cut = v.action != XEIR_ACTION_PASS;
	loop.cut.expiry = v.expiry;
	bpf_loop(XEIR_BEARERS, cut_step, &loop, 0);
	loop.key.bearer = 0;
	/* its memory may serve another session by now */
	if (bpf_map_lookup_elem(&XEIR_MAP_SESSIONS, &loop.key) == s) {
		if (!s->cut)
			count_cut_session(v.directive);
		s->cut = v.action;
	}
	return v.action;
}

#endif /* XEIR_SESSIONS_BPF_H */
