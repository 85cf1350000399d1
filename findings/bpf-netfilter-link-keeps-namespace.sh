#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A BPF netfilter link holds the network namespace that it was made in: after the last process has
# left, the namespace and its interfaces stay for as long as the link does. An XDP link does not.
# Shown on Linux 7.3.4 by an XDP link on lo, which names no interface any more when lo is gone.
# Who pins such links must remove them before the namespace is deleted.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

fetch_newer
build <<'C'
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PROG_TYPE_NETFILTER 32
#define NETFILTER 45
#define XDP_GENERIC 2

static int own;

static int load(unsigned int type, unsigned int attach_type)
{
	struct bpf_insn insns[] = {
		{ BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, type == PROG_TYPE_NETFILTER ? 1 : XDP_PASS },
		{ BPF_JMP | BPF_EXIT, 0, 0, 0, 0 },
	};
	union bpf_attr attr = { .prog_type = type, .insns = (unsigned long)insns, .insn_cnt = 2,
				.license = (unsigned long)"GPL",
				.expected_attach_type = attach_type };

	return syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));
}

static int link_xdp(void)
{
	union bpf_attr attr = { .link_create = { .prog_fd = load(BPF_PROG_TYPE_XDP, BPF_XDP),
						 .target_ifindex = 1, .attach_type = BPF_XDP,
						 .flags = XDP_GENERIC } };

	return syscall(SYS_bpf, BPF_LINK_CREATE, &attr, sizeof(attr));
}

static int link_netfilter(void)
{
	struct {
		unsigned int program, target, attach_type, flags, pf, hook, priority, more;
	} attr = { load(PROG_TYPE_NETFILTER, NETFILTER), 0, NETFILTER, 0, 2, 1, 1, 0 };

	return syscall(SYS_bpf, BPF_LINK_CREATE, &attr, sizeof(attr));
}

static int is_there(int link)
{
	struct bpf_link_info info = {};
	union bpf_attr attr = { .info = { .bpf_fd = link, .info_len = sizeof(info),
					  .info = (unsigned long)&info } };

	return !syscall(SYS_bpf, BPF_OBJ_GET_INFO_BY_FD, &attr, sizeof(attr)) && info.xdp.ifindex;
}

/* Up to ten seconds, as the kernel ends a namespace in the background. */
static void print(const char *when, int link)
{
	int tries = 100;

	while (is_there(link) && tries--)
		usleep(100000);
	printf("> %s: %s\n", when, is_there(link) ? "lo is still there" : "lo is gone");
}

int main(void)
{
	int xdp, netfilter;

	mkdir("/proc", 0755);
	mount("proc", "/proc", "proc", 0, NULL);
	own = open("/proc/self/ns/net", O_RDONLY);

	unshare(CLONE_NEWNET);
	xdp = link_xdp();
	printf("> XDP link: %s\n", xdp < 0 ? strerror(errno) : "made");
	setns(own, CLONE_NEWNET);
	print("XDP link only, namespace left", xdp);

	unshare(CLONE_NEWNET);
	xdp = link_xdp();
	netfilter = link_netfilter();
	printf("> netfilter link: %s\n", netfilter < 0 ? strerror(errno) : "made");
	setns(own, CLONE_NEWNET);
	print("with a netfilter link, namespace left", xdp);
	close(netfilter);
	print("netfilter link closed", xdp);
	fflush(stdout);
	return reboot(RB_POWER_OFF);
}
C
boot "$newer"
as_stated "$newer" <<'SAID'
XDP link: made
XDP link only, namespace left: lo is gone
netfilter link: made
with a netfilter link, namespace left: lo is still there
netfilter link closed: lo is gone
SAID
echo "as stated"
