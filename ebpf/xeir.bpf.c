// SPDX-License-Identifier: GPL-2.0-only
/*
 * xeir: find GTP-C in a packet, judge it, count it, emit events, track sessions. Each program
 * below is: find, judge, leave, and a return code. Read fast_path.bpf.h first.
 *
 *	xeir_ingress	XDP, what comes in on an interface
 *	xeir_egress	tc, what goes out
 *	xeir_hook	run by the module's netfilter hook, on what was fragmented
 *	xeir_sweep	run after each commit, on all sessions
 */
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <stddef.h>

#include "fast_path.bpf.h"
#include "session_verdict.bpf.h"
#include "gtpu.bpf.h"
#include "responses.bpf.h"
#include "counters.bpf.h"
#include "track.bpf.h"
#include "sightings.bpf.h"
#include "sweep.bpf.h"

/* Where a message may start in a frame; leaves the verifier room for the offsets within it. */
#define XEIR_MESSAGE_MASK 0x3fff

/* Octets of headers that are read in place, before the datagram is found. */
#define XEIR_HEADERS 256

#include "xdp.bpf.h"
#include "skb.bpf.h"

SEC("xdp.frags")
int xeir_ingress(struct xdp_md *ctx)
{
	struct xeir_packet *p;
	struct xeir_datagram *d;
	struct xeir_verdict *v;

	if (pass_plain_gtpu(xeir_xdp_bytes(ctx)))
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

	if (pass_plain_gtpu(xeir_skb_bytes(ctx)))
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

/* See XEIR_A_HOOK_FD for cb[0] and the return codes. */
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
