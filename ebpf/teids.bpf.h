/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * TEIDs: keys of bindings, taking bindings back, and cutting TEIDs of user planes. A TEID that
 * is allocated again belongs to its new session; what the former one still has of it is void.
 */
#ifndef XEIR_TEIDS_BPF_H
#define XEIR_TEIDS_BPF_H

#include "cut_teids.bpf.h"
#include "tables.bpf.h"

/* The IPv6 or the IPv4 address of @end; 0: it has none. */
static __always_inline int address_of(const struct xeir_fteid *end, int ipv6, __u8 *address)
{
	__u8 any = 0;

	if (ipv6) {
		__builtin_memcpy(address, end->ipv6, 16);
		for (int i = 0; i < 16; i++)
			any |= end->ipv6[i];
		return any;
	}
	__builtin_memset(address, 0, 10);
	address[10] = address[11] = 0xff;
	__builtin_memcpy(address + 12, end->ipv4, 4);
	return end->ipv4[0] | end->ipv4[1] | end->ipv4[2] | end->ipv4[3];
}

/* The key of the TEID of @end at that address, of a session of GTP @version. */
static __always_inline int teid_key(const struct xeir_fteid *end, int ipv6, __u32 plane,
				    __u32 version, struct xeir_teid *at)
{
	__builtin_memset(at, 0, sizeof(*at));
	at->teid = end->teid;
	at->plane = plane;
	at->version = plane == XEIR_PLANE_CONTROL ? version : 0;
	return address_of(end, ipv6, at->address);
}

static __always_inline int is_end(const struct xeir_fteid *end)
{
	__u8 address[16];

	return end->teid && (address_of(end, 0, address) || address_of(end, 1, address));
}

static __always_inline int same_address(const __u8 *a, const __u8 *b)
{
	__u8 differ = 0;

	for (int i = 0; i < 16; i++)
		differ |= a[i] ^ b[i];
	return !differ;
}

static __always_inline int same_end(const struct xeir_fteid *a, const struct xeir_fteid *b)
{
	return a->teid == b->teid && !__builtin_memcmp(a->ipv4, b->ipv4, 4) &&
	       same_address(a->ipv6, b->ipv6);
}

/* Is @binding of the handset whose session is @key? On S11 a handset may have several. */
static __noinline int is_binding_of(const struct xeir_binding *binding,
				    const struct xeir_session_key *key)
{
	return binding->teid == key->teid && binding->version == key->version &&
	       same_address(binding->address, key->address);
}

static __always_inline void count_cut(int more)
{
	__u32 zero = 0;
	struct xeir_cutting *cutting = bpf_map_lookup_elem(&XEIR_MAP_CUTTING, &zero);

	if (cutting && more)
		__sync_fetch_and_add(&cutting->tunnels, more);
}

static __always_inline void make_binding(const struct xeir_session_key *key,
					 struct xeir_binding *binding)
{
	__builtin_memset(binding, 0, sizeof(*binding));
	__builtin_memcpy(binding->address, key->address, sizeof(binding->address));
	binding->teid = key->teid;
	binding->ebis = 1U << (key->ebi & (XEIR_BEARERS - 1));
	binding->version = key->version;
	binding->bearer = key->bearer;
}

/* Cut or free a TEID; each change is counted once, also if another CPU does the same. */
static __always_inline void set_cut(struct xeir_binding *binding, __u32 cut)
{
	count_cut((int)cut - (int)__sync_lock_test_and_set(&binding->cut, cut));
}

static __always_inline void unbind_one(const struct xeir_teid *at,
				       const struct xeir_session_key *key)
{
	struct xeir_binding *old = bpf_map_lookup_elem(&XEIR_MAP_BINDINGS, at);
	__u32 ebi = 1U << (key->ebi & (XEIR_BEARERS - 1));

	/* bearers may exchange TEIDs, and the one that is changed last has the first one's */
	if (!old || !is_binding_of(old, key) || !(old->ebis & ebi) || old->bearer != key->bearer)
		return;
	if (__sync_fetch_and_and(&old->ebis, ~ebi) & ~ebi)
		return;
	set_cut(old, 0);
	bpf_map_delete_elem(&XEIR_MAP_BINDINGS, at);
}

/* Unbind the TEID of @end from the session @key, as far as it is bound to that. */
__noinline int xeir_unbind(const struct xeir_fteid *end, const struct xeir_session_key *key,
			   __u32 plane)
{
	struct xeir_teid at;

	if (!end || !key || !end->teid)
		return 0;
	XEIR_UNROLL
	for (int ipv6 = 0; ipv6 < 2; ipv6++)
		if (teid_key(end, ipv6, plane, key->version, &at))
			unbind_one(&at, key);
	return 0;
}

/* Is @end the F-TEID with @teid at @address? */
static __always_inline int is_reached_at(const struct xeir_fteid *end, const __u8 *address,
					 __u32 teid)
{
	__u8 own[16];

	if (end->teid != teid)
		return 0;
	if (address_of(end, 0, own) && same_address(own, address))
		return 1;
	return address_of(end, 1, own) && same_address(own, address);
}

/* What to set in the bindings of a session's user plane. */
struct xeir_cut {
	__u32 cut; /* as in struct xeir_binding, likewise the next */
	__u32 expiry;
};

static __always_inline void cut_one(const struct xeir_teid *at, const struct xeir_session_key *key,
				    const struct xeir_cut *cut)
{
	struct xeir_binding *now = bpf_map_lookup_elem(&XEIR_MAP_BINDINGS, at);

	if (!now || !is_binding_of(now, key) || !(now->ebis >> (key->ebi & (XEIR_BEARERS - 1)) & 1))
		return;
	now->expiry = cut->expiry;
	if (cut->cut)
		note_cut_teid(at->teid);
	set_cut(now, cut->cut);
	/* the memory of the binding may serve another TEID by now */
	if (bpf_map_lookup_elem(&XEIR_MAP_BINDINGS, at) != now)
		set_cut(now, 0);
}

/* Cut the user-plane TEID of @end, or free it, if it is bound to the session @key. */
__noinline int xeir_cut_end(const struct xeir_fteid *end, const struct xeir_session_key *key,
			    const struct xeir_cut *cut)
{
	struct xeir_teid at;

	if (!end || !key || !cut || !end->teid)
		return 0;
	XEIR_UNROLL
	for (int ipv6 = 0; ipv6 < 2; ipv6++)
		if (teid_key(end, ipv6, XEIR_PLANE_USER, key->version, &at))
			cut_one(&at, key, cut);
	return 0;
}

#endif /* XEIR_TEIDS_BPF_H */
