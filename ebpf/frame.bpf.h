/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a program can do that has the frame itself: read it in place, and turn it into an
 * answer. Included before path.bpf.h, for each such kind of context, which also gives
 *
 *	PATH_STORE(...)		copies into the packet: context, offset, buffer, octets
 *	PATH_RESIZE(...)	gives it another length: context, octets
 */

static __always_inline struct xeir_bytes PATH_FN(bytes)(PATH_CTX *ctx)
{
	return (struct xeir_bytes){
		.start = (void *)(long)ctx->data,
		.end = (void *)(long)ctx->data_end,
	};
}

/* The datagram of GTP-C in the frame; 0 and the rule why there is none. */
__noinline int PATH_FN(find)(PATH_CTX *ctx, struct xeir_datagram *d, __u8 *rule)
{
	const struct xeir_bytes frame = PATH_FN(bytes)(ctx);
	__u32 type, ip = xeir_skip_tags(&frame, offsetof(struct ethhdr, h_proto), &type);

	if (!d || !rule || !ip)
		return 0;
	if (type == ETH_P_IP)
		return xeir_find_datagram(&frame, ip, 4, d, rule);
	if (type == ETH_P_IPV6)
		return xeir_find_datagram(&frame, ip, 6, d, rule);
	return 0;
}

/* Judge message number @which, @start octets into the datagram; judge() says what is returned. */
__noinline int PATH_FN(judge_frame)(PATH_CTX *ctx, const struct xeir_datagram *d, __u32 which,
				    __u32 start)
{
	struct xeir_bytes bytes = PATH_FN(bytes)(ctx);

	if (!d || d->off + start > XEIR_MESSAGE_MASK)
		return 0;
	bytes.start += (d->off + start) & XEIR_MESSAGE_MASK;
	return judge(&bytes, d, which, start);
}

/* In path.bpf.h. */
int PATH_FN(judge_copy)(PATH_CTX *ctx, const struct xeir_datagram *d, __u32 which, __u32 start);

static __always_inline int PATH_FN(judge_message)(PATH_CTX *ctx, const struct xeir_datagram *d,
						  __u32 which, __u32 start)
{
	if (PATH_LENGTH(ctx) > ctx->data_end - ctx->data)
		return PATH_FN(judge_copy)(ctx, d, which, start);
	return PATH_FN(judge_frame)(ctx, d, which, start);
}

/* Put the answer to the rejected request together; 0: it cannot or may not be answered. */
__noinline int PATH_FN(prepare_response)(PATH_CTX *ctx, const struct xeir_datagram *d)
{
	__u32 zero = 0, at;
	const struct xeir_config *config = bpf_map_lookup_elem(&XEIR_MAP_CONFIG, &zero);
	const struct xeir_message *m = bpf_map_lookup_elem(&xeir_messages, &zero);
	struct xeir_responding *a = bpf_map_lookup_elem(&xeir_responses, &zero);
	__u8 octets[6]; /* the destination's MAC address, then the TEID */

	if (!d || !config || !m || !a || !xeir_may_respond_to(d, &m->gtpc))
		return 0;
	/* whoever has no MAC header in front of the IP header has looked at where it went to */
	if (d->ip && (PATH_LOAD(ctx, 0, octets, ETH_ALEN) || octets[0] & 1))
		return 0;
	__builtin_memset(&a->reply, 0, sizeof(a->reply));
	at = xeir_response_teid(&m->gtpc);
	if (!at || !xeir_response_choose(&m->gtpc, config, &a->reply) ||
	    PATH_LOAD(ctx, d->off + at, octets, 4))
		return 0;
	/* a TEID of 0 names nobody */
	if (!xeir_be32(octets) || !may_respond(a, config->rejects))
		return 0;
	xeir_response_build(d, &m->gtpc, octets, &a->reply);
	return 1;
}

/* Turn the frame into the answer that was prepared, VLAN tags kept; not 0: that failed. */
static __always_inline int PATH_FN(turn)(PATH_CTX *ctx, const struct xeir_datagram *d)
{
	__u32 zero = 0, last;
	struct xeir_responding *a = bpf_map_lookup_elem(&xeir_responses, &zero);
	__u8 mac[2 * ETH_ALEN], swapped[2 * ETH_ALEN];

	if (!a || PATH_LOAD(ctx, 0, mac, sizeof(mac)))
		return -1;
	__builtin_memcpy(swapped, mac + ETH_ALEN, ETH_ALEN);
	__builtin_memcpy(swapped + ETH_ALEN, mac, ETH_ALEN);
	last = a->reply.len - 1;
	xeir_hide(last);
	last &= XEIR_RESPONSE_OCTETS - 1;
	/* the answer comes last, over what is swapped in vain where there is no MAC header */
	return PATH_RESIZE(ctx, d->ip + last + 1) || PATH_STORE(ctx, 0, swapped, sizeof(swapped)) ||
	       PATH_STORE(ctx, d->ip, a->reply.octets, last + 1);
}
