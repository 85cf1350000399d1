/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * xeir: the list of identifiers that a packet-core host enforces, over generic netlink.
 * docs/netlink/xeir.yaml is the same in the form that code generators read.
 *
 * Family "xeir", version 1. State is kept per network namespace: a message concerns the
 * namespace of the socket that sent it. Every command needs CAP_NET_ADMIN in the user namespace
 * that owns that network namespace. All integers are in host byte order. Unknown attributes, and
 * attributes that a command does not list below, are refused (-EINVAL). Every refusal carries an
 * extack message. If it is about the content of an entry, it also carries the index of the entry
 * in the message (a u32 from 0) in NLMSGERR_ATTR_COOKIE.
 *
 * An entry, wherever XEIR_A_ENTRY is listed:
 *
 *	XEIR_A_ENTRY			nest, repeated once per entry
 *		XEIR_ENTRY_A_KIND	u32, enum xeir_kind
 *		XEIR_ENTRY_A_KEY	binary, as on the wire (TS 29.274 cl. 8.10,
 *					TS 29.060 cl. 7.7.53), low nibble first:
 *					IMEI 7 octets (14 digits: TAC and SNR),
 *					TAC 4 octets (8 digits), MSISDN and IMSI
 *					8 octets (up to 15 digits, padded with F),
 *					exception 15 octets: IMEI, then IMSI
 *		XEIR_ENTRY_A_ACTION	u32, enum xeir_action, never PASS; WATCH
 *					for an exception, which always passes
 *		XEIR_ENTRY_A_DIRECTIVE	u32, number of the directive that ordered
 *					it; 0 or absent: none
 *		XEIR_ENTRY_A_EXPIRY	u32, seconds since 1970-01-01 UTC at which
 *					it expires; 0 or absent: never
 *
 * XEIR_CMD_BIND: hand the maps of attached programs to the module. From then on the module is
 * their only writer: writes by bpf(2) to the list and to the control array fail with -EPERM.
 *	XEIR_A_LIST_FD		u32, file descriptor of the list, of the sender
 *	XEIR_A_CONTROL_FD	u32, of the control array
 *	XEIR_A_COUNTERS_FD	u32, of the counters
 *	XEIR_A_HOOK_FD		u32, optional: of the program XEIR_HOOK_NAME, of type
 *				BPF_PROG_TYPE_SCHED_CLS, which uses the same list. The
 *				module runs it on each UDP datagram from or to a GTP-C
 *				port that came in IP fragments, from the IP header on:
 *				once it is reassembled; where it is forwarded in
 *				fragments, on the first one. cb[0] of the context is
 *				not 0 if a response may be sent. TC_ACT_OK lets the
 *				datagram pass. TC_ACT_REDIRECT: the program has replaced
 *				it by the response, an IP packet, which is sent. Anything
 *				else drops it. Without this program, fragments are judged
 *				by XDP alone.
 *	XEIR_A_SWEEP_FD		u32, optional: of the program XEIR_SWEEP_NAME, of type
 *				BPF_PROG_TYPE_SYSCALL, without a context, which uses the
 *				same list. It iterates over the sessions: cuts those that
 *				are listed, frees those that no longer are, ends those
 *				that aged or that a restart lost. It runs at the end of
 *				each COMMIT and REVERT, and every 60 seconds. Without it,
 *				sessions stay as they are.
 *   -EBUSY: maps are bound here already; or the list or the control array is bound in
 *   another namespace, frozen, or mapped for writing. -EBADF: not a map. -EPERM: the
 *   descriptor does not allow writing. -EINVAL: a map of another type, key size, value size
 *   or flags, or another program; NLMSGERR_ATTR_OFFS points to the attribute. BIND first
 *   undoes what a writer that died left unfinished in the maps.
 *
 * XEIR_CMD_UNBIND: give the maps back. No attributes. Aborts an open transaction, and stops
 * running the hook and the sweep. The attached programs go on enforcing the last committed list.
 *
 * All commands below fail with -ENXIO while no maps are bound.
 *
 * XEIR_CMD_HOOK: replace the program that BIND came with, or add one. Every datagram is judged
 * by one of the two. If the new hook is refused, as for BIND, the former one stays; if the new
 * sweep is refused, the new hook stays.
 *	XEIR_A_HOOK_FD		u32, as for BIND
 *	XEIR_A_SWEEP_FD		u32, optional, as for BIND
 *
 * XEIR_CMD_BEGIN: open a transaction. No attributes. Only one can be open (-EBUSY). It belongs
 * to the socket that sent BEGIN: closing the socket before COMMIT aborts it, and nothing of it
 * was ever enforced.
 *   Reply: XEIR_A_GENERATION, the generation that COMMIT would make live.
 *
 * XEIR_CMD_PUT: XEIR_A_ENTRY, repeated: add or change these entries.
 * XEIR_CMD_REMOVE: XEIR_A_ENTRY with KIND and KEY only, repeated: remove these entries. One that
 *   is not listed is no error.
 * XEIR_CMD_FLUSH: no attributes: remove all entries. PUT may follow.
 *   These three need an open transaction of the sender (-EINVAL) and have no effect on packets
 *   before COMMIT. -ENOSPC: the list is full. -EINVAL, -EOPNOTSUPP: the entry is wrong.
 *   Entries before the refused one stay in the transaction, those after it are ignored: ABORT,
 *   or continue.
 *
 * XEIR_CMD_COMMIT: enforce the transaction, all of it at one instant. The reply is sent when
 *   all sessions have been updated, which happens also if the sender is killed meanwhile.
 * XEIR_CMD_ABORT: discard the transaction. Both take no attributes; both need an open
 * transaction of the sender (-EINVAL).
 *   Reply:
 *	XEIR_A_GENERATION	u32, the live one
 *	XEIR_A_ADDED		u32, entries that were not listed before (ABORT: would
 *				have been added)
 *	XEIR_A_CHANGED		u32, with another action, directive or expiry
 *	XEIR_A_REMOVED		u32
 *	XEIR_A_ENTRIES		u32, entries in the list now
 *	XEIR_A_CUT		u32, sessions that are cut now; absent from ABORT, and
 *				where no sweep is bound
 *	XEIR_A_FREED		u32, sessions that were cut and no longer are; likewise
 *
 * XEIR_CMD_REVERT: undo one COMMIT: entries that it changed, and no later one, get their former
 * values. Done entry by entry, for commits whose breaker has tripped: packets no longer meet
 * these entries. What that COMMIT removed stays removed.
 *	XEIR_A_GENERATION	u32, which that COMMIT made live
 *   -EBUSY: a transaction is open.
 *   Reply:
 *	XEIR_A_GENERATION	u32, the live one
 *	XEIR_A_ADDED		u32
 *	XEIR_A_CHANGED		u32
 *	XEIR_A_REMOVED		u32
 *	XEIR_A_ENTRIES		u32, as for COMMIT
 *	XEIR_A_CUT		u32, as for COMMIT
 *	XEIR_A_FREED		u32, as for COMMIT
 *
 * XEIR_CMD_GET, without NLM_F_DUMP: XEIR_A_ENTRY with KIND and KEY.
 *   Reply: XEIR_A_ENTRY with all attributes. -ENOENT: not listed. The content of an open
 *   transaction is never returned.
 * XEIR_CMD_GET with NLM_F_DUMP, no attributes: the committed list, in messages of
 *   XEIR_A_GENERATION and as many XEIR_A_ENTRY as fit; an entry is never split over two. If
 *   the maps change during the dump, NLM_F_DUMP_INTR is set: discard what was read, and
 *   start again.
 *
 * XEIR_CMD_STATS: no attributes.
 *   Reply:
 *	XEIR_A_LIST_ID		u32, BPF id of the bound list
 *	XEIR_A_GENERATION	u32
 *	XEIR_A_ENTRIES		u32, entries in the list
 *	XEIR_A_CAPACITY		u32, entries that the list can hold
 *	XEIR_A_COUNTER		nest, repeated, one per enum xeir_rule
 *		XEIR_COUNTER_A_RULE	u32, enum xeir_rule
 *		XEIR_COUNTER_A_PASS	u64, packets, likewise WATCH, REJECT, DROP
 *		XEIR_COUNTER_A_LOST	u64, events lost because the buffer was full
 *		XEIR_COUNTER_A_NOT_ENFORCED	u64, packets that passed or were watched
 *					only because enforcement is not on
 *
 * Multicast group "list": XEIR_CMD_LIST_NTF after each COMMIT that changed
 * something, with the attributes of its reply but the last two.
 *
 * Multicast group "events": XEIR_CMD_EVENT_NTF with
 *	XEIR_A_EVENT		u32, enum xeir_event_kind
 *	XEIR_A_GENERATION	u32, the live one
 * reports changes of the module's state. Stopped packets are reported by the ring buffer of the
 * programs (xeir/maps.h) instead, which loses nothing to a slow netlink listener.
 */
#ifndef _UAPI_LINUX_XEIR_H
#define _UAPI_LINUX_XEIR_H

#include <linux/types.h>

#define XEIR_GENL_NAME		"xeir"
#define XEIR_GENL_VERSION	1
#define XEIR_MCGRP_LIST		"list"
#define XEIR_MCGRP_EVENTS	"events"
#define XEIR_HOOK_NAME		"xeir_hook"
#define XEIR_SWEEP_NAME		"xeir_sweep"

#define XEIR_IMEI_OCTETS	7	/* TAC and SNR, 14 digits */
#define XEIR_TAC_OCTETS		4	/* 8 digits */

#define XEIR_NUMBER_OCTETS	8	/* MSISDN or IMSI, up to 15 digits */
#define XEIR_KEY_OCTETS_MAX	15

/* What an entry identifies. */
enum xeir_kind {
	XEIR_KIND_UNSPEC,
	XEIR_KIND_IMEI,
	XEIR_KIND_TAC,
	XEIR_KIND_EXCEPTION,	/* an IMEI that this IMSI may use */
	XEIR_KIND_MSISDN,
	XEIR_KIND_IMSI,

	__XEIR_KIND_LAST,
	XEIR_KIND_MAX = __XEIR_KIND_LAST - 1
};

/* What is done with a message; the larger value is the stricter action. */
enum xeir_action {
	XEIR_ACTION_PASS,
	XEIR_ACTION_WATCH,	/* passes, with an event */
	XEIR_ACTION_REJECT,	/* stopped, with a response that has a cause */
	XEIR_ACTION_DROP,

	__XEIR_ACTION_LAST,
	XEIR_ACTION_MAX = __XEIR_ACTION_LAST - 1
};

/* What decided. Every packet that a program sees is counted by exactly one rule. */
enum xeir_rule {
	XEIR_RULE_NOT_GTP_C,	/* neither GTP-C nor GTP-U */
	XEIR_RULE_FRAGMENT,	/* an IP fragment that holds too little to decide */
	XEIR_RULE_OTHER_GTP_C,	/* a GTP-C message that no identity check applies to */
	XEIR_RULE_NOT_LISTED,
	XEIR_RULE_IMEI,		/* an IMEI entry */
	XEIR_RULE_TAC,		/* a TAC entry */
	XEIR_RULE_NO_IMEI,	/* a set-up message without an IMEI */
	XEIR_RULE_SHORT_IMEI,	/* under 7 octets */
	XEIR_RULE_NULL_IMEI,	/* all zero or all F */
	XEIR_RULE_HEX_IMEI,	/* one of its 14 digits is not decimal */
	XEIR_RULE_MALFORMED,	/* lengths of its IEs contradict the length of the message */
	XEIR_RULE_TOO_MANY,	/* more IMEIs or headers than are checked; dropped */
	XEIR_RULE_EMERGENCY,	/* of an emergency session; always passes */
	XEIR_RULE_EXCEPTION,	/* an exception entry */
	XEIR_RULE_MSISDN,	/* an MSISDN entry */
	XEIR_RULE_IMSI,		/* an IMSI entry */
	XEIR_RULE_GTP_U,		/* GTP-U of no session that is cut */
	XEIR_RULE_SESSION,	/* of a session whose subscriber is listed */
	XEIR_RULE_SELF_GENERATED,	/* the response to a request that xeir generated; dropped */

	__XEIR_RULE_LAST,
	XEIR_RULE_MAX = __XEIR_RULE_LAST - 1
};

enum xeir_event_kind {
	XEIR_EVENT_UNSPEC,
	XEIR_EVENT_BOUND,
	XEIR_EVENT_UNBOUND,
	XEIR_EVENT_ABANDONED,	/* the socket of a transaction was closed before COMMIT */

	__XEIR_EVENT_LAST,
	XEIR_EVENT_MAX = __XEIR_EVENT_LAST - 1
};

enum xeir_cmd {
	XEIR_CMD_UNSPEC,
	XEIR_CMD_BIND,
	XEIR_CMD_UNBIND,
	XEIR_CMD_BEGIN,
	XEIR_CMD_PUT,
	XEIR_CMD_REMOVE,
	XEIR_CMD_FLUSH,
	XEIR_CMD_COMMIT,
	XEIR_CMD_ABORT,
	XEIR_CMD_GET,
	XEIR_CMD_STATS,
	XEIR_CMD_LIST_NTF,
	XEIR_CMD_EVENT_NTF,
	XEIR_CMD_HOOK,
	XEIR_CMD_REVERT,

	__XEIR_CMD_LAST,
	XEIR_CMD_MAX = __XEIR_CMD_LAST - 1
};

enum xeir_attr {
	XEIR_A_UNSPEC,
	XEIR_A_LIST_FD,
	XEIR_A_CONTROL_FD,
	XEIR_A_COUNTERS_FD,
	XEIR_A_HOOK_FD,
	XEIR_A_SWEEP_FD,
	XEIR_A_ENTRY,
	XEIR_A_GENERATION,
	XEIR_A_ADDED,
	XEIR_A_CHANGED,
	XEIR_A_REMOVED,
	XEIR_A_ENTRIES,
	XEIR_A_CUT,
	XEIR_A_FREED,
	XEIR_A_CAPACITY,
	XEIR_A_LIST_ID,
	XEIR_A_COUNTER,
	XEIR_A_EVENT,

	__XEIR_A_LAST,
	XEIR_A_MAX = __XEIR_A_LAST - 1
};

enum xeir_entry_attr {
	XEIR_ENTRY_A_UNSPEC,
	XEIR_ENTRY_A_KIND,
	XEIR_ENTRY_A_KEY,
	XEIR_ENTRY_A_ACTION,
	XEIR_ENTRY_A_DIRECTIVE,
	XEIR_ENTRY_A_EXPIRY,

	__XEIR_ENTRY_A_LAST,
	XEIR_ENTRY_A_MAX = __XEIR_ENTRY_A_LAST - 1
};

enum xeir_counter_attr {
	XEIR_COUNTER_A_UNSPEC,
	XEIR_COUNTER_A_PAD,
	XEIR_COUNTER_A_RULE,
	XEIR_COUNTER_A_PASS,
	XEIR_COUNTER_A_WATCH,
	XEIR_COUNTER_A_REJECT,
	XEIR_COUNTER_A_DROP,
	XEIR_COUNTER_A_LOST,
	XEIR_COUNTER_A_NOT_ENFORCED,

	__XEIR_COUNTER_A_LAST,
	XEIR_COUNTER_A_MAX = __XEIR_COUNTER_A_LAST - 1
};

#endif /* _UAPI_LINUX_XEIR_H */
