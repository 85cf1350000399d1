/* SPDX-License-Identifier: GPL-2.0-only */
/* The steps that read or write the packet, for tc; see xdp.bpf.h. */
#define PATH_CTX struct __sk_buff
#define PATH_FN(name) xeir_skb_##name
#define PATH_LENGTH(ctx) ((ctx)->len)
#define PATH_LOAD bpf_skb_load_bytes
#define PATH_STORE(ctx, off, from, octets) bpf_skb_store_bytes(ctx, off, from, octets, 0)
#define PATH_RESIZE(ctx, octets) bpf_skb_change_tail(ctx, octets, 0)
#define PATH_IFINDEX(ctx) ((ctx)->ifindex)
#define PATH_JUDGE xeir_skb_judge_message
#include "steps.bpf.h"
