// SPDX-License-Identifier: GPL-2.0-only
/*
 * xeir: find GTP-C in a packet, judge it, count it, tell of it. Every packet of a program
 * leaves through the one leave() of its path.
 *
 *	xeir_ingress	XDP, what comes in on an interface
 *	xeir_egress	tc, what goes out
 *	xeir_hook	run by the module's netfilter hook, on what was fragmented
 *	xeir_sweep	run after each commit, on all sessions
 */
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <stddef.h>

#include "counters.bpf.h"
#include "judge.bpf.h"
#include "track.bpf.h"
#include "maps.bpf.h"
#include "sightings.bpf.h"
#include "sweep.bpf.h"
#include "gtpu.bpf.h"

#include <xeir/response.h>

/* Where a message may start in a frame; leaves the verifier room for the offsets within it. */
#define XEIR_MESSAGE_MASK 0x3fff

/* Octets at the start of a packet that are read where they are, before anything is known of it. */
#define XEIR_HEADERS 256

/* The answer to the message in hand, and how many were given in this second. */
struct xeir_responding {
	struct xeir_response reply;
	__u64 second;
	__u32 given;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct xeir_responding);
} xeir_responses SEC(".maps");

/* At most @rejects answers in a second. */
static __always_inline int may_respond(struct xeir_responding *a, __u32 rejects)
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
#define PATH_JUDGE xeir_xdp_judge_message
#include "frame.bpf.h"
#include "path.bpf.h"
#undef PATH_CTX
#undef PATH_FN
#undef PATH_LENGTH
#undef PATH_LOAD
#undef PATH_STORE
#undef PATH_RESIZE
#undef PATH_IFINDEX
#undef PATH_JUDGE

#define PATH_CTX struct __sk_buff
#define PATH_FN(name) xeir_skb_##name
#define PATH_LENGTH(ctx) ((ctx)->len)
#define PATH_LOAD bpf_skb_load_bytes
#define PATH_STORE(ctx, off, from, octets) bpf_skb_store_bytes(ctx, off, from, octets, 0)
#define PATH_RESIZE(ctx, octets) bpf_skb_change_tail(ctx, octets, 0)
#define PATH_IFINDEX(ctx) ((ctx)->ifindex)
#define PATH_JUDGE xeir_skb_judge_message
#include "frame.bpf.h"
#include "path.bpf.h"

SEC("xdp.frags")
int xeir_ingress(struct xdp_md *ctx)
{
	struct xeir_packet *p;
	struct xeir_datagram *d;
	struct xeir_verdict *v;

	if (pass_plain_user(xeir_xdp_bytes(ctx)))
		return XDP_PASS;
	p = take_packet(0);
	if (!p)
		return XDP_PASS;
	d = &p->datagram;
	v = &p->verdict;
	xeir_xdp_judge_packet(ctx, xeir_xdp_find(ctx, d, &v->rule), d, v);
	if (v->action == XEIR_ACTION_REJECT && (v->second || !xeir_xdp_prepare_response(ctx, d)))
		v->action = XEIR_ACTION_DROP;
	xeir_xdp_leave(ctx, 0, d, v);
	if (v->action == XEIR_ACTION_REJECT && !xeir_xdp_turn(ctx, d))
		return XDP_TX;
	return v->action >= XEIR_ACTION_REJECT ? XDP_DROP : XDP_PASS;
}

/* What passes is left to the filters behind this one. */
SEC("tc")
int xeir_egress(struct __sk_buff *ctx)
{
	struct xeir_packet *p;
	struct xeir_datagram *d;
	struct xeir_verdict *v;

	if (pass_plain_user(xeir_skb_bytes(ctx)))
		return TC_ACT_UNSPEC;
	p = take_packet(1);
	if (!p)
		return TC_ACT_UNSPEC;
	d = &p->datagram;
	v = &p->verdict;
	/* headers may be anywhere in an skb that no socket of the host has made */
	if (ctx->data_end - ctx->data < XEIR_HEADERS)
		bpf_skb_pull_data(ctx, ctx->len < XEIR_HEADERS ? ctx->len : XEIR_HEADERS);
	xeir_skb_judge_packet(ctx, xeir_skb_find(ctx, d, &v->rule), d, v);
	if (v->action == XEIR_ACTION_REJECT && (v->second || !xeir_skb_prepare_response(ctx, d)))
		v->action = XEIR_ACTION_DROP;
	xeir_skb_leave(ctx, 1, d, v);
	if (v->action == XEIR_ACTION_REJECT && !xeir_skb_turn(ctx, d))
		return bpf_redirect(ctx->ifindex, BPF_F_INGRESS);
	return v->action >= XEIR_ACTION_REJECT ? TC_ACT_SHOT : TC_ACT_UNSPEC;
}

/* The datagram in an skb that starts with its IP header. */
__noinline int xeir_find_in_ip(struct __sk_buff *ctx, struct xeir_datagram *d, __u8 *rule)
{
	const struct xeir_bytes packet = xeir_skb_bytes(ctx);
	const __u8 *p = xeir_at(&packet, 0, 1);

	if (!d || !rule || !p)
		return 0;
	if (p[0] >> 4 == 4)
		return xeir_find_datagram(&packet, 0, 4, d, rule);
	return xeir_find_datagram(&packet, 0, 6, d, rule);
}

/* cb[0] and what is returned: see XEIR_A_HOOK_FD. */
SEC("tc")
int xeir_hook(struct __sk_buff *ctx)
{
	struct xeir_packet *p = take_packet(1);
	struct xeir_datagram *d;
	struct xeir_verdict *v;

	if (!p)
		return TC_ACT_OK;
	d = &p->datagram;
	v = &p->verdict;
	xeir_skb_judge_packet(ctx, xeir_find_in_ip(ctx, d, &v->rule), d, v);
	if (v->action == XEIR_ACTION_REJECT &&
	    (v->second || !ctx->cb[0] || !xeir_skb_prepare_response(ctx, d)))
		v->action = XEIR_ACTION_DROP;
	xeir_skb_leave(ctx, 0, d, v);
	if (v->action == XEIR_ACTION_REJECT && !xeir_skb_turn(ctx, d))
		return TC_ACT_REDIRECT;
	return v->action >= XEIR_ACTION_REJECT ? TC_ACT_SHOT : TC_ACT_OK;
}

char LICENSE[] SEC("license") = "GPL";
