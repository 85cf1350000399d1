/* SPDX-License-Identifier: GPL-2.0-only */
/* Template, see xdp.bpf.h: find the datagram in a frame, and judge its messages in place. */

static __always_inline struct xeir_bytes PATH_FN(bytes)(PATH_CTX *ctx)
{
	return (struct xeir_bytes){
		.start = (void *)(long)ctx->data,
		.end = (void *)(long)ctx->data_end,
	};
}

/* enum xeir_found and *d; or 0, and *rule if it says why. */
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

/* judge() for a message @start octets into the datagram. */
__noinline int PATH_FN(judge_frame)(PATH_CTX *ctx, const struct xeir_datagram *d, __u32 which,
				    __u32 start)
{
	struct xeir_bytes bytes = PATH_FN(bytes)(ctx);

	if (!d || d->off + start > XEIR_MESSAGE_MASK)
		return 0;
	bytes.start += (d->off + start) & XEIR_MESSAGE_MASK;
	return judge(&bytes, d, which, start);
}

static __always_inline int PATH_FN(judge_message)(PATH_CTX *ctx, const struct xeir_datagram *d,
						  __u32 which, __u32 start)
{
	if (PATH_LENGTH(ctx) > ctx->data_end - ctx->data)
		return PATH_FN(judge_copy)(ctx, d, which, start);
	return PATH_FN(judge_frame)(ctx, d, which, start);
}
