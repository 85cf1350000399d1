// SPDX-License-Identifier: GPL-2.0-only
/*
 * xeir: find GTP-C in a packet, judge it, count it, tell of it. Every packet of a program
 * leaves through the one leave() of its path.
 *
 *	xeir_ingress	XDP, what comes in on an interface
 *	xeir_egress	tc, what goes out
 *	xeir_hook	run by the module's netfilter hook, on what was fragmented
 */
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <stddef.h>

#include "account.bpf.h"
#include "maps.bpf.h"

/* Where a message may start in a frame; leaves the verifier room for the offsets within it. */
#define XEIR_MESSAGE_MASK 0x3fff

#define XEIR_EVENT_IMEI sizeof(((struct xeir_event *)0)->imei)

/*
 * Judge the message at @bytes, @start octets into the datagram, as number @which of it. Returns 0
 * when it cannot be, 1, or where a second message starts and 1.
 */
static __always_inline int judge(const struct xeir_bytes *bytes, const struct xeir_datagram *d,
				 __u32 which, __u32 start)
{
	__u32 zero = 0, octets = d->octets - start;
	const struct xeir_config *config = bpf_map_lookup_elem(&XEIR_MAP_CONFIG, &zero);
	struct xeir_control *control = bpf_map_lookup_elem(&XEIR_MAP_CONTROL, &zero);
	struct xeir_message *m = bpf_map_lookup_elem(&xeir_messages, &which);

	if (!m || !config || !control)
		return 0;
	__builtin_memset(m, 0, sizeof(*m));
	m->gtpc.start = start;
	m->gtpc.fragment = d->fragment;
	m->gtpc.answer = !xeir_is_gtpc_port(d->destination);
	m->gtpc.hooked = control->hooked != 0;
	m->verdict.second = which;
	m->live = *(volatile __u32 *)&control->live;
	xeir_judge(bytes, octets, config, &m->live, &m->gtpc, &m->verdict);
	return 1 + xeir_second_message(bytes, octets);
}

/* Headers that hide what they wrap, in a number that no lawful sender needs. */
static __always_inline void refuse_headers(struct xeir_verdict *v)
{
	__u32 zero = 0;
	const struct xeir_config *config = bpf_map_lookup_elem(&XEIR_MAP_CONFIG, &zero);
	struct xeir_message *m = bpf_map_lookup_elem(&xeir_messages, &zero);

	if (!config || !m)
		return;
	__builtin_memset(m, 0, sizeof(*m));
	v->action = XEIR_ACTION_DROP;
	xeir_spare(config, v);
}

/* At most @rejects answers in a second. */
static __always_inline int may_answer(struct xeir_answering *a, __u32 rejects)
{
	__u64 second = bpf_ktime_get_ns() / 1000000000ULL;

	if (a->second != second) {
		a->second = second;
		a->given = 0;
	}
	return a->given++ < rejects;
}

#define PATH_CTX struct xdp_md
#define PATH_FN(name) xeir_xdp_##name
#define PATH_LENGTH(ctx) bpf_xdp_get_buff_len(ctx)
#define PATH_LOAD bpf_xdp_load_bytes
#define PATH_STORE bpf_xdp_store_bytes
#define PATH_RESIZE(ctx, octets) bpf_xdp_adjust_tail(ctx, (octets)-bpf_xdp_get_buff_len(ctx))
#define PATH_IFINDEX(ctx) ((ctx)->ingress_ifindex)
#include "path.bpf.h"
#undef PATH_CTX
#undef PATH_FN
#undef PATH_LENGTH
#undef PATH_LOAD
#undef PATH_STORE
#undef PATH_RESIZE
#undef PATH_IFINDEX

#define PATH_CTX struct __sk_buff
#define PATH_FN(name) xeir_skb_##name
#define PATH_LENGTH(ctx) ((ctx)->len)
#define PATH_LOAD bpf_skb_load_bytes
#define PATH_STORE(ctx, off, from, octets) bpf_skb_store_bytes(ctx, off, from, octets, 0)
#define PATH_RESIZE(ctx, octets) bpf_skb_change_tail(ctx, octets, 0)
#define PATH_IFINDEX(ctx) ((ctx)->ifindex)
#include "path.bpf.h"

SEC("xdp.frags")
int xeir_ingress(struct xdp_md *ctx)
{
	struct xeir_verdict v = { .rule = XEIR_RULE_OTHER };
	struct xeir_datagram d = {};

	xeir_xdp_judge_packet(ctx, xeir_xdp_find(ctx, &d, &v.rule), &d, &v);
	if (v.action == XEIR_ACTION_REJECT && !xeir_xdp_prepare_answer(ctx, &d))
		v.action = XEIR_ACTION_DROP;
	xeir_xdp_leave(ctx, 0, &d, &v);
	if (v.action == XEIR_ACTION_REJECT && !xeir_xdp_turn(ctx, &d))
		return XDP_TX;
	return v.action >= XEIR_ACTION_REJECT ? XDP_DROP : XDP_PASS;
}

/* What passes is left to the filters behind this one. */
SEC("tc")
int xeir_egress(struct __sk_buff *ctx)
{
	struct xeir_verdict v = { .rule = XEIR_RULE_OTHER };
	struct xeir_datagram d = {};

	xeir_skb_judge_packet(ctx, xeir_skb_find(ctx, &d, &v.rule), &d, &v);
	if (v.action == XEIR_ACTION_REJECT && !xeir_skb_prepare_answer(ctx, &d))
		v.action = XEIR_ACTION_DROP;
	xeir_skb_leave(ctx, 1, &d, &v);
	if (v.action == XEIR_ACTION_REJECT && !xeir_skb_turn(ctx, &d))
		return bpf_redirect(ctx->ifindex, BPF_F_INGRESS);
	return v.action >= XEIR_ACTION_REJECT ? TC_ACT_SHOT : TC_ACT_UNSPEC;
}

/* The IP packet of the skb, whole again. */
__noinline int xeir_find_reassembled(struct __sk_buff *ctx, struct xeir_datagram *d, __u8 *rule)
{
	const struct xeir_bytes packet = xeir_skb_bytes(ctx);
	const __u8 *p = xeir_at(&packet, 0, 1);

	if (!d || !rule || !p)
		return 0;
	if (p[0] >> 4 == 4)
		return xeir_find_datagram(&packet, 0, 4, d, rule);
	return xeir_find_datagram(&packet, 0, 6, d, rule);
}

/* There is no frame here that could be turned into an answer. */
SEC("tc")
int xeir_hook(struct __sk_buff *ctx)
{
	struct xeir_verdict v = { .rule = XEIR_RULE_OTHER };
	struct xeir_datagram d = {};

	xeir_skb_judge_packet(ctx, xeir_find_reassembled(ctx, &d, &v.rule), &d, &v);
	if (v.action == XEIR_ACTION_REJECT)
		v.action = XEIR_ACTION_DROP;
	xeir_skb_leave(ctx, 0, &d, &v);
	return v.action == XEIR_ACTION_DROP ? TC_ACT_SHOT : TC_ACT_OK;
}

char LICENSE[] SEC("license") = "GPL";
