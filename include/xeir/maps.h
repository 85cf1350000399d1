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
 *
 * The list and the control have one writer: the module while they are bound to
 * it, else the tool under its lock. The tool alone writes the configuration.
 * Programs write counters and events.
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

#define XEIR_LIST_DEFAULT_ENTRIES	262144
#define XEIR_TRAFFIC_ENTRIES		4096
#define XEIR_ATTEMPTS_ENTRIES		65536
#define XEIR_HITS_ENTRIES		65536
#define XEIR_EVENTS_BYTES		(1 << 20)

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
	__u32 until;		/* seconds since 1970-01-01 UTC, 0: no end */
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
	__u32 hooked;		/* not 0: a hook behind reassembly judges what fragments hide */
};

/* What becomes of verdicts. */
enum xeir_enforce {
	XEIR_ENFORCE_ON,
	XEIR_ENFORCE_WATCH,	/* what would be stopped passes, with an event */
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

#define XEIR_APN_OCTETS		32
#define XEIR_EMERGENCY_APNS	4

struct xeir_config {
	__u8 enforce;		/* enum xeir_enforce */
	__u8 knobs[XEIR_KNOB_MAX + 1];	/* enum xeir_action */
	__u8 cause_v1;		/* of a reject, TS 29.060 cl. 7.7.1 */
	__u8 cause_v2;		/* TS 29.274 cl. 8.4 */
	__u8 default_action;	/* of entries that come without one; the tool's */
	__u8 zero;
	__u32 rejects;		/* answers a second and CPU at most */
	/* network identifiers as on the wire (TS 23.003 cl. 9.1), small letters, zero-filled */
	__u8 emergency[XEIR_EMERGENCY_APNS][XEIR_APN_OCTETS];
};

#define XEIR_CONFIG_DEFAULT {				\
	.cause_v1 = 222,				\
	.cause_v2 = 93,					\
	.default_action = XEIR_ACTION_DROP,		\
	.rejects = 1000,				\
	.emergency = { { 3, 's', 'o', 's' } },		\
}

struct xeir_counter {
	__u64 packets[XEIR_ACTION_MAX + 1];	/* by enum xeir_action */
	__u64 spared;				/* of these, would be stopped were enforcement on */
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
	__u8 zero[7];
};

_Static_assert(sizeof(struct xeir_key) == 16, "struct xeir_key");
_Static_assert(sizeof(struct xeir_entry) == 28, "struct xeir_entry");
_Static_assert(sizeof(struct xeir_config) == 140, "struct xeir_config");
_Static_assert(sizeof(struct xeir_control) == 16, "struct xeir_control");
_Static_assert(sizeof(struct xeir_counter) == 48, "struct xeir_counter");
_Static_assert(sizeof(struct xeir_traffic_key) == 8, "struct xeir_traffic_key");
_Static_assert(sizeof(struct xeir_attempt) == 28, "struct xeir_attempt");
_Static_assert(sizeof(struct xeir_event) == 88, "struct xeir_event");

#endif /* XEIR_MAPS_H */
