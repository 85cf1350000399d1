/* SPDX-License-Identifier: GPL-2.0-only */
/* Template, see xdp.bpf.h: copy identities out of a message, and emit an event about it. */

/* Copies 1 to @capacity octets, a power of two so that the verifier sees the bounds. */
static __always_inline __u8 PATH_FN(copy_span)(PATH_CTX *ctx, __u32 message, struct xeir_span span,
					       void *to, __u32 capacity)
{
	__u32 last = span.len - 1;

	if (!span.len)
		return 0;
	if (last >= capacity)
		last = capacity - 1;
	xeir_hide(last);
	last &= capacity - 1;
	if (PATH_LOAD(ctx, message + span.off, to, last + 1))
		return 0;
	return last + 1;
}

/* As the IMEI IE has it, also if it was found in a Mobile Identity. */
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

/* The identities in the message, or those of its session if that decided. */
static __always_inline void PATH_FN(identify)(PATH_CTX *ctx, const struct xeir_datagram *d,
					      const struct xeir_message *message,
					      const struct xeir_verdict *v, struct xeir_event *ev)
{
	const struct xeir_gtpc *m = &message->gtpc;
	__u32 start = d->off + m->start;

	if (v->rule == XEIR_RULE_SESSION) {
		identify_session(&message->subscriber, m->version, ev);
		return;
	}
	ev->imei_len = PATH_FN(copy_imei)(ctx, start, m, v->imei & (XEIR_IMEIS - 1), ev->imei);
	ev->imsi_len = PATH_FN(copy_span)(ctx, start, m->imsi, ev->imsi, sizeof(ev->imsi));
	ev->msisdn_len = PATH_FN(copy_span)(ctx, start, m->msisdn, ev->msisdn, sizeof(ev->msisdn));
}

/* About the message that the verdict is about; not 0: the buffer is full. */
__noinline int PATH_FN(emit)(PATH_CTX *ctx, const struct xeir_datagram *d,
			     const struct xeir_verdict *v, __u32 counted)
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
	ev->tripped = !!(counted & XEIR_COUNTED_TRIPPED);
	PATH_FN(identify)(ctx, d, message, v, ev);
	bpf_ringbuf_submit(ev, 0);
	return 0;
}
