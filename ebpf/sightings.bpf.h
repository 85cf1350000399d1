/* SPDX-License-Identifier: GPL-2.0-only */
/* Which handset was seen with which SIM, listed or not. */
#ifndef XEIR_SIGHTINGS_BPF_H
#define XEIR_SIGHTINGS_BPF_H

#include "message.bpf.h"
#include "tables.bpf.h"

static __always_inline void fill_sighting(struct xeir_sighting *to,
					  const struct xeir_message *message, __u32 seconds)
{
	to->last = seconds;
	to->rat = message->gtpc.facts.rat;
	to->version = message->gtpc.version;
	to->svn = message->subscriber.imei[XEIR_IMEI_OCTETS];
	to->uli_len = message->uli_len;
	__builtin_memcpy(to->msisdn, message->subscriber.msisdn, sizeof(to->msisdn));
	__builtin_memcpy(to->uli, message->uli, sizeof(to->uli));
	__builtin_memcpy(to->apn, message->subscriber.apn, sizeof(to->apn));
}

/* Record the handset and SIM of set-up message @which; @again: it is a retransmission. */
__noinline int xeir_record_sighting(__u32 which, __u32 again, __u64 now)
{
	const struct xeir_message *message = bpf_map_lookup_elem(&xeir_messages, &which);
	struct xeir_sighting_key key = {};
	struct xeir_sighting *known, first = {};
	__u32 seconds = now / 1000000000ULL;

	if (!message || !xeir_is_usable(message->subscriber.imei))
		return 0;
	__builtin_memcpy(key.imei, message->subscriber.imei, sizeof(key.imei));
	__builtin_memcpy(key.imsi, message->subscriber.imsi, sizeof(key.imsi));
	known = bpf_map_lookup_elem(&XEIR_MAP_SIGHTINGS, &key);
	if (known) {
		fill_sighting(known, message, seconds);
		if (!again)
			__sync_fetch_and_add(&known->count, 1);
		return 0;
	}
	fill_sighting(&first, message, seconds);
	first.first = seconds;
	first.count = 1;
	bpf_map_update_elem(&XEIR_MAP_SIGHTINGS, &key, &first, BPF_ANY);
	return 0;
}

#endif /* XEIR_SIGHTINGS_BPF_H */
