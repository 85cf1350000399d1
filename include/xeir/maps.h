/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The BPF maps: names, keys and values, shared by the data path, the module and
 * the tool. Integers are in host byte order unless a comment says otherwise.
 *
 *	xeir_list	hash	struct xeir_key -> struct xeir_entry
 *	xeir_control	array	[0] struct xeir_control, mmapable
 *	xeir_config	array	[0] struct xeir_config
 *	xeir_counters	per-CPU array	[enum xeir_rule] struct xeir_counter
 *	xeir_traffic	per-CPU hash	struct xeir_traffic_key -> struct xeir_traffic
 *	xeir_attempts	LRU hash	struct xeir_attempt -> __u64, time of the last one
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
 *	xeir_cut_counts	hash	directive -> __u64, sessions that its entries have cut
 *
 * The list and the control array have one writer: the module while they are bound
 * to it, else the tool under its lock. Only the tool writes the configuration and
 * arms the breaker. The programs write all others; the tool adds its own requests to
 * xeir_pending.
 */
#ifndef XEIR_MAPS_H
#define XEIR_MAPS_H

#include <linux/types.h>
#include <uapi/linux/xeir.h>

/* Map names, which are also the names of the pins; BPF_OBJ_NAME_LEN allows 15 octets. */
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
#define XEIR_MAP_CUT_COUNTS	xeir_cut_counts

#define XEIR_LIST_DEFAULT_ENTRIES	262144
#define XEIR_TRAFFIC_ENTRIES		4096
#define XEIR_ATTEMPTS_ENTRIES		65536
#define XEIR_HITS_ENTRIES		65536
#define XEIR_EVENTS_BYTES		(1 << 20)
#define XEIR_SESSIONS_DEFAULT		1000000
#define XEIR_SIGHTINGS_DEFAULT		4000000
#define XEIR_PENDING_ENTRIES		32768
#define XEIR_PATHS_ENTRIES		16384
#define XEIR_CUT_COUNTS_ENTRIES		16384

/* A session has a default bearer and seldom more than one other; up to five TEIDs for both. */
#define XEIR_BEARERS_OF(sessions)	((sessions) * 2)
#define XEIR_BINDINGS_OF(sessions)	((sessions) * 8)

/* A request that is sent again within this time is the same attempt. */
#define XEIR_ATTEMPT_NS			60000000000ULL

struct xeir_key {
	__u8 kind;		/* enum xeir_kind */
	/* as on the wire, rest zero: IMEI 7 octets, TAC 4, MSISDN and IMSI 8, exception 15 */
	__u8 id[XEIR_KEY_OCTETS_MAX];
};

/* Octets of a key of @kind; 0: no such kind. */
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

/* The entry of a key, before or after a generation. */
struct xeir_side {
	__u32 directive;	/* 0: none */
	__u32 expiry;		/* seconds since 1970-01-01 UTC, 0: no end */
	__u8 action;		/* enum xeir_action, PASS: not listed */
	__u8 zero[3];
};

/*
 * @after is valid once the live generation has reached @generation, @before until
 * then. xeir/list.h has every step.
 */
struct xeir_entry {
	__u32 generation;
	struct xeir_side before;
	struct xeir_side after;
};

struct xeir_control {
	__u32 live;		/* the live generation; storing it is the commit */
	__u32 pending;		/* not 0: a writer has begun, and has not cleaned up yet */
	__u32 entries;		/* entries in the list */
	__u32 reassembled;	/* not 0: fragments are judged again once they are reassembled */
	__u32 unlisted;		/* bit n: no key of kind n is in the list, or staged */
};

/* What is done with verdicts. */
enum xeir_enforce {
	XEIR_ENFORCE_ON,
	XEIR_ENFORCE_PERMISSIVE,	/* what would be stopped passes, with an event */
	XEIR_ENFORCE_OFF,	/* passes, without an event */

	XEIR_ENFORCE_MAX = XEIR_ENFORCE_OFF
};

/* Cases that the list cannot decide: the operator sets an action for each. */
enum xeir_knob {
	XEIR_KNOB_NO_IMEI,	/* none, or no valid one */
	XEIR_KNOB_MALFORMED,
	XEIR_KNOB_FRAGMENT,

	XEIR_KNOB_MAX = XEIR_KNOB_FRAGMENT
};

/* How a session is cut when its subscriber is listed. */
enum xeir_cut_by {
	XEIR_CUT_BY_DROP,	/* its packets are dropped */
	XEIR_CUT_BY_DELETE,	/* and delete requests are sent to both its ends */

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
	__u8 default_action;	/* of entries that are given without one; used by the tool */
	__u8 sightings;		/* not 0: handsets that set sessions up are recorded */
	__u32 rejects;		/* responses per second and CPU, at most */
	__u32 session_age;	/* seconds without a message until a session is removed */
	__u32 deletes;		/* cut sessions that the tool deletes per second, at most */
	__u8 cut;		/* enum xeir_cut_by */
	__u8 none[3];
	/* network identifiers as on the wire (TS 23.003 cl. 9.1), lower case, padded with zeros */
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
	__u64 not_enforced;	/* of these, stopped if enforcement were on */
	__u64 lost;				/* events lost because the buffer was full */
};

/* GTP-C messages by interface, direction, type and rule. */
struct xeir_traffic_key {
	__u32 ifindex;
	__u8 egress;
	__u8 version;		/* of GTP */
	__u8 type;		/* of the message */
	__u8 rule;		/* enum xeir_rule */
};

struct xeir_traffic {
	__u64 packets[XEIR_ACTION_MAX + 1];	/* by enum xeir_action */
	__u64 attempts;		/* of these, without retransmissions */
};

/*
 * What is the same in a retransmission, TS 29.274 cl. 7.6. Some nodes use one sequence number for
 * requests of several handsets, so these are told apart by what they request as well.
 */
struct xeir_attempt {
	__u8 peer[16];
	__u32 sequence;
	__u32 request;		/* hash of the TEIDs of header and sender, the IMEI and the IMSI */
	__u16 peer_port;
	__u8 version;
	__u8 type;
};

/* Messages that an entry of the list has decided on. */
struct xeir_hits {
	__u64 packets;
	__u64 attempts;
	__u64 last_ns;		/* CLOCK_TAI */
};

/* EBIs and NSAPIs have four bits. */
#define XEIR_BEARERS		16

/* An F-TEID: a TEID, and an IPv4 address, an IPv6 address, or both. */
struct xeir_fteid {
	__u32 teid;		/* 0: none */
	__u8 ipv4[4];		/* all zero: none; likewise the next */
	__u8 ipv6[16];
};

/* The node that receives at an end of a bearer. */
enum xeir_end {
	XEIR_END_ACCESS,	/* eNB, RNC, SGSN, MME, ePDG, TWAN; on S5/S8 the SGW */
	XEIR_END_CORE,		/* the SGW */
	XEIR_END_DIRECT,	/* the SGW, from an RNC */
	XEIR_END_ANCHOR,	/* the PGW or GGSN */

	XEIR_ENDS
};

/* Which node of a session: the one that requested it, or the one that granted it. */
enum xeir_side_of {
	XEIR_REQUESTER,
	XEIR_RESPONDER,

	XEIR_SIDES
};

enum xeir_plane {
	XEIR_PLANE_CONTROL,
	XEIR_PLANE_USER,
};

/* A TEID is unique only at the address of the node that allocated it. */
struct xeir_teid {
	__u8 address[16];	/* network order, IPv4 as ::ffff:a.b.c.d */
	__u32 teid;
	__u8 plane;		/* enum xeir_plane */
	__u8 version;		/* of GTP, as each has separate TEIDs; 0 in the user plane */
	__u8 zero[2];
};

/*
 * A session is identified by the control F-TEID of its responder, which stays the same when the
 * handset moves, and by its default bearer. A bearer likewise.
 */
struct xeir_session_key {
	__u8 address[16];
	__u32 teid;
	__u8 ebi;		/* of the default bearer */
	__u8 bearer;		/* EBI of the bearer; 0 in the key of a session */
	__u8 version;		/* of GTP */
	__u8 zero;
};

/* The sessions that a TEID is bound to. */
struct xeir_binding {
	__u8 address[16];	/* as in the key of the session */
	__u32 teid;
	__u32 ebis;		/* bit n: the session with default bearer n */
	__u32 expiry;		/* of the cut, seconds since 1970-01-01 UTC, 0: none */
	__u32 cut;		/* 1: packets to it are dropped */
	__u8 version;		/* as in the key of the session */
	__u8 bearer;		/* EBI of the bearer that it was bound for last; 0: control plane */
	__u8 given_by;		/* enum xeir_side_of: the side that allocated it */
	__u8 zero;
};

/* The subscriber of a session, or of a set-up request. */
struct xeir_subscriber {
	__u8 imei[8];		/* as sent; all zero: none */
	__u8 imsi[8];		/* as in keys; all F: none; likewise the next */
	__u8 msisdn[8];
	__u8 apn[XEIR_APN_OCTETS];	/* labels, padded with zeros */
};

struct xeir_session {
	__u64 started_ns;	/* CLOCK_TAI; likewise the next */
	__u64 seen_ns;		/* time of its last message */
	struct xeir_subscriber subscriber;
	struct xeir_fteid control[XEIR_SIDES];
	__u8 peer[XEIR_SIDES][16];	/* addresses that its messages come from */
	__u32 bearers;		/* bit n: EBI n */
	__u8 version;		/* of GTP */
	__u8 rat;
	__u8 emergency;		/* never cut */
	__u8 cut;		/* enum xeir_action; REJECT or DROP: its packets are dropped */
	__u8 interface;		/* of the requester's control F-TEID, TS 29.274 cl. 8.22 */
	__u8 zero[7];
};

struct xeir_bearer {
	struct xeir_fteid end[XEIR_ENDS];
};

/* A request and its response; TS 29.274 cl. 7.6, TS 29.060 cl. 10. */
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
	struct xeir_fteid access;	/* of a Create Bearer Request: the sender's end */
	__u8 ebi;
	__u8 zero[3];
};

struct xeir_transaction {
	__u64 time_ns;		/* CLOCK_TAI */
	struct xeir_subscriber subscriber;
	struct xeir_fteid control;	/* of the requester */
	__u32 teid;		/* of the header */
	__u32 removed;		/* bit n: EBI n is to be removed, or its access end */
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
	__u8 self_generated;	/* sent by the tool: no other node may get its response */
	__u8 has_linked;
	__u8 linked;		/* NSAPI of an existing context, GTPv1 */
	__u8 zero[2];
	struct xeir_transaction_bearer bearer[XEIR_BEARERS];
};

/* A GTP-C node. */
struct xeir_path {
	__u8 address[16];
	__u8 version;		/* of GTP, as each has a separate Recovery counter */
	__u8 zero[3];
};

/* TS 23.007 cl. 18: a node that restarts loses all its sessions. */
struct xeir_restart {
	__u64 restarted_ns;	/* CLOCK_TAI; 0: not since it was first seen */
	__u32 recovery;
	__u32 zero;
};

/* A handset and the SIM in it. */
struct xeir_sighting_key {
	__u8 imei[XEIR_IMEI_OCTETS];
	__u8 imsi[XEIR_NUMBER_OCTETS];
	__u8 zero;
};

struct xeir_sighting {
	__u32 first;		/* seconds of CLOCK_TAI; likewise the next */
	__u32 last;
	__u32 count;		/* set-up requests, without retransmissions */
	__u8 rat;
	__u8 uli_len;
	__u8 version;		/* of GTP, and so of the ULI */
	__u8 svn;		/* the last octet of the IMEI(SV), as sent */
	__u8 msisdn[XEIR_NUMBER_OCTETS];
	__u8 uli[XEIR_ULI_OCTETS];	/* as sent */
	__u8 apn[XEIR_APN_OCTETS];
};

enum xeir_tally {
	XEIR_TALLY_STARTED,	/* sessions */
	XEIR_TALLY_ENDED,
	XEIR_TALLY_FULL,	/* sessions, bearers or TEIDs that did not fit into their map */
	XEIR_TALLY_UNSOLICITED,	/* responses without a request */
	XEIR_TALLY_RETRANSMITTED,	/* responses that had come before */
	XEIR_TALLY_RESTARTS,	/* of peers */

	XEIR_TALLIES
};

/* State of cutting, and of the last sweep. */
struct xeir_cutting {
	__u32 tunnels;		/* cut now: user-plane TEIDs */
	__u32 generation;	/* of the list, at the last sweep */
	__u64 swept_ns;		/* CLOCK_TAI, end of that sweep; 0: never */
	__u32 sessions;		/* found by that sweep; likewise the next three */
	__u32 cut;		/* that are cut now */
	__u32 freed;		/* that were cut and no longer are */
	__u32 ended;		/* aged, or lost by a restart */
};

#define XEIR_CUT_TEIDS_BITS	20

/*
 * A bit for each cut TEID, by its hash: a GTP-U packet whose bit is 0 needs no lookup. A bit stays
 * when its TEID is freed, until a sweep finds that none is cut.
 */
struct xeir_cut_teids {
	__u32 word[1 << (XEIR_CUT_TEIDS_BITS - 5)];
};

enum xeir_breaker_state {
	XEIR_BREAKER_CLOSED,	/* the watched entries are enforced */
	XEIR_BREAKER_TRIPPED,	/* their former values are */
	XEIR_BREAKER_UNDONE,	/* and the list has these again */
};

/* Counts what the entries of one commit stop. */
struct xeir_breaker {
	__u64 expiry_ns;	/* CLOCK_TAI, end of the window; 0: never armed */
	__u32 generation;	/* of the watched entries */
	__u32 limit;		/* attempts that they may stop */
	__u32 count;		/* attempts that they have stopped */
	__u32 state;		/* enum xeir_breaker_state */
	__u32 directive;	/* 0: unknown */
	__u32 record;		/* of that commit, in the journal */
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
	__u8 imei_len;		/* octets below that were sent; likewise the next two */
	__u8 imsi_len;
	__u8 msisdn_len;
	__u8 imei[8];		/* digits as on the wire, low nibble first */
	__u8 imsi[8];
	__u8 msisdn[16];	/* GTPv1: a type-of-number octet leads */
	__u8 tripped;		/* not 0: this message tripped the breaker */
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
