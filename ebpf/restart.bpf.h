/* SPDX-License-Identifier: GPL-2.0-only */
/* Restarts of peers, by their Recovery counters, TS 23.007 cl. 18. */
#ifndef XEIR_RESTART_BPF_H
#define XEIR_RESTART_BPF_H

#include "message.bpf.h"
#include "tables.bpf.h"

/* The node @at has sent the Recovery counter @recovery. */
__noinline int xeir_note_recovery(const struct xeir_path *at, __u32 recovery, __u64 now)
{
	struct xeir_restart *known, first = { .recovery = recovery };
	struct xeir_path path;
	__u32 was;

	if (!at)
		return 0;
	path = *at;
	known = bpf_map_lookup_elem(&XEIR_MAP_PATHS, &path);
	if (!known) {
		bpf_map_update_elem(&XEIR_MAP_PATHS, &path, &first, BPF_NOEXIST);
		return 0;
	}
	/* it wraps from 255 to 0; a lower value is of a message that was overtaken */
	if (!((recovery - known->recovery) & 0xff) || (recovery - known->recovery) & 0x80)
		return 0;
	/* two CPUs may see the same restart at once */
	was = known->recovery;
	if (__sync_val_compare_and_swap(&known->recovery, was, recovery) != was)
		return 0;
	known->restarted_ns = now;
	tally(XEIR_TALLY_RESTARTS);
	return 0;
}

/*
 * Both Recovery counters of the transaction whose response is message @which of @d. A request
 * does not prove who sent it; but if it sets a session up and is granted, its responder trusts it.
 */
__noinline int xeir_note_recoveries(const struct xeir_datagram *d, __u32 which, __u64 now)
{
	const struct xeir_message *message = bpf_map_lookup_elem(&xeir_messages, &which);
	const struct xeir_transaction *request;
	struct xeir_path path = {};

	if (!d || !message)
		return 0;
	request = bpf_map_lookup_elem(&XEIR_MAP_PENDING, &message->transaction);
	path.version = message->gtpc.version;
	__builtin_memcpy(path.address, d->local, sizeof(path.address));
	if (request && request->recovers && request->control.teid)
		xeir_note_recovery(&path, request->recovery, now);
	__builtin_memcpy(path.address, d->peer, sizeof(path.address));
	if (message->gtpc.facts.recovers)
		xeir_note_recovery(&path, message->gtpc.facts.recovery, now);
	return 0;
}

#endif /* XEIR_RESTART_BPF_H */
