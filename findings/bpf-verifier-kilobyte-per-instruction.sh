#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# While Linux 7.3.4 checks a BPF program it takes about 1,000 octets of memory for each of its
# instructions, where Linux 6.12 takes at most 400; both free it afterwards. A program of a million
# instructions, which is allowed, would take 1 GB for a moment, and where that is not to be had the
# kernel kills its loader. Here it is 64,000, which is harmless.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

fetch_older
fetch_newer
build <<'C'
#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <unistd.h>

#define INSNS 64000

static long long free_memory(void)
{
	struct sysinfo info;

	sysinfo(&info);
	return (long long)info.freeram * info.mem_unit;
}

static int load(void)
{
	struct bpf_insn *insns = calloc(INSNS, sizeof(*insns));
	union bpf_attr attr = { .prog_type = BPF_PROG_TYPE_SOCKET_FILTER,
				.insns = (unsigned long)insns, .insn_cnt = INSNS,
				.license = (unsigned long)"GPL" };

	for (int i = 0; i < INSNS; i++)
		insns[i] = (struct bpf_insn){ BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, 0 };
	insns[INSNS - 1].code = BPF_JMP | BPF_EXIT;
	return syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr)) < 0 ? errno : 0;
}

int main(void)
{
	long long before = free_memory(), least = before, octets;
	int status = 0;
	pid_t child = fork();

	if (!child)
		_exit(load());
	while (!waitpid(child, &status, WNOHANG)) {
		long long now = free_memory();

		least = now < least ? now : least;
		usleep(1000);
	}
	octets = (before - least) / INSNS;
	printf("= %lld octets an instruction\n", octets);
	printf("> %d instructions: %s, memory while loading: %s\n", INSNS,
	       status ? strerror(WEXITSTATUS(status)) : "loaded",
	       octets < 400 ? "below 400 octets an instruction" :
	       octets < 800 ? "400 to 800 octets an instruction" :
			      "above 800 octets an instruction");
	fflush(stdout);
	return reboot(RB_POWER_OFF);
}
C
boot "$older"
as_stated "$older" <<'SAID'
64000 instructions: loaded, memory while loading: below 400 octets an instruction
SAID
boot "$newer"
as_stated "$newer" <<'SAID'
64000 instructions: loaded, memory while loading: above 800 octets an instruction
SAID
echo "as stated"
