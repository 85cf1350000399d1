// SPDX-License-Identifier: GPL-2.0-only
#include "lib/invariants.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <bpf/bpf.h>

#include <xeir/session.h>

#include "lib/tables.h"

const char *const invariant_names[INVARIANTS] = {
	[INVARIANT_ONCE] = "a transaction changes sessions when it is answered, and once",
	[INVARIANT_NOTHING_ELSE] = "nothing else changes sessions",
	[INVARIANT_BINDING_UP] = "a binding names only sessions that are up",
	[INVARIANT_OWN_ENDS] = "what a requester named for a session is bound to it",
	[INVARIANT_HELD] = "what a responder gave to a session is bound to it",
	[INVARIANT_BEARERS] = "a session has the bit of each bearer it has, and no other",
	[INVARIANT_EMERGENCY] = "nothing of an emergency session is cut",
	[INVARIANT_CUT] = "a session is cut, at all ends, if and only if it is listed",
	[INVARIANT_BITS] = "each cut TEID has its bit",
	[INVARIANT_TUNNELS] = "as many TEIDs are cut as are counted",
	[INVARIANT_TALLIES] = "as many sessions are up as began and did not end",
};

/* One session, while it is checked. */
struct subject {
	struct xeir_session_key key;
	struct xeir_session s;
	struct xeir_side listed; /* what the list says of it; PASS: nothing */
	bool over; /* lost by a restart, so that others may take its TEIDs */
	struct breaches *b;
};

void breach(struct breaches *b, enum invariant which, const char *format, ...)
{
	va_list args;

	if (b->seen >> which & 1)
		return;
	b->seen |= 1U << which;
	if (b->found[which]++)
		return;
	va_start(args, format);
	vsnprintf(b->first[which], sizeof(b->first[which]), format, args);
	va_end(args);
}

static bool get(const char *map, const void *key, void *value)
{
	return !bpf_map_lookup_elem(tables_map(map), key, value);
}

/* @key becomes the first key, then the next one; false: that was the last. */
static bool next_key(const char *map, bool first, void *key)
{
	return !bpf_map_get_next_key(tables_map(map), first ? NULL : key, key);
}

/* The IPv4 or the IPv6 address of @end, as the key of its binding; false: it has none. */
static bool binding_key(const struct xeir_fteid *end, bool ipv6, enum xeir_plane plane,
			__u8 version, struct xeir_teid *at)
{
	static const __u8 none[16];

	memset(at, 0, sizeof(*at));
	at->teid = end->teid;
	at->plane = plane;
	at->version = plane == XEIR_PLANE_CONTROL ? version : 0;
	memcpy(at->address, end->ipv6, 16);
	if (!ipv6) {
		memset(at->address, 0, 10);
		memset(at->address + 10, 0xff, 2);
		memcpy(at->address + 12, end->ipv4, 4);
	}
	return end->teid && memcmp(ipv6 ? end->ipv6 : end->ipv4, none, ipv6 ? 16 : 4);
}

/* Sessions that share their responder's F-TEID are of one handset, and any of them will do. */
static bool is_of(const struct xeir_binding *binding, const struct xeir_session_key *key)
{
	return binding->teid == key->teid && binding->version == key->version &&
	       !memcmp(binding->address, key->address, 16);
}

static bool has_bit(__u32 teid)
{
	static struct xeir_cut_teids bits;
	const __u32 bit = teid * 0x9e3779b1U >> (32 - XEIR_CUT_TEIDS_BITS), zero = 0;

	return get("xeir_cut_teids", &zero, &bits) && bits.word[bit / 32] >> bit % 32 & 1;
}

/* By an entry of its IMEI; tests of this model list by nothing else. */
static void read_list(struct subject *c)
{
	struct xeir_key key = { .kind = XEIR_KIND_IMEI };
	struct xeir_entry entry;

	memcpy(key.id, c->s.subscriber.imei, XEIR_IMEI_OCTETS);
	if (get("xeir_list", &key, &entry) && !c->s.emergency)
		c->listed = entry.after;
}

static void read_paths(struct subject *c)
{
	struct xeir_restart restart;
	struct xeir_path path;

	for (int side = 0; side < XEIR_SIDES; side++) {
		xeir_path_of(&c->s, side, &path);
		if (get("xeir_paths", &path, &restart) && xeir_is_lost(&c->s, &restart))
			c->over = true;
	}
}

static void check_cut(const struct subject *c, const struct xeir_teid *at,
		      const struct xeir_binding *binding)
{
	if (c->s.emergency && binding->cut)
		breach(c->b, INVARIANT_EMERGENCY, "%x of %x is cut", at->teid, c->key.teid);
	else if (binding->cut != (c->listed.action >= XEIR_ACTION_REJECT))
		breach(c->b, INVARIANT_CUT, "%x of %x is %scut", at->teid, c->key.teid,
		       binding->cut ? "" : "not ");
	else if (binding->cut && binding->expiry != c->listed.expiry)
		breach(c->b, INVARIANT_CUT, "%x of %x is cut until %u, not %u", at->teid,
		       c->key.teid, binding->expiry, c->listed.expiry);
}

/* @end is one that @side allocated, or named. */
static void check_end(const struct subject *c, const struct xeir_fteid *end, enum xeir_plane plane,
		      enum xeir_side_of side)
{
	const bool may_lose =
		end->teid & INVARIANTS_CONTESTED && (side == XEIR_REQUESTER || c->over);
	struct xeir_binding binding = {};
	struct xeir_teid at;

	for (int ipv6 = 0; ipv6 < 2; ipv6++) {
		if (!binding_key(end, ipv6, plane, c->s.version, &at))
			continue;
		if (get("xeir_bindings", &at, &binding) && is_of(&binding, &c->key)) {
			if (plane == XEIR_PLANE_USER)
				check_cut(c, &at, &binding);
		} else if (!may_lose) {
			breach(c->b, side == XEIR_RESPONDER ? INVARIANT_HELD : INVARIANT_OWN_ENDS,
			       "%s %x of session %x is bound to %x", plane ? "user" : "control",
			       at.teid, c->key.teid, binding.teid);
		}
	}
}

static void check_bearers(const struct subject *c)
{
	struct xeir_session_key key = c->key;
	struct xeir_bearer bearer;

	for (key.bearer = 0; key.bearer < XEIR_BEARERS; key.bearer++) {
		const bool has = get("xeir_bearers", &key, &bearer);

		if (has != (c->s.bearers >> key.bearer & 1))
			breach(c->b, INVARIANT_BEARERS, "bearer %d of %x is %s", key.bearer,
			       key.teid, has ? "there, its bit is not" : "not there, its bit is");
		for (int end = 0; has && end < XEIR_ENDS; end++)
			check_end(c, &bearer.end[end], XEIR_PLANE_USER,
				  end == XEIR_END_ACCESS ? XEIR_REQUESTER : XEIR_RESPONDER);
	}
}

static unsigned int check_sessions(struct breaches *b)
{
	struct subject c = { .b = b };
	unsigned int n = 0;

	for (bool more = next_key("xeir_sessions", true, &c.key); more;
	     more = next_key("xeir_sessions", false, &c.key), n++) {
		c.listed = (struct xeir_side){};
		c.over = false;
		if (!get("xeir_sessions", &c.key, &c.s))
			continue;
		read_list(&c);
		read_paths(&c);
		for (int side = 0; side < XEIR_SIDES; side++)
			check_end(&c, &c.s.control[side], XEIR_PLANE_CONTROL, side);
		check_bearers(&c);
		if (c.s.emergency && c.s.cut)
			breach(b, INVARIANT_EMERGENCY, "%x is cut", c.key.teid);
		else if (c.s.cut != c.listed.action)
			breach(b, INVARIANT_CUT, "session %x has %d", c.key.teid, c.s.cut);
	}
	return n;
}

/* Bearers of no session: those of sessions were met with these. */
static void check_orphans(struct breaches *b)
{
	struct xeir_session_key key, of;
	struct xeir_session s;

	for (bool more = next_key("xeir_bearers", true, &key); more;
	     more = next_key("xeir_bearers", false, &key)) {
		of = key;
		of.bearer = 0;
		if (!get("xeir_sessions", &of, &s))
			breach(b, INVARIANT_BEARERS, "bearer %d of %x, which is not up", key.bearer,
			       key.teid);
	}
}

/* @binding, of the TEID @at, names no session, or one that is not up. */
static bool dangles(const struct xeir_binding *binding)
{
	struct xeir_session_key key = { .teid = binding->teid, .version = binding->version };
	struct xeir_session s;

	memcpy(key.address, binding->address, 16);
	for (; key.ebi < XEIR_BEARERS; key.ebi++)
		if (binding->ebis >> key.ebi & 1 && !get("xeir_sessions", &key, &s))
			return true;
	return !binding->ebis;
}

static void check_bindings(struct breaches *b)
{
	struct xeir_binding binding;
	struct xeir_cutting cutting = {};
	__u32 cut = 0, zero = 0;
	struct xeir_teid at;

	for (bool more = next_key("xeir_bindings", true, &at); more;
	     more = next_key("xeir_bindings", false, &at)) {
		if (!get("xeir_bindings", &at, &binding))
			continue;
		cut += binding.cut;
		if (dangles(&binding))
			breach(b, INVARIANT_BINDING_UP, "%s %x names %x, EBIs %x",
			       at.plane ? "user" : "control", at.teid, binding.teid, binding.ebis);
		if (binding.cut && !has_bit(at.teid))
			breach(b, INVARIANT_BITS, "%x of %x", at.teid, binding.teid);
	}
	if (get("xeir_cutting", &zero, &cutting) && cutting.tunnels != cut)
		breach(b, INVARIANT_TUNNELS, "%u are, %u counted", cut, cutting.tunnels);
}

void invariants_check(struct breaches *b)
{
	const __u64 gone = tables_tally(XEIR_TALLY_ENDED);
	unsigned int up;

	b->seen = 0;
	up = check_sessions(b);
	check_orphans(b);
	check_bindings(b);
	if (tables_tally(XEIR_TALLY_STARTED) - gone != up)
		breach(b, INVARIANT_TALLIES, "%llu began, %llu ended, %u are up",
		       tables_tally(XEIR_TALLY_STARTED), gone, up);
}

static __u64 hash(__u64 h, const void *octets, size_t n)
{
	for (size_t i = 0; i < n; i++)
		h = (h ^ ((const __u8 *)octets)[i]) * 0x100000001b3ULL;
	return h;
}

/* The sum over all elements, as their order in a map does not matter. */
static __u64 digest(const char *map, size_t key_octets, size_t value_octets)
{
	__u8 key[64], value[256];
	__u64 sum = 0;

	for (bool more = next_key(map, true, key); more; more = next_key(map, false, key))
		if (get(map, key, value))
			sum += hash(hash(0xcbf29ce484222325ULL, key, key_octets), value,
				    value_octets);
	return sum;
}

__u64 invariants_digest(void)
{
	return digest("xeir_sessions", sizeof(struct xeir_session_key),
		      sizeof(struct xeir_session)) +
	       digest("xeir_bearers", sizeof(struct xeir_session_key), sizeof(struct xeir_bearer)) +
	       digest("xeir_bindings", sizeof(struct xeir_teid), sizeof(struct xeir_binding));
}
