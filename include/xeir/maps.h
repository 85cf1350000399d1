/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The BPF maps: names, keys and values, as the data path, the module and the
 * tool share them. Integers are in host byte order unless a comment says so.
 *
 *	xeir_list	hash	struct xeir_key -> struct xeir_entry
 *	xeir_control	array	[0] struct xeir_control, mmapable
 *	xeir_config	array	[0] struct xeir_config
 *	xeir_counters	per-CPU array	[enum xeir_rule] struct xeir_counter
 *	xeir_traffic	per-CPU hash	struct xeir_traffic_key -> struct xeir_traffic
 *	xeir_attempts	LRU hash	struct xeir_attempt -> __u64, when it was seen last
 *	xeir_hits	LRU hash	struct xeir_key -> struct xeir_hits
 *	xeir_events	ring buffer	struct xeir_event
 *	xeir_sessions	hash	struct xeir_session_key -> struct xeir_session
 *	xeir_bearers	hash	struct xeir_session_key -> struct xeir_bearer
 *	xeir_bindings	hash	struct xeir_teid -> struct xeir_binding
 *	xeir_pending	LRU hash	struct xeir_transaction_key -> struct xeir_transaction
 *	xeir_paths	LRU hash	struct xeir_path -> struct xeir_restart
 *	xeir_sightings	LRU hash	struct xeir_sighting_key -> struct xeir_sighting
 *	xeir_tallies	per-CPU array	[enum xeir_tally] -> __u64
 *	xeir_cutting	array	[0] struct xeir_cutting
 *	xeir_breaker	array	[0] struct xeir_breaker
 *	xeir_cut_teids	array	[0] struct xeir_cut_teids
 *
 * The list and the control have one writer: the module while they are bound to
 * it, else the tool under its lock. The tool alone writes the configuration, and arms
 * the breaker.
 * Programs write all others; the tool adds to xeir_pending what it asks itself.
 */
#ifndef XEIR_MAPS_H
#define XEIR_MAPS_H

#include <linux/types.h>
#include <uapi/linux/xeir.h>

/* Map names, which are the pin names too; BPF_OBJ_NAME_LEN allows 15. */
#define XEIR_MAP_LIST		xeir_list
#define XEIR_MAP_CONTROL	xeir_control
#define XEIR_MAP_CONFIG		xeir_config
#define XEIR_MAP_COUNTERS	xeir_counters
#define XEIR_MAP_TRAFFIC	xeir_traffic
#define XEIR_MAP_ATTEMPTS	xeir_attempts
#define XEIR_MAP_HITS		xeir_hits
#define XEIR_MAP_EVENTS		xeir_events
#define XEIR_MAP_SESSIONS	xeir_sessions
#define XEIR_MAP_BEARERS	xeir_bearers
#define XEIR_MAP_BINDINGS	xeir_bindings
#define XEIR_MAP_PENDING	xeir_pending
#define XEIR_MAP_PATHS		xeir_paths
#define XEIR_MAP_SIGHTINGS	xeir_sightings
#define XEIR_MAP_TALLIES	xeir_tallies
#define XEIR_MAP_CUTTING	xeir_cutting
#define XEIR_MAP_BREAKER	xeir_breaker
#define XEIR_MAP_CUT_TEIDS	xeir_cut_teids

#define XEIR_LIST_DEFAULT_ENTRIES	262144
#define XEIR_TRAFFIC_ENTRIES		4096
#define XEIR_ATTEMPTS_ENTRIES		65536
#define XEIR_HITS_ENTRIES		65536
#define XEIR_EVENTS_BYTES		(1 << 20)
#define XEIR_SESSIONS_DEFAULT		1000000
#define XEIR_SIGHTINGS_DEFAULT		4000000
#define XEIR_PENDING_ENTRIES		32768
#define XEIR_PATHS_ENTRIES		16384

/* A session has a default bearer and seldom more than one other; up to five tunnels of both. */
#define XEIR_BEARERS_OF(sessions)	((sessions) * 2)
#define XEIR_BINDINGS_OF(sessions)	((sessions) * 8)

/* A request that comes again within this time is the same attempt. */
#define XEIR_ATTEMPT_NS			60000000000ULL

struct xeir_key {
	__u8 kind;		/* enum xeir_kind */
	/* as on the wire, rest zero: IMEI 7 octets, TAC 4, MSISDN and IMSI 8, exception 15 */
	__u8 id[XEIR_KEY_OCTETS_MAX];
};

/* Octets of a key of @kind; 0: there is no such kind. */
static inline __u32 xeir_key_octets(__u32 kind)
{
	switch (kind) {
	case XEIR_KIND_IMEI:
		return XEIR_IMEI_OCTETS;
	case XEIR_KIND_TAC:
		return XEIR_TAC_OCTETS;
	case XEIR_KIND_EXCEPTION:
		return XEIR_IMEI_OCTETS + XEIR_NUMBER_OCTETS;
	case XEIR_KIND_MSISDN:
	case XEIR_KIND_IMSI:
		return XEIR_NUMBER_OCTETS;
	}
	return 0;
}

/* What one generation of the list says of a key. */
struct xeir_side {
	__u32 directive;	/* 0: none */
	__u32 expiry;		/* seconds since 1970-01-01 UTC, 0: no end */
	__u8 action;		/* enum xeir_action, PASS: not listed */
	__u8 zero[3];
};

/*
 * @after counts once the live generation has reached @generation, @before until
 * then. xeir/list.h has every step of an entry's life.
 */
struct xeir_entry {
	__u32 generation;
	struct xeir_side before;
	struct xeir_side after;
};

struct xeir_control {
	__u32 live;		/* the generation in force; storing it is the commit */
	__u32 pending;		/* not 0: a writer has begun and not swept yet */
	__u32 entries;		/* entries in force */
	__u32 reassembled;	/* not 0: fragments are judged again once they are reassembled */
	__u32 unlisted;		/* bit n: no key of kind n is in the list, nor staged */
};

/* What becomes of verdicts. */
enum xeir_enforce {
	XEIR_ENFORCE_ON,
	XEIR_ENFORCE_PERMISSIVE,	/* what would be stopped passes, with an event */
	XEIR_ENFORCE_OFF,	/* passes without */

	XEIR_ENFORCE_MAX = XEIR_ENFORCE_OFF
};

/* Where the list cannot help: an action for each, by the operator. */
enum xeir_knob {
	XEIR_KNOB_NO_IMEI,	/* none, or none that is usable */
	XEIR_KNOB_MALFORMED,
	XEIR_KNOB_FRAGMENT,

	XEIR_KNOB_MAX = XEIR_KNOB_FRAGMENT
};

/* How a session that is up ends when it is listed. */
enum xeir_cut_by {
	XEIR_CUT_BY_DROP,	/* nothing of it passes */
	XEIR_CUT_BY_DELETE,	/* and both its ends are told that it is over */

	XEIR_CUT_BY_MAX = XEIR_CUT_BY_DELETE
};

#define XEIR_APN_OCTETS		32
#define XEIR_ULI_OCTETS		16
#define XEIR_EMERGENCY_APNS	4

struct xeir_config {
	__u8 enforce;		/* enum xeir_enforce */
	__u8 knobs[XEIR_KNOB_MAX + 1];	/* enum xeir_action */
	__u8 cause_v1;		/* of a reject, TS 29.060 cl. 7.7.1 */
	__u8 cause_v2;		/* TS 29.274 cl. 8.4 */
	__u8 default_action;	/* of entries that come without one; the tool's */
	__u8 sightings;		/* not 0: handsets that set sessions up are remembered */
	__u32 rejects;		/* answers a second and CPU at most */
	__u32 session_age;	/* seconds without a message until a session is forgotten */
	__u32 deletes;		/* sessions a second at most that the tool deletes, of those cut */
	__u8 cut;		/* enum xeir_cut_by */
	__u8 none[3];
	/* network identifiers as on the wire (TS 23.003 cl. 9.1), small letters, zero-filled */
	__u8 emergency[XEIR_EMERGENCY_APNS][XEIR_APN_OCTETS];
};

#define XEIR_CONFIG_DEFAULT {				\
	.cause_v1 = 222,				\
	.cause_v2 = 93,					\
	.default_action = XEIR_ACTION_DROP,		\
	.sightings = 1,					\
	.rejects = 1000,				\
	.session_age = 30 * 24 * 3600,			\
	.deletes = 100,					\
	.emergency = { { 3, 's', 'o', 's' } },		\
}

struct xeir_counter {
	__u64 packets[XEIR_ACTION_MAX + 1];	/* by enum xeir_action */
	__u64 not_enforced;			/* of these, would be stopped were enforcement on */
	__u64 lost;				/* events that found no room */
};

/* GTP-C messages by where they were met and what they were. */
struct xeir_traffic_key {
	__u32 ifindex;
	__u8 egress;
	__u8 version;		/* of GTP */
	__u8 type;		/* of the message */
	__u8 rule;		/* enum xeir_rule */
};

struct xeir_traffic {
	__u64 packets[XEIR_ACTION_MAX + 1];	/* by enum xeir_action */
	__u64 attempts;		/* of these, without the times that one was sent again */
};

/* What is the same when a request is sent again, TS 29.274 cl. 7.6. */
struct xeir_attempt {
	__u8 peer[16];
	__u32 sequence;
	__u32 teid;
	__u16 peer_port;
	__u8 version;
	__u8 type;
};

/* What an entry of the list has met. */
struct xeir_hits {
	__u64 packets;
	__u64 attempts;
	__u64 last_ns;		/* CLOCK_TAI */
};

/* EBIs and NSAPIs have four bits. */
#define XEIR_BEARERS		16

/* A tunnel's end as a message names it: a TEID, and an address of either family or both. */
struct xeir_fteid {
	__u32 teid;		/* 0: none */
	__u8 ipv4[4];		/* all zero: none, likewise the next */
	__u8 ipv6[16];
};

/* Who receives on an end of a bearer. */
enum xeir_end {
	XEIR_END_ACCESS,	/* eNB, RNC, SGSN, MME, ePDG, TWAN; on S5/S8 the SGW */
	XEIR_END_CORE,		/* the SGW */
	XEIR_END_DIRECT,	/* the SGW, from an RNC */
	XEIR_END_ANCHOR,	/* the PGW or GGSN */

	XEIR_ENDS
};

/* Who asked for the session, and who gave it. */
enum xeir_side_of {
	XEIR_REQUESTER,
	XEIR_RESPONDER,

	XEIR_SIDES
};

enum xeir_plane {
	XEIR_PLANE_CONTROL,
	XEIR_PLANE_USER,
};

/* A TEID is its receiver's: only with the receiver's address does it name a tunnel. */
struct xeir_teid {
	__u8 address[16];	/* network order, IPv4 as ::ffff:a.b.c.d */
	__u32 teid;
	__u8 plane;		/* enum xeir_plane */
	__u8 version;		/* of GTP, as each allots TEIDs of its own; 0 in the user plane */
	__u8 zero[2];
};

/*
 * A session is named by the control tunnel of the side that gave it, which stays the same
 * when the handset moves, and its default bearer. A bearer is named likewise.
 */
struct xeir_session_key {
	__u8 address[16];
	__u32 teid;
	__u8 ebi;		/* of the default bearer */
	__u8 bearer;		/* its own EBI; 0 in the key of a session */
	__u8 version;		/* of GTP */
	__u8 zero;
};

/* Whose a tunnel is. */
struct xeir_binding {
	__u8 address[16];	/* as in the key of the session */
	__u32 teid;
	__u32 ebis;		/* bit n: a session with default bearer n */
	__u32 expiry;		/* of the cut, seconds since 1970-01-01 UTC, 0: no end */
	__u32 cut;		/* 1: nothing goes through */
	__u8 version;		/* as in the key of the session */
	__u8 bearer;		/* EBI of the one that it was given to last; 0: control plane */
	__u8 given_by;		/* enum xeir_side_of */
	__u8 zero;
};

/* Whose a session is; also what a set-up request says of that. */
struct xeir_subscriber {
	__u8 imei[8];		/* as sent, all zero: none */
	__u8 imsi[8];		/* as in keys, all F: none, likewise the next */
	__u8 msisdn[8];
	__u8 apn[XEIR_APN_OCTETS];	/* labels, zero-filled */
};

struct xeir_session {
	__u64 started_ns;	/* CLOCK_TAI, likewise the next */
	__u64 seen_ns;		/* when a message was of it */
	struct xeir_subscriber subscriber;
	struct xeir_fteid control[XEIR_SIDES];
	__u8 peer[XEIR_SIDES][16];	/* addresses that signalling comes from */
	__u32 bearers;		/* bit n: EBI n */
	__u8 version;		/* of GTP */
	__u8 rat;
	__u8 emergency;		/* never cut */
	__u8 cut;		/* enum xeir_action, REJECT or DROP: nothing goes through */
	__u8 interface;		/* of the requester's control F-TEID, TS 29.274 cl. 8.22 */
	__u8 zero[7];
};

struct xeir_bearer {
	struct xeir_fteid end[XEIR_ENDS];
};

/* A request whose answer is waited for; TS 29.274 cl. 7.6, TS 29.060 cl. 10. */
struct xeir_transaction_key {
	__u8 requester[16];
	__u8 responder[16];
	__u32 sequence;
	__u16 requester_port;
	__u16 responder_port;
	__u8 version;
	__u8 zero[3];
};

#define XEIR_PENDING_NS		60000000000ULL

struct xeir_transaction_bearer {
	struct xeir_fteid access;	/* of a Create Bearer Request: what its sender gives */
	__u8 ebi;
	__u8 zero[3];
};

struct xeir_transaction {
	__u64 time_ns;		/* CLOCK_TAI */
	struct xeir_subscriber subscriber;
	struct xeir_fteid control;	/* of the requester */
	__u32 teid;		/* of the header */
	__u32 gone;		/* bit n: EBI n is to be removed, or its access end */
	__u8 type;		/* of the message */
	__u8 answered;
	__u8 has_ebi;
	__u8 ebi;
	__u8 teardown;
	__u8 emergency;
	__u8 rat;
	__u8 recovers;
	__u8 recovery;
	__u8 bearers;
	__u8 interface;
	__u8 self_generated;	/* it is the tool's, and its answer nobody else's */
	__u8 has_linked;
	__u8 linked;		/* NSAPI of a context that is up, GTPv1 */
	__u8 zero[2];
	struct xeir_transaction_bearer bearer[XEIR_BEARERS];
};

/* A node that speaks GTP-C. */
struct xeir_path {
	__u8 address[16];
	__u8 version;		/* of GTP, each has its own counter */
	__u8 zero[3];
};

/* TS 23.007 cl. 18: a node that counts another start has lost all sessions of before. */
struct xeir_restart {
	__u64 restarted_ns;	/* CLOCK_TAI, 0: it did not since it was seen first */
	__u32 recovery;
	__u32 zero;
};

/* A handset and the card in it. */
struct xeir_sighting_key {
	__u8 imei[XEIR_IMEI_OCTETS];
	__u8 imsi[XEIR_NUMBER_OCTETS];
	__u8 zero;
};

struct xeir_sighting {
	__u32 first;		/* seconds of CLOCK_TAI, likewise the next */
	__u32 last;
	__u32 count;		/* set-ups, without those that were sent again */
	__u8 rat;
	__u8 uli_len;
	__u8 version;		/* of GTP, and so of the ULI */
	__u8 svn;		/* the octet of the IMEI(SV) behind the key, as sent */
	__u8 msisdn[XEIR_NUMBER_OCTETS];
	__u8 uli[XEIR_ULI_OCTETS];	/* as sent */
	__u8 apn[XEIR_APN_OCTETS];
};

enum xeir_tally {
	XEIR_TALLY_STARTED,	/* sessions */
	XEIR_TALLY_ENDED,
	XEIR_TALLY_FULL,	/* sessions, bearers or tunnels that found no room */
	XEIR_TALLY_UNSOLICITED,	/* answers to nothing that was asked */
	XEIR_TALLY_RETRANSMITTED,	/* answers that had come before */
	XEIR_TALLY_RESTARTS,	/* of peers */

	XEIR_TALLIES
};

/* What the cut and its sweep keep. */
struct xeir_cutting {
	__u32 tunnels;		/* that are cut now */
	__u32 generation;	/* of the list, that the last sweep went by */
	__u64 swept_ns;		/* CLOCK_TAI, when that ended; 0: never */
	__u32 sessions;		/* that it met, likewise the next three */
	__u32 cut;		/* that are cut now */
	__u32 freed;		/* that were cut and no longer are */
	__u32 ended;		/* aged, or lost by a restart */
};

#define XEIR_CUT_TEIDS_BITS	20

/*
 * A bit of each tunnel that is cut, by its TEID: a user packet of a TEID without needs no more
 * looking. Bits stay when a tunnel is cut no longer, until a sweep finds that none is.
 */
struct xeir_cut_teids {
	__u32 word[1 << (XEIR_CUT_TEIDS_BITS - 5)];
};

enum xeir_breaker_state {
	XEIR_BREAKER_CLOSED,	/* what is watched counts */
	XEIR_BREAKER_TRIPPED,	/* it does not */
	XEIR_BREAKER_UNDONE,	/* and the list is as it was before */
};

/* Watches what one commit has put in force. */
struct xeir_breaker {
	__u64 expiry_ns;		/* CLOCK_TAI, end of the window; 0: none was ever armed */
	__u32 generation;	/* of the entries that are watched */
	__u32 limit;		/* attempts that they may stop */
	__u32 count;		/* that they have */
	__u32 state;		/* enum xeir_breaker_state */
	__u32 directive;	/* 0: none is known */
	__u32 record;		/* of the journal, which has that commit */
};

struct xeir_event {
	__u64 time_ns;		/* CLOCK_TAI */
	__u32 ifindex;
	__u32 directive;
	__u32 teid;		/* of the message's header */
	__u32 sequence;
	__u8 peer[16];		/* source address, network order, IPv4 as ::ffff:a.b.c.d */
	__u16 peer_port;
	__u8 version;		/* of GTP: 1 or 2 */
	__u8 type;		/* of the message */
	__u8 action;		/* enum xeir_action */
	__u8 rule;		/* enum xeir_rule */
	__u8 imei_len;		/* octets below that were sent, likewise the next two */
	__u8 imsi_len;
	__u8 msisdn_len;
	__u8 imei[8];		/* digits as on the wire, low nibble first */
	__u8 imsi[8];
	__u8 msisdn[16];	/* GTPv1: a type-of-number octet leads */
	__u8 tripped;		/* not 0: the breaker, by this message */
	__u8 zero[6];
};

_Static_assert(sizeof(struct xeir_key) == 16, "struct xeir_key");
_Static_assert(sizeof(struct xeir_entry) == 28, "struct xeir_entry");
_Static_assert(sizeof(struct xeir_config) == 152, "struct xeir_config");
_Static_assert(sizeof(struct xeir_control) == 20, "struct xeir_control");
_Static_assert(sizeof(struct xeir_counter) == 48, "struct xeir_counter");
_Static_assert(sizeof(struct xeir_traffic_key) == 8, "struct xeir_traffic_key");
_Static_assert(sizeof(struct xeir_attempt) == 28, "struct xeir_attempt");
_Static_assert(sizeof(struct xeir_breaker) == 32, "struct xeir_breaker");
_Static_assert(sizeof(struct xeir_event) == 88, "struct xeir_event");
_Static_assert(sizeof(struct xeir_teid) == 24, "struct xeir_teid");
_Static_assert(sizeof(struct xeir_session_key) == 24, "struct xeir_session_key");
_Static_assert(sizeof(struct xeir_binding) == 36, "struct xeir_binding");
_Static_assert(sizeof(struct xeir_session) == 168, "struct xeir_session");
_Static_assert(sizeof(struct xeir_bearer) == 96, "struct xeir_bearer");
_Static_assert(sizeof(struct xeir_transaction_key) == 44, "struct xeir_transaction_key");
_Static_assert(sizeof(struct xeir_transaction) == 560, "struct xeir_transaction");
_Static_assert(sizeof(struct xeir_sighting_key) == 16, "struct xeir_sighting_key");
_Static_assert(sizeof(struct xeir_sighting) == 72, "struct xeir_sighting");

#endif /* XEIR_MAPS_H */
