/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The way of a packet through a program, for one kind of context. Included once for
 * each kind, which gives
 *
 *	PATH_CTX		type of the context
 *	PATH_FN(name)		name of a function for it
 *	PATH_LENGTH(ctx)	octets of the packet, those beyond the first buffer too
 *	PATH_LOAD(...)		copies out of it: context, offset, buffer, octets
 *	PATH_IFINDEX(ctx)	the interface that it came or goes by
 *	PATH_JUDGE(...)		judges a message of it, as judge_copy() does
 *
 * Functions that are not inline are checked by the verifier on their own: their many
 * ways do not multiply each other.
 */

/* @room is a power of two, so that the verifier sees the bounds: 1 to @room. */
static __always_inline __u8 PATH_FN(copy_span)(PATH_CTX *ctx, __u32 message, struct xeir_span span,
					       void *to, __u32 room)
{
	__u32 last = span.len - 1;

	if (!span.len)
		return 0;
	if (last >= room)
		last = room - 1;
	xeir_hide(last);
	last &= room - 1;
	if (PATH_LOAD(ctx, message + span.off, to, last + 1))
		return 0;
	return last + 1;
}

/* The IMEI as its own IE would have it. */
static __always_inline __u8 PATH_FN(copy_imei)(PATH_CTX *ctx, __u32 message,
					       const struct xeir_gtpc *m, __u32 which, __u8 *to)
{
	__u8 octets[16] = {};
	__u8 len = PATH_FN(copy_span)(ctx, message, m->imei[which], octets, sizeof(octets));
	__u8 shifted = m->shifted >> which & 1;

	if (len > XEIR_EVENT_IMEI)
		len = XEIR_EVENT_IMEI;
	for (__u32 i = 0; i < XEIR_EVENT_IMEI; i++)
		to[i] = shifted ? octets[i] >> 4 | octets[i + 1] << 4 : octets[i];
	return len;
}

/* Who is named by the message, or has the session that it is of. */
static __always_inline void PATH_FN(identify)(PATH_CTX *ctx, const struct xeir_datagram *d,
					      const struct xeir_message *message,
					      const struct xeir_verdict *v, struct xeir_event *ev)
{
	const struct xeir_gtpc *m = &message->gtpc;
	__u32 start = d->off + m->start;

	if (v->rule == XEIR_RULE_SESSION) {
		identify_session(&message->who, m->version, ev);
		return;
	}
	ev->imei_len = PATH_FN(copy_imei)(ctx, start, m, v->imei & (XEIR_IMEIS - 1), ev->imei);
	ev->imsi_len = PATH_FN(copy_span)(ctx, start, m->imsi, ev->imsi, sizeof(ev->imsi));
	ev->msisdn_len = PATH_FN(copy_span)(ctx, start, m->msisdn, ev->msisdn, sizeof(ev->msisdn));
}

/* Tell of the message that the verdict is about; not 0: there was no room to. */
__noinline int PATH_FN(emit)(PATH_CTX *ctx, const struct xeir_datagram *d,
			     const struct xeir_verdict *v, __u32 told)
{
	const struct xeir_message *message;
	const struct xeir_gtpc *m;
	struct xeir_event *ev;
	__u32 which;

	if (!d || !v)
		return 0;
	which = v->second;
	message = bpf_map_lookup_elem(&xeir_messages, &which);
	if (!message)
		return 0;
	m = &message->gtpc;
	ev = bpf_ringbuf_reserve(&XEIR_MAP_EVENTS, sizeof(*ev), 0);
	if (!ev)
		return -1;
	__builtin_memset(ev, 0, sizeof(*ev));
	ev->time_ns = bpf_ktime_get_tai_ns();
	ev->ifindex = PATH_IFINDEX(ctx);
	ev->directive = v->directive;
	ev->teid = m->teid;
	ev->sequence = m->sequence;
	__builtin_memcpy(ev->peer, d->peer, sizeof(ev->peer));
	ev->peer_port = d->source;
	ev->version = m->version;
	ev->type = m->type;
	ev->action = v->action;
	ev->rule = v->rule;
	ev->tripped = !!(told & XEIR_TRIPS);
	PATH_FN(identify)(ctx, d, message, v, ev);
	bpf_ringbuf_submit(ev, 0);
	return 0;
}

/* Whose the message is, as it says itself. */
__noinline int PATH_FN(gather)(PATH_CTX *ctx, const struct xeir_datagram *d, __u32 which)
{
	struct xeir_message *message = bpf_map_lookup_elem(&xeir_messages, &which);
	struct xeir_subscriber *who;
	const struct xeir_gtpc *m;
	__u32 start;

	if (!d || !message)
		return 0;
	m = &message->gtpc;
	who = &message->who;
	start = d->off + m->start;
	__builtin_memset(who, 0, sizeof(*who));
	__builtin_memset(message->uli, 0, sizeof(message->uli));
	if (m->imeis)
		PATH_FN(copy_imei)(ctx, start, m, message->verdict.imei & (XEIR_IMEIS - 1),
				   who->imei);
	__builtin_memcpy(who->imsi, m->imsi_id, sizeof(who->imsi));
	__builtin_memcpy(who->msisdn, m->msisdn_id, sizeof(who->msisdn));
	PATH_FN(copy_span)(ctx, start, m->apn, who->apn, sizeof(who->apn));
	message->uli_len = PATH_FN(copy_span)(ctx, start, m->facts.uli, message->uli,
					      sizeof(message->uli));
	return 0;
}

/* Learn from message @which, if it @passes; @again: it is known to have been sent before. */
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
	/* not read, or to be read once it is whole */
	if (!m->known || !m->walked || (m->fragment && m->reassembled))
		return 0;
	now = bpf_ktime_get_tai_ns();
	flags = xeir_message_flags(m->version, m->type);
	if (flags & XEIR_MSG_JUDGED)
		PATH_FN(gather)(ctx, d, which);
	/* whoever sent an answer has done what it says, also where it gets no further */
	if (flags & XEIR_MSG_RESPONSE && message->verdict.rule == XEIR_RULE_SESSION)
		passes = 1;
	if (passes && flags & XEIR_MSG_TRACKED && !m->fragment) {
		if (flags & XEIR_MSG_RESPONSE)
			xeir_track_response(d, which, now) && xeir_cut_tracked();
		else
			again |= xeir_track_request(d, which, now);
	}
	if (flags & XEIR_MSG_SETUP && config->sightings)
		xeir_sight(which, again, now);
	return 0;
}

/* The one way out: what is not counted here was not seen. */
static __always_inline void PATH_FN(leave)(PATH_CTX *ctx, __u8 egress,
					   const struct xeir_datagram *d,
					   const struct xeir_verdict *v)
{
	__u32 rule = v->rule, which = v->second, passes = v->action <= XEIR_ACTION_WATCH, told;
	struct xeir_counter *counter = bpf_map_lookup_elem(&XEIR_MAP_COUNTERS, &rule);
	const struct xeir_message *m;

	if (!counter)
		return;
	counter->packets[v->action & XEIR_ACTION_MAX]++;
	if (v->not_enforced)
		counter->not_enforced++;
	if (rule == XEIR_RULE_NOT_GTPC || v->user)
		return;
	m = bpf_map_lookup_elem(&xeir_messages, &which);
	if (!m || !m->gtpc.known)
		return;
	told = xeir_count_message(PATH_IFINDEX(ctx), egress, d, v);
	if (v->action != XEIR_ACTION_PASS && rule != XEIR_RULE_SELF &&
	    PATH_FN(emit)(ctx, d, v, told))
		counter->lost++;
	passes |= rule == XEIR_RULE_SELF;
	PATH_FN(track)(ctx, d, 0, passes, told & XEIR_AGAIN);
	if (d->second)
		PATH_FN(track)(ctx, d, 1, passes, told & XEIR_AGAIN);
}

/* judge() for a message @start octets into the datagram, which is copied together first. */
__noinline int PATH_FN(judge_copy)(PATH_CTX *ctx, const struct xeir_datagram *d, __u32 which,
				   __u32 start)
{
	__u32 cpu = bpf_get_smp_processor_id(), last;
	struct xeir_copy *copy = bpf_map_lookup_elem(&xeir_copies, &cpu);
	struct xeir_bytes bytes;

	if (!d || !copy)
		return 0;
	last = PATH_LENGTH(ctx) - d->off - start - 1;
	if (last > XEIR_OFFSET_MASK)
		last = XEIR_OFFSET_MASK;
	xeir_hide(last);
	last &= XEIR_OFFSET_MASK;
	if (PATH_LOAD(ctx, d->off + start, copy->octets, last + 1))
		return 0;
	bytes.start = copy->octets;
	bytes.end = copy->octets + last + 1;
	return judge(&bytes, d, which, start);
}

/* The verdict on both messages of the datagram. */
static __always_inline void PATH_FN(judge_datagram)(PATH_CTX *ctx, struct xeir_datagram *d,
						    struct xeir_verdict *v)
{
	__u32 zero = 0, one = 1;
	struct xeir_message *first = bpf_map_lookup_elem(&xeir_messages, &zero);
	struct xeir_message *second = bpf_map_lookup_elem(&xeir_messages, &one);
	int next = PATH_JUDGE(ctx, d, 0, 0);

	if (!next || !first || !second) {
		v->rule = XEIR_RULE_MALFORMED;
		return;
	}
	*v = first->verdict;
	d->second = next > 1 && PATH_JUDGE(ctx, d, 1, next - 1);
	if (d->second && xeir_second_counts(v, &second->verdict))
		*v = second->verdict;
}

/* GTP-U is stopped only where its tunnel is cut. */
static __always_inline void PATH_FN(judge_user)(PATH_CTX *ctx, const struct xeir_datagram *d,
						struct xeir_verdict *v)
{
	__u8 header[8];

	v->rule = XEIR_RULE_GTPU;
	v->user = 1;
	if (!any_is_cut())
		return;
	if (!PATH_LOAD(ctx, d->off, header, sizeof(header)))
		judge_teid(d, header, v);
	else if (d->fragment)
		refuse_user(v);
}

/* The verdict on the packet, in which there is what @found says; it is final. */
static __always_inline void PATH_FN(judge_packet)(PATH_CTX *ctx, int found,
						  struct xeir_datagram *d,
						  struct xeir_verdict *v)
{
	if (found == XEIR_FOUND_GTPU)
		PATH_FN(judge_user)(ctx, d, v);
	else if (found)
		PATH_FN(judge_datagram)(ctx, d, v);
	else if (v->rule == XEIR_RULE_TOO_MANY)
		refuse_headers(v);
}
