// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes another message of the one in the packet, of another handset, and hands it to the program
 * that is measured: else a retransmission would be, with all that it meets in the caches.
 */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#include "handset.bpf.h"

/* Where they are in the packet. */
const volatile __u32 sequence, imei, imsi;
/* The handsets that take turns, in no order; how many is a power of two. */
const volatile __u32 first, turns;

__u32 count;

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} measured SEC(".maps");

SEC("xdp")
int renew(struct xdp_md *ctx)
{
	__u8 *start = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	const __u32 digits = handset_digits(first + (count * 40503 & (turns - 1)));

	if (start + sequence + 3 > end || start + imei + 7 > end || start + imsi + 7 > end)
		return XDP_ABORTED;
	__builtin_memcpy(start + sequence, &count, 3);
	__builtin_memcpy(start + imei + 3, &digits, 4);
	__builtin_memcpy(start + imsi + 3, &digits, 4);
	count++;
	bpf_tail_call(ctx, &measured, 0);
	return XDP_ABORTED;
}

char LICENSE[] SEC("license") = "GPL";
