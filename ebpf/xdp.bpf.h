/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The steps that read or write the packet, for XDP. Each is a template, compiled for each kind
 * of context (here, skb.bpf.h, xeir_nf.bpf.c), which gives it
 *
 *	PATH_CTX		type of the context
 *	PATH_FN(name)		name of a function for it
 *	PATH_LENGTH(ctx)	octets of the packet, those beyond the first buffer too
 *	PATH_LOAD(...)		copies out of it: context, offset, buffer, octets
 *	PATH_IFINDEX(ctx)	the interface that it came in or goes out by
 *	PATH_JUDGE(...)		judges a message of it, like judge_copy()
 *	PATH_STORE(...)		for frames: copies into it: context, offset, buffer, octets
 *	PATH_RESIZE(...)	for frames: gives it another length: context, octets
 *
 * The verifier checks functions that are not inline alone, so that their branches do not
 * multiply each other.
 */
#define PATH_CTX struct xdp_md
#define PATH_FN(name) xeir_xdp_##name
#define PATH_LENGTH(ctx) bpf_xdp_get_buff_len(ctx)
#define PATH_LOAD bpf_xdp_load_bytes
#define PATH_STORE bpf_xdp_store_bytes
#define PATH_RESIZE(ctx, octets) bpf_xdp_adjust_tail(ctx, (octets)-bpf_xdp_get_buff_len(ctx))
#define PATH_IFINDEX(ctx) ((ctx)->ingress_ifindex)
#define PATH_JUDGE xeir_xdp_judge_message
#include "steps.bpf.h"
