/* SPDX-License-Identifier: GPL-2.0-only */
/* Who may have a tunnel that another session has. */
#ifndef XEIR_BINDINGS_BPF_H
#define XEIR_BINDINGS_BPF_H

#include <xeir/session.h>

#include "transactions.bpf.h"
#include "maps.bpf.h"
#include "teids.bpf.h"

/* The first session of @owner. */
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

/* Is the session no more known to the node of either side? */
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

/* Not known any more to one of its ends, or heard of too long ago. */
static __always_inline int is_over(const struct xeir_session *s, const struct xeir_config *config,
				   __u64 now)
{
	return xeir_is_aged(s, config, now) || is_lost(s);
}

/*
 * Must the requester's side leave a tunnel to @owner? A node that asks names its ends, and those of
 * its eNBs and RNCs, as it likes, and nothing shows that they are its own (TS 29.274 cl. 8.22,
 * TS 29.060 cl. 7.7.13): it could take the tunnel of another's session to be cut in its place, or
 * to free it of the cut. So what a responder gave stays with its session while that is up, but for
 * the node that gave it: an SGW answers on S11 and asks on S5/S8, out of one store of TEIDs. Among
 * requesters the last one has it, as eNBs and RNCs give their TEIDs through any MME or SGSN of a
 * pool, and a handover may not be seen to its end.
 */
__noinline int xeir_is_held(const struct xeir_binding *binding)
{
	__u32 zero = 0;
	const struct xeir_config *config = bpf_map_lookup_elem(&XEIR_MAP_CONFIG, &zero);
	struct xeir_draft *draft = bpf_map_lookup_elem(&xeir_drafts, &zero);
	const struct xeir_session *s;
	const __u64 *gave, *asks;

	if (!binding || !config || !draft || binding->given != XEIR_RESPONDER)
		return 0;
	first_key(binding, &draft->bind.holder);
	s = bpf_map_lookup_elem(&XEIR_MAP_SESSIONS, &draft->bind.holder);
	if (!s)
		return 0;
	/* in words, for the sake of the stack */
	gave = (const __u64 *)s->peer[XEIR_RESPONDER];
	asks = (const __u64 *)draft->context.requester;
	return (gave[0] != asks[0] || gave[1] != asks[1]) &&
	       !is_over(s, config, draft->context.now);
}

static __always_inline void bind_one(const struct xeir_bind *bind,
				     const struct xeir_session_key *key)
{
	struct xeir_binding *old = bpf_map_lookup_elem(&XEIR_MAP_BINDINGS, &bind->at);

	if (old && is_binding_of(old, key)) {
		/* sessions of one handset share a control tunnel */
		if (bind->at.plane == XEIR_PLANE_CONTROL)
			__sync_fetch_and_or(&old->ebis, bind->binding.ebis);
		if (old->ebis & bind->binding.ebis) {
			old->bearer = key->bearer;
			old->given |= bind->binding.given;
			return;
		}
	} else if (old && bind->binding.given == XEIR_REQUESTER && xeir_is_held(old)) {
		return;
	}
	if (old)
		set_cut(old, 0);
	if (bpf_map_update_elem(&XEIR_MAP_BINDINGS, &bind->at, &bind->binding, BPF_ANY))
		tally(XEIR_TALLY_FULL);
}

/* Make the tunnels to @end those of the session @key, whose side @given has given them. */
__noinline int xeir_bind(const struct xeir_fteid *end, const struct xeir_session_key *key,
			 __u32 plane, __u32 given)
{
	__u32 zero = 0;
	struct xeir_draft *draft = bpf_map_lookup_elem(&xeir_drafts, &zero);
	struct xeir_bind *bind;

	if (!end || !key || !draft || !end->teid)
		return 0;
	bind = &draft->bind;
	make_binding(key, &bind->binding);
	bind->binding.given = given;
	XEIR_UNROLL
	for (int ipv6 = 0; ipv6 < 2; ipv6++)
		if (teid_key(end, ipv6, plane, key->version, &bind->at))
			bind_one(bind, key);
	return 0;
}

static __always_inline void unbind_all_one(const struct xeir_teid *at, __u32 given)
{
	struct xeir_binding *old = bpf_map_lookup_elem(&XEIR_MAP_BINDINGS, at);

	if (!old || (given == XEIR_REQUESTER && xeir_is_held(old)))
		return;
	set_cut(old, 0);
	bpf_map_delete_elem(&XEIR_MAP_BINDINGS, at);
}

/* The tunnels to @end, which the side @given has given, are nobody's that is known. */
__noinline int xeir_unbind_all(const struct xeir_fteid *end, __u32 plane, __u32 version,
			       __u32 given)
{
	struct xeir_teid at;

	if (!end || !end->teid)
		return 0;
	XEIR_UNROLL
	for (int ipv6 = 0; ipv6 < 2; ipv6++)
		if (teid_key(end, ipv6, plane, version, &at))
			unbind_all_one(&at, given);
	return 0;
}

#endif /* XEIR_BINDINGS_BPF_H */
