/* SPDX-License-Identifier: GPL-2.0-only */
/* Bindings: which session a TEID belongs to, and who may bind one that is bound already. */
#ifndef XEIR_BINDINGS_BPF_H
#define XEIR_BINDINGS_BPF_H

#include <xeir/session.h>

#include "transactions.bpf.h"
#include "maps.bpf.h"
#include "teids.bpf.h"

/* The first of the sessions that the TEID is bound to. */
static __always_inline void first_key(const struct xeir_binding *binding,
				      struct xeir_session_key *key)
{
	__builtin_memset(key, 0, sizeof(*key));
	__builtin_memcpy(key->address, binding->address, sizeof(key->address));
	key->teid = binding->teid;
	key->version = binding->version;
	for (int ebi = XEIR_BEARERS - 1; ebi >= 0; ebi--)
		if (binding->ebis >> ebi & 1)
			key->ebi = ebi;
}

/* Has the node of either side restarted since, and so lost the session? */
static __always_inline int is_lost(const struct xeir_session *s)
{
	struct xeir_path path;

	for (int side = 0; side < XEIR_SIDES; side++) {
		xeir_path_of(s, side, &path);
		if (xeir_is_lost(s, bpf_map_lookup_elem(&XEIR_MAP_PATHS, &path)))
			return 1;
	}
	return 0;
}

/* Lost, or without a message for too long. */
static __always_inline int is_over(const struct xeir_session *s, const struct xeir_config *config,
				   __u64 now)
{
	return xeir_is_aged(s, config, now) || is_lost(s);
}

/*
 * Must a requester leave the TEID to @binding? A requester may name any F-TEID as its end, or its
 * eNB's or RNC's: nothing proves that it is its own (TS 29.274 cl. 8.22, TS 29.060 cl. 7.7.13).
 * It could name a TEID of another session, to have that cut too or to free it. So a TEID that a
 * responder gave stays bound while that session is up, except to a request by the same node: an
 * SGW responds on S11 and requests on S5/S8, with TEIDs of one pool. Among requesters the last
 * one gets the TEID: eNBs and RNCs give theirs through any MME or SGSN of a pool, and the end of
 * a handover may not be seen.
 */
__noinline int xeir_is_held(const struct xeir_binding *binding)
{
	__u32 zero = 0;
	const struct xeir_config *config = bpf_map_lookup_elem(&XEIR_MAP_CONFIG, &zero);
	struct xeir_scratch *scratch = bpf_map_lookup_elem(&xeir_scratch, &zero);
	const struct xeir_session *s;
	const __u64 *gave, *asks;

	if (!binding || !config || !scratch || binding->given_by != XEIR_RESPONDER)
		return 0;
	first_key(binding, &scratch->bind.holder);
	s = bpf_map_lookup_elem(&XEIR_MAP_SESSIONS, &scratch->bind.holder);
	if (!s)
		return 0;
	/* compared as words, which needs less stack */
	gave = (const __u64 *)s->peer[XEIR_RESPONDER];
	asks = (const __u64 *)scratch->context.requester;
	return (gave[0] != asks[0] || gave[1] != asks[1]) &&
	       !is_over(s, config, scratch->context.now);
}

static __always_inline void bind_one(const struct xeir_new_binding *bind,
				     const struct xeir_session_key *key)
{
	struct xeir_binding *old = bpf_map_lookup_elem(&XEIR_MAP_BINDINGS, &bind->at);

	if (old && is_binding_of(old, key)) {
		/* sessions of one handset may share a control F-TEID */
		if (bind->at.plane == XEIR_PLANE_CONTROL)
			__sync_fetch_and_or(&old->ebis, bind->binding.ebis);
		if (old->ebis & bind->binding.ebis) {
			old->bearer = key->bearer;
			old->given_by |= bind->binding.given_by;
			return;
		}
	} else if (old && bind->binding.given_by == XEIR_REQUESTER && xeir_is_held(old)) {
		return;
	}
	if (old)
		set_cut(old, 0);
	if (bpf_map_update_elem(&XEIR_MAP_BINDINGS, &bind->at, &bind->binding, BPF_ANY))
		tally(XEIR_TALLY_FULL);
}

/* Bind the TEID of @end to the session @key; @given_by: the side that allocated it. */
__noinline int xeir_bind(const struct xeir_fteid *end, const struct xeir_session_key *key,
			 __u32 plane, __u32 given_by)
{
	__u32 zero = 0;
	struct xeir_scratch *scratch = bpf_map_lookup_elem(&xeir_scratch, &zero);
	struct xeir_new_binding *bind;

	if (!end || !key || !scratch || !end->teid)
		return 0;
	bind = &scratch->bind;
	make_binding(key, &bind->binding);
	bind->binding.given_by = given_by;
	XEIR_UNROLL
	for (int ipv6 = 0; ipv6 < 2; ipv6++)
		if (teid_key(end, ipv6, plane, key->version, &bind->at))
			bind_one(bind, key);
	return 0;
}

static __always_inline void unbind_any_one(const struct xeir_teid *at, __u32 given_by)
{
	struct xeir_binding *old = bpf_map_lookup_elem(&XEIR_MAP_BINDINGS, at);

	if (!old || (given_by == XEIR_REQUESTER && xeir_is_held(old)))
		return;
	set_cut(old, 0);
	bpf_map_delete_elem(&XEIR_MAP_BINDINGS, at);
}

/* The TEID of @end, given by @given_by, is that of no session in the table. */
__noinline int xeir_unbind_any(const struct xeir_fteid *end, __u32 plane, __u32 version,
			       __u32 given_by)
{
	struct xeir_teid at;

	if (!end || !end->teid)
		return 0;
	XEIR_UNROLL
	for (int ipv6 = 0; ipv6 < 2; ipv6++)
		if (teid_key(end, ipv6, plane, version, &at))
			unbind_any_one(&at, given_by);
	return 0;
}

#endif /* XEIR_BINDINGS_BPF_H */
