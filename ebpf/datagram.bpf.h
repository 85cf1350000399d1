/* SPDX-License-Identifier: GPL-2.0-only */
/* Template, see xdp.bpf.h: the verdict on a packet in which a datagram was looked for. */

/* GTP-C: the stricter verdict of its messages, of which it may hold two. */
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

/* GTP-U passes, unless its session is cut. */
static __always_inline void PATH_FN(judge_gtpu)(PATH_CTX *ctx, const struct xeir_datagram *d,
						struct xeir_verdict *v)
{
	__u8 header[8];

	v->rule = XEIR_RULE_GTP_U;
	v->gtpu = 1;
	if (!any_is_cut())
		return;
	if (!PATH_LOAD(ctx, d->off, header, sizeof(header)))
		judge_teid(d, header, v);
	else if (d->fragment)
		refuse_gtpu(v);
}

/* The final verdict; @found: enum xeir_found. */
static __always_inline void PATH_FN(judge_packet)(PATH_CTX *ctx, int found,
						  struct xeir_datagram *d,
						  struct xeir_verdict *v)
{
	if (found == XEIR_FOUND_GTPU)
		PATH_FN(judge_gtpu)(ctx, d, v);
	else if (found)
		PATH_FN(judge_datagram)(ctx, d, v);
	else if (v->rule == XEIR_RULE_TOO_MANY)
		refuse_headers(v);
}
