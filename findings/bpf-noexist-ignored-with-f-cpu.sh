#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Linux 7.3.4 takes BPF_F_CPU together with BPF_NOEXIST or BPF_EXIST on a per-CPU hash map and
# ignores the condition: NOEXIST overwrites a key that is there, EXIST makes one that is not.
# Linux 6.12 knows no BPF_F_CPU and refuses each with EINVAL. Who relies on NOEXIST to keep what is
# there must not combine the two.
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

#ifndef BPF_F_CPU
#define BPF_F_CPU 8 /* the number of the CPU is in the upper half of the flags: 0 */
#endif

static int map;

static long update(unsigned int key, unsigned long long value, unsigned long long flags)
{
	union bpf_attr attr = { .map_fd = map, .key = (unsigned long)&key,
				.value = (unsigned long)&value, .flags = flags };

	return syscall(SYS_bpf, BPF_MAP_UPDATE_ELEM, &attr, sizeof(attr)) ? errno : 0;
}

static void print(const char *what, unsigned int key, long err)
{
	unsigned long long value = 0;
	union bpf_attr attr = { .map_fd = map, .key = (unsigned long)&key,
				.value = (unsigned long)&value };

	printf("> %s: %s", what, err ? strerror(err) : "success");
	if (syscall(SYS_bpf, BPF_MAP_LOOKUP_ELEM, &attr, sizeof(attr)))
		printf(", the key is not there\n");
	else
		printf(", the value is %llu\n", value);
}

int main(void)
{
	union bpf_attr attr = { .map_type = BPF_MAP_TYPE_PERCPU_HASH, .key_size = 4,
				.value_size = 8, .max_entries = 8 };

	map = syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof(attr));
	update(1, 1, BPF_ANY);
	print("NOEXIST, the key is there", 1, update(1, 2, BPF_NOEXIST));
	print("EXIST, the key is not there", 2, update(2, 2, BPF_EXIST));
	print("NOEXIST and F_CPU, the key is there", 1, update(1, 3, BPF_NOEXIST | BPF_F_CPU));
	print("EXIST and F_CPU, the key is not there", 3, update(3, 3, BPF_EXIST | BPF_F_CPU));
	fflush(stdout);
	return reboot(RB_POWER_OFF);
}
C
boot "$older"
as_stated "$older" <<'SAID'
NOEXIST, the key is there: File exists, the value is 1
EXIST, the key is not there: No such file or directory, the key is not there
NOEXIST and F_CPU, the key is there: Invalid argument, the value is 1
EXIST and F_CPU, the key is not there: Invalid argument, the key is not there
SAID
boot "$newer"
as_stated "$newer" <<'SAID'
NOEXIST, the key is there: File exists, the value is 1
EXIST, the key is not there: No such file or directory, the key is not there
NOEXIST and F_CPU, the key is there: success, the value is 3
EXIST and F_CPU, the key is not there: success, the value is 3
SAID
echo "as stated"
