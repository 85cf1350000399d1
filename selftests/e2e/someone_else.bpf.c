// SPDX-License-Identifier: GPL-2.0-only
/* An XDP program of another owner. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

char _license[] SEC("license") = "GPL";

SEC("xdp")
int someone_else(void *ctx)
{
	(void)ctx;
	return XDP_PASS;
}
