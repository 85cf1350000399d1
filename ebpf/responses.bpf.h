/* SPDX-License-Identifier: GPL-2.0-only */
/* The response to a rejected request, and how many a second there may be. */
#ifndef XEIR_RESPONSES_BPF_H
#define XEIR_RESPONSES_BPF_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <xeir/response.h>

struct xeir_responding {
	struct xeir_response response;
	__u64 second;
	__u32 sent; /* in that second */
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct xeir_responding);
} xeir_responses SEC(".maps");

static __always_inline int may_respond(struct xeir_responding *r, __u32 per_second)
{
	__u64 second = bpf_ktime_get_ns() / 1000000000ULL;

	if (r->second != second) {
		r->second = second;
		r->sent = 0;
	}
	return r->sent++ < per_second;
}

#endif /* XEIR_RESPONSES_BPF_H */
