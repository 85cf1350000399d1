/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * xeir: the list of handsets that a packet-core host enforces, over generic
 * netlink. docs/netlink/xeir.yaml says the same for machines.
 *
 * Family "xeir", version 1. State is kept per network namespace: a message
 * concerns the namespace of the socket that sent it. Every command needs
 * CAP_NET_ADMIN in the user namespace that owns that network namespace. All
 * integers are in host byte order. Unknown attributes and attributes that a
 * command does not name are refused (-EINVAL). Every refusal carries an extack
 * sentence; one about what is in an entry also carries its 0-based index among
 * the entries of the message, as a u32, in NLMSGERR_ATTR_COOKIE.
 *
 * An entry, wherever XEIR_A_ENTRY stands:
 *
 *	XEIR_A_ENTRY			nest, repeated once per entry
 *		XEIR_ENTRY_A_KIND	u32, enum xeir_kind
 *		XEIR_ENTRY_A_KEY	binary, as on the wire (TS 29.274 cl. 8.10,
 *					TS 29.060 cl. 7.7.53), low nibble first:
 *					IMEI 7 octets (14 digits: TAC and SNR),
 *					TAC 4 octets (8 digits), MSISDN and IMSI
 *					8 octets (up to 15 digits, filled up with
 *					F), exception 15 octets: IMEI, IMSI
 *		XEIR_ENTRY_A_ACTION	u32, enum xeir_action, never PASS; WATCH
 *					for an exception, which always lets pass
 *		XEIR_ENTRY_A_DIRECTIVE	u32, number of the directive it comes
 *					from; 0 or absent: none
 *		XEIR_ENTRY_A_EXPIRY	u32, seconds since 1970-01-01 UTC at which
 *					it ends; 0 or absent: it does not
 *
 * XEIR_CMD_BIND: hand the maps of attached programs to the module, which is
 * their only writer from then on (bpf(2) writes to the list and the control fail
 * with -EPERM).
 *	XEIR_A_LIST_FD		u32, descriptor of the list, resolved in the sender
 *	XEIR_A_CONTROL_FD	u32, of the control array
 *	XEIR_A_COUNTERS_FD	u32, of the counters
 *	XEIR_A_HOOK_FD		u32, optional: of the program XEIR_HOOK_NAME, of type
 *				BPF_PROG_TYPE_SCHED_CLS and with the same list. It
 *				is run on each UDP datagram from or to a port of
 *				GTP-C that came in IP fragments, from its IP header
 *				on: once it is whole, or on its first fragment where
 *				it is forwarded in fragments. cb[0] of the context
 *				is not 0 where it may be answered. TC_ACT_OK lets it
 *				pass; TC_ACT_REDIRECT says that the program has put
 *				the answer in its place, an IP packet, which is sent;
 *				anything else drops it. Without, fragments are judged
 *				by XDP alone.
 *	XEIR_A_SWEEP_FD		u32, optional: of the program XEIR_SWEEP_NAME, of type
 *				BPF_PROG_TYPE_SYSCALL, without a context, and with the
 *				same list. It visits the sessions that are up: cuts
 *				those that the list names, frees those that it no
 *				longer does, ends those that aged or that a restart
 *				lost. It is run at the end of each COMMIT and REVERT,
 *				and every 60 seconds. Without, sessions that are up
 *				stay as they are.
 *   -EBUSY: maps are bound here already, or the list or the control is bound in
 *   another namespace, frozen, or mapped for writing. -EBADF: no map. -EPERM: a
 *   descriptor that does not allow writing. -EINVAL: a map of another type, key
 *   size, value size or flags, or another program; the attribute says which.
 *   What a writer that died had begun in them is undone before BIND answers.
 *
 * XEIR_CMD_UNBIND: give them back. No attributes. An open transaction is
 * aborted, and the programs of the hook and of the sweep no longer run; the
 * attached programs go on enforcing the last committed list.
 *
 * Every command below answers -ENXIO while no maps are bound.
 *
 * XEIR_CMD_HOOK: run another program in place of the one that BIND came with, or
 * the first one. No datagram meets neither. Refused as there, and the former
 * program goes on; a hook that is not refused stays even if the sweep is.
 *	XEIR_A_HOOK_FD		u32, as there
 *	XEIR_A_SWEEP_FD		u32, optional, as there
 *
 * XEIR_CMD_BEGIN: open the transaction. No attributes. One is open at a time
 * (-EBUSY), it belongs to its socket, and ends with it: when the socket is
 * closed before COMMIT, nothing of it was ever in force.
 *   Reply: XEIR_A_GENERATION, the one that COMMIT would make live.
 *
 * XEIR_CMD_PUT: XEIR_A_ENTRY, repeated: list it, or change it.
 * XEIR_CMD_REMOVE: XEIR_A_ENTRY with KIND and KEY only, repeated: unlist it. An
 *   entry that is not listed is no error.
 * XEIR_CMD_FLUSH: no attributes: unlist everything; a PUT may follow.
 *   These three need the sender's own open transaction (-EINVAL) and change
 *   nothing that packets meet before COMMIT. -ENOSPC: the list is full.
 *   -EINVAL, -EOPNOTSUPP: the entry is wrong. Entries before the one that is
 *   refused stay in the transaction, those after it are not looked at: ABORT,
 *   or go on.
 *
 * XEIR_CMD_COMMIT: put the transaction in force, at one instant. It answers when
 *   the sessions that are up have followed, also if the sender is killed meanwhile.
 * XEIR_CMD_ABORT: forget it. Both without attributes; both need the sender's own
 * open transaction (-EINVAL).
 *   Reply:
 *	XEIR_A_GENERATION	u32, the live one
 *	XEIR_A_ADDED		u32, entries that were not listed and are (ABORT:
 *				would be)
 *	XEIR_A_CHANGED		u32, with another action, directive or end
 *	XEIR_A_REMOVED		u32
 *	XEIR_A_ENTRIES		u32, entries in force
 *	XEIR_A_CUT		u32, sessions that are up and cut now; not from
 *				ABORT, and only where a sweep is bound
 *	XEIR_A_FREED		u32, likewise, that were cut and no longer are
 *
 * XEIR_CMD_REVERT: what one COMMIT changed, and no later one, becomes what it was
 * before. Entry by entry: for commits whose breaker has tripped, which packets do
 * not meet any more. What that COMMIT removed stays removed.
 *	XEIR_A_GENERATION	u32, which that COMMIT made live
 *   -EBUSY: a transaction is open.
 *   Reply:
 *	XEIR_A_GENERATION	u32, the live one
 *	XEIR_A_ADDED		u32
 *	XEIR_A_CHANGED		u32
 *	XEIR_A_REMOVED		u32
 *	XEIR_A_ENTRIES		u32, as of COMMIT
 *	XEIR_A_CUT		u32, as of COMMIT
 *	XEIR_A_FREED		u32, as of COMMIT
 *
 * XEIR_CMD_GET, without NLM_F_DUMP: XEIR_A_ENTRY with KIND and KEY.
 *   Reply: XEIR_A_ENTRY in full. -ENOENT: it is not listed. What an open
 *   transaction holds is never seen.
 * XEIR_CMD_GET with NLM_F_DUMP, no attributes: the list in force, in messages
 *   of XEIR_A_GENERATION and as many XEIR_A_ENTRY as fit; an entry is never
 *   split over two. A change of the maps during the dump flags it
 *   NLM_F_DUMP_INTR: drop what was read and start again.
 *
 * XEIR_CMD_STATS: no attributes.
 *   Reply:
 *	XEIR_A_LIST_ID		u32, BPF id of the bound list
 *	XEIR_A_GENERATION	u32
 *	XEIR_A_ENTRIES		u32, entries in force
 *	XEIR_A_CAPACITY		u32, entries that the list has room for
 *	XEIR_A_COUNTER		nest, repeated, one per enum xeir_rule
 *		XEIR_COUNTER_A_RULE	u32, enum xeir_rule
 *		XEIR_COUNTER_A_PASS	u64, packets, likewise WATCH, REJECT, DROP
 *		XEIR_COUNTER_A_LOST	u64, events that found the buffer full
 *		XEIR_COUNTER_A_NOT_ENFORCED
 *					u64, packets that passed or were watched
 *					only because enforcement is not on
 *
 * Multicast group "list": XEIR_CMD_LIST_NTF after each COMMIT that changed
 * something, with the attributes of its reply but the last two.
 *
 * Multicast group "events": XEIR_CMD_EVENT_NTF with
 *	XEIR_A_EVENT		u32, enum xeir_event_kind
 *	XEIR_A_GENERATION	u32, the live one
 * tells what happens to the module itself. What the programs stop is told by
 * their ring buffer (xeir/maps.h), which loses nothing to a slow listener here.
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

/* What an entry names. */
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

/* What becomes of a message; the larger is the stricter. */
enum xeir_action {
	XEIR_ACTION_PASS,
	XEIR_ACTION_WATCH,	/* passes, with an event */
	XEIR_ACTION_REJECT,	/* stopped, and answered with a cause */
	XEIR_ACTION_DROP,

	__XEIR_ACTION_LAST,
	XEIR_ACTION_MAX = __XEIR_ACTION_LAST - 1
};

/* Why: every packet that a program sees is counted under just one of them. */
enum xeir_rule {
	XEIR_RULE_NOT_GTPC,	/* no GTP-C */
	XEIR_RULE_FRAGMENT,	/* an IP fragment that shows too little to judge by */
	XEIR_RULE_OTHER_GTPC,	/* GTP-C that sets no session up and moves none */
	XEIR_RULE_NOT_LISTED,
	XEIR_RULE_IMEI,		/* an IMEI entry */
	XEIR_RULE_TAC,		/* a TAC entry */
	XEIR_RULE_NO_IMEI,	/* a set-up message has no IMEI */
	XEIR_RULE_SHORT_IMEI,	/* under 7 octets */
	XEIR_RULE_NULL_IMEI,	/* all zero or all F */
	XEIR_RULE_HEX_IMEI,	/* a nibble of the 14 is no decimal digit */
	XEIR_RULE_MALFORMED,	/* its IEs do not end where the message does */
	XEIR_RULE_TOO_MANY,	/* more IMEIs or headers than are looked at; dropped */
	XEIR_RULE_EMERGENCY,	/* passes whatever is listed */
	XEIR_RULE_EXCEPTION,	/* an exception entry */
	XEIR_RULE_MSISDN,	/* an MSISDN entry */
	XEIR_RULE_IMSI,		/* an IMSI entry */
	XEIR_RULE_GTPU,		/* GTP-U, which is looked at no further */
	XEIR_RULE_SESSION,	/* of a session that is up, and whose one of the entries names */
	XEIR_RULE_SELF,		/* the answer to a request of xeir's own; it goes no further */

	__XEIR_RULE_LAST,
	XEIR_RULE_MAX = __XEIR_RULE_LAST - 1
};

enum xeir_event_kind {
	XEIR_EVENT_UNSPEC,
	XEIR_EVENT_BOUND,
	XEIR_EVENT_UNBOUND,
	XEIR_EVENT_ABANDONED,	/* a transaction's socket closed before COMMIT */

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
