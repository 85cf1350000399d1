// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the module's netfilter hooks do, for hosts without the module: BPF netfilter programs. A
 * separate object, as kernels before 6.6 cannot load it.
 */
#include <stddef.h>

#include "fast_path.bpf.h"
#include "session_verdict.bpf.h"
#include "gtpu.bpf.h"
#include "counters.bpf.h"
#include "track.bpf.h"
#include "sightings.bpf.h"

#include <bpf/bpf_core_read.h>

/* A netfilter program returns these numbers, which no header for BPF has. */
#define NF_DROP 0
#define NF_ACCEPT 1

/* The members of kernel structures that are read; libbpf finds their offsets at load. */
#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct net_device {
	int ifindex;
};

struct sk_buff {
	unsigned int len;
	char cb[48];
};

struct nf_hook_state {
	struct net_device *in;
};

struct bpf_nf_ctx {
	const struct nf_hook_state *state;
	struct sk_buff *skb;
};

struct inet_skb_parm {
	__u16 frag_max_size;
};

struct inet6_skb_parm {
	__u16 frag_max_size;
};
#pragma clang attribute pop

extern int bpf_dynptr_from_skb(struct sk_buff *skb, __u64 flags, struct bpf_dynptr *ptr) __ksym;

/* Offset 0 is the IP header. Not 0: the packet has fewer octets. */
static __always_inline long load_octets(struct bpf_nf_ctx *ctx, __u32 off, void *to, __u32 octets)
{
	struct bpf_dynptr packet;

	if (bpf_dynptr_from_skb(ctx->skb, 0, &packet))
		return -1;
	return bpf_dynptr_read(to, octets, &packet, off, 0);
}

#define PATH_CTX struct bpf_nf_ctx
#define PATH_FN(name) xeir_nf_##name
#define PATH_LENGTH(ctx) ((ctx)->skb->len)
#define PATH_LOAD load_octets
#define PATH_IFINDEX(ctx) ((ctx)->state->in->ifindex)
#define PATH_JUDGE xeir_nf_judge_copy
#include "copy.bpf.h"
#include "datagram.bpf.h"
#include "emit.bpf.h"
#include "leave.bpf.h"

/* xeir_find_datagram() on a copy of the packet's headers. */
static __always_inline int find(struct bpf_nf_ctx *ctx, int version, struct xeir_datagram *d,
				__u8 *rule)
{
	__u32 cpu = bpf_get_smp_processor_id(), last = PATH_LENGTH(ctx) - 1;
	struct xeir_copy *copy = bpf_map_lookup_elem(&xeir_copies, &cpu);
	struct xeir_bytes headers;

	if (!copy)
		return 0;
	if (last > XEIR_HEADERS_MASK)
		last = XEIR_HEADERS_MASK;
	xeir_hide(last);
	last &= XEIR_HEADERS_MASK;
	if (load_octets(ctx, 0, copy->octets, last + 1))
		return 0;
	headers.start = copy->octets;
	headers.end = copy->octets + last + 1;
	return xeir_find_datagram(&headers, 0, version, d, rule);
}

__noinline int xeir_find_ipv4(struct bpf_nf_ctx *ctx, struct xeir_datagram *d, __u8 *rule)
{
	return d && rule ? find(ctx, 4, d, rule) : 0;
}

__noinline int xeir_find_ipv6(struct bpf_nf_ctx *ctx, struct xeir_datagram *d, __u8 *rule)
{
	return d && rule ? find(ctx, 6, d, rule) : 0;
}

/* A netfilter program cannot send a response, so what is to be rejected is dropped. */
static __always_inline int judge_found(struct bpf_nf_ctx *ctx, int found, struct xeir_datagram *d,
				       struct xeir_verdict *v)
{
	/* XDP has counted its fragments already, and has judged GTP-U by the first of them */
	if (found == XEIR_FOUND_GTPU || (!found && v->rule == XEIR_RULE_NOT_GTP_C))
		return NF_ACCEPT;
	xeir_nf_judge_packet(ctx, found, d, v);
	if (v->action == XEIR_ACTION_REJECT)
		v->action = XEIR_ACTION_DROP;
	xeir_nf_leave(ctx, 0, d, v);
	return v->action == XEIR_ACTION_DROP ? NF_DROP : NF_ACCEPT;
}

/*
 * XDP has judged what came in one piece. Of packets that came in, only reassembled ones have
 * frag_max_size set.
 */
SEC("netfilter")
int xeir_reassembled4(struct bpf_nf_ctx *ctx)
{
	const struct inet_skb_parm *cb = (const void *)ctx->skb->cb;
	struct xeir_packet *p;

	if (!BPF_CORE_READ(cb, frag_max_size))
		return NF_ACCEPT;
	p = take_packet(0);
	if (!p)
		return NF_ACCEPT;
	return judge_found(ctx, xeir_find_ipv4(ctx, &p->datagram, &p->verdict.rule), &p->datagram,
			   &p->verdict);
}

SEC("netfilter")
int xeir_reassembled6(struct bpf_nf_ctx *ctx)
{
	const struct inet6_skb_parm *cb = (const void *)ctx->skb->cb;
	struct xeir_packet *p;

	if (!BPF_CORE_READ(cb, frag_max_size))
		return NF_ACCEPT;
	p = take_packet(0);
	if (!p)
		return NF_ACCEPT;
	return judge_found(ctx, xeir_find_ipv6(ctx, &p->datagram, &p->verdict.rule), &p->datagram,
			   &p->verdict);
}

char LICENSE[] SEC("license") = "GPL";
