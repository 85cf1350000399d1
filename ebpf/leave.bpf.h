/* SPDX-License-Identifier: GPL-2.0-only */
/* Template, see xdp.bpf.h: what follows a verdict. Counters, event, sessions, sightings. */

/* Copy the identities of message @which for sessions and sightings. */
__noinline int PATH_FN(gather)(PATH_CTX *ctx, const struct xeir_datagram *d, __u32 which)
{
	struct xeir_message *message = bpf_map_lookup_elem(&xeir_messages, &which);
	struct xeir_subscriber *subscriber;
	const struct xeir_gtpc *m;
	__u32 start;

	if (!d || !message)
		return 0;
	m = &message->gtpc;
	subscriber = &message->subscriber;
	start = d->off + m->start;
	__builtin_memset(subscriber, 0, sizeof(*subscriber));
	__builtin_memset(message->uli, 0, sizeof(message->uli));
	if (m->imeis)
		PATH_FN(copy_imei)(ctx, start, m, message->verdict.imei & (XEIR_IMEIS - 1),
				   subscriber->imei);
	__builtin_memcpy(subscriber->imsi, m->imsi_id, sizeof(subscriber->imsi));
	__builtin_memcpy(subscriber->msisdn, m->msisdn_id, sizeof(subscriber->msisdn));
	PATH_FN(copy_span)(ctx, start, m->apn, subscriber->apn, sizeof(subscriber->apn));
	message->uli_len = PATH_FN(copy_span)(ctx, start, m->facts.uli, message->uli,
					      sizeof(message->uli));
	return 0;
}

/* Track sessions by message @which, if it @passes; @again: it is known to be retransmitted. */
__noinline int PATH_FN(track)(PATH_CTX *ctx, const struct xeir_datagram *d, __u32 which,
			      __u32 passes, __u32 again)
{
	__u32 zero = 0;
	const struct xeir_config *config = bpf_map_lookup_elem(&XEIR_MAP_CONFIG, &zero);
	struct xeir_message *message = bpf_map_lookup_elem(&xeir_messages, &which);
	const struct xeir_gtpc *m;
	__u64 now;
	__u8 flags;

	if (!d || !config || !message)
		return 0;
	m = &message->gtpc;
	/* not read, or read again once it is reassembled */
	if (!m->known || !m->walked || (m->fragment && m->reassembled))
		return 0;
	now = bpf_ktime_get_tai_ns();
	flags = xeir_message_flags(m->version, m->type);
	if (flags & XEIR_MSG_JUDGED)
		PATH_FN(gather)(ctx, d, which);
	/* its sender has already done what it says, even if the response is dropped */
	if (flags & XEIR_MSG_RESPONSE && message->verdict.rule == XEIR_RULE_SESSION)
		passes = 1;
	if (passes && flags & XEIR_MSG_TRACKED && !m->fragment) {
		if (flags & XEIR_MSG_RESPONSE)
			xeir_track_response(d, which, now) && xeir_cut_tracked();
		else
			again |= xeir_track_request(d, which, now);
	}
	if (flags & XEIR_MSG_SETUP && config->sightings)
		xeir_record_sighting(which, again, now);
	return 0;
}

/* Every packet of a program comes here, or the counters would not add up. */
static __always_inline void PATH_FN(leave)(PATH_CTX *ctx, __u8 egress,
					   const struct xeir_datagram *d,
					   const struct xeir_verdict *v)
{
	__u32 rule = v->rule, which = v->second, passes = v->action <= XEIR_ACTION_WATCH, counted;
	struct xeir_counter *counter = bpf_map_lookup_elem(&XEIR_MAP_COUNTERS, &rule);
	const struct xeir_message *m;

	if (!counter)
		return;
	counter->packets[v->action & XEIR_ACTION_MAX]++;
	if (v->not_enforced)
		counter->not_enforced++;
	if (rule == XEIR_RULE_NOT_GTP_C || v->gtpu)
		return;
	m = bpf_map_lookup_elem(&xeir_messages, &which);
	if (!m || !m->gtpc.known)
		return;
	counted = xeir_count_message(PATH_IFINDEX(ctx), egress, d, v);
	if (v->action != XEIR_ACTION_PASS && rule != XEIR_RULE_SELF_GENERATED &&
	    PATH_FN(emit)(ctx, d, v, counted))
		counter->lost++;
	passes |= rule == XEIR_RULE_SELF_GENERATED;
	PATH_FN(track)(ctx, d, 0, passes, counted & XEIR_COUNTED_AGAIN);
	if (d->second)
		PATH_FN(track)(ctx, d, 1, passes, counted & XEIR_COUNTED_AGAIN);
}
