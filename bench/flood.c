// SPDX-License-Identifier: GPL-2.0-only
/*
 * usage: flood INTERFACE MILLISECONDS
 *
 * Send Create Session Requests of one handset out of an interface, as fast as one core can: the
 * frames of a test run that are redirected there, so that the sender makes no skb of each.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/bpf.h>
#include <net/if.h>
#include <stdlib.h>

#include "request.h"

#define REPEAT 65536

static int redirecting(int ifindex)
{
	const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 1, .imm = ifindex },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 2, .imm = 0 },
		{ .code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_redirect },
		{ .code = BPF_JMP | BPF_EXIT },
	};

	return bpf_prog_load(BPF_PROG_TYPE_XDP, "flood", "GPL", insns, 4, NULL);
}

int main(int argc, char **argv)
{
	struct request request = {};
	struct xdp_md ctx = {};
	double end;
	int program;

	if (argc != 3 || !if_nametoindex(argv[1]))
		give_up("usage: flood INTERFACE MILLISECONDS");
	program = redirecting(if_nametoindex(argv[1]));
	if (program < 0)
		give_up("the sender cannot be loaded");
	request_build(&request);
	ctx.data_end = request.frame.len;
	end = seconds() + strtoul(argv[2], NULL, 10) / 1e3;
	while (seconds() < end) {
		LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = request.frame.octets,
			    .data_size_in = request.frame.len, .ctx_in = &ctx,
			    .ctx_size_in = sizeof(ctx), .repeat = REPEAT,
			    .flags = BPF_F_TEST_XDP_LIVE_FRAMES);

		if (bpf_prog_test_run_opts(program, &opts))
			give_up("frames cannot be sent");
	}
	return 0;
}
