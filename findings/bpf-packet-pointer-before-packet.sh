#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A BPF program moves a packet pointer below the packet by a constant and reads at an offset that
# leads back into what it has checked. Linux 6.12 loads it; Linux 7.3.4 refuses it with EACCES,
# "unbounded memory access", although the octet read is the same one. The constant is to be added to the offset instead.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

fetch_older
fetch_newer
build <<'C'
#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/syscall.h>
#include <unistd.h>

static char said[1 << 16];

/* Reads the packet's first octet at @offset of a pointer that was moved by -@offset. */
static void try(int offset)
{
	struct bpf_insn insns[] = {
		/* r2 = data; r3 = data_end; if (r2 + 64 > r3) goto out */
		{ BPF_LDX | BPF_MEM | BPF_W, 2, 1, 0, 0 },
		{ BPF_LDX | BPF_MEM | BPF_W, 3, 1, 4, 0 },
		{ BPF_ALU64 | BPF_MOV | BPF_X, 4, 2, 0, 0 },
		{ BPF_ALU64 | BPF_ADD | BPF_K, 4, 0, 0, 64 },
		{ BPF_JMP | BPF_JGT | BPF_X, 4, 3, 2, 0 },
		/* r2 -= offset; r0 = *(u8 *)(r2 + offset) */
		{ BPF_ALU64 | BPF_ADD | BPF_K, 2, 0, 0, -offset },
		{ BPF_LDX | BPF_MEM | BPF_B, 0, 2, offset, 0 },
		/* out: */
		{ BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, XDP_PASS },
		{ BPF_JMP | BPF_EXIT, 0, 0, 0, 0 },
	};
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_XDP,
		.insns = (unsigned long)insns,
		.insn_cnt = sizeof(insns) / sizeof(*insns),
		.license = (unsigned long)"GPL",
		.log_buf = (unsigned long)said,
		.log_size = sizeof(said),
		.log_level = 1,
	};
	long fd = syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));

	printf("> moved by %d, read at %d: %s%s\n", -offset, offset,
	       fd < 0 ? strerror(errno) : "loaded",
	       fd < 0 && strstr(said, "unbounded memory access") ?
		       ", unbounded memory access" : "");
}

int main(void)
{
	try(0);
	try(8);
	fflush(stdout);
	return reboot(RB_POWER_OFF);
}
C
boot "$older"
as_stated "$older" <<'SAID'
moved by 0, read at 0: loaded
moved by -8, read at 8: loaded
SAID
boot "$newer"
as_stated "$newer" <<'SAID'
moved by 0, read at 0: loaded
moved by -8, read at 8: Permission denied, unbounded memory access
SAID
echo "as stated"
