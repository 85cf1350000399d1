// SPDX-License-Identifier: GPL-2.0-only
/*
 * usage: batch N: the seconds that the kernel takes for N entries as large as xeir's, given to a
 * preallocated hash at once. No list in such a hash can be filled faster from outside of it.
 */
#include <bpf/bpf.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"

/* As an MSISDN has its digits: two an octet, the first one low. */
static void number_key(struct xeir_key *key, __u32 number)
{
	key->kind = XEIR_KIND_MSISDN;
	for (int i = 5; i >= 0; i--) {
		key->id[i] = number / 10 % 10 | number % 10 << 4;
		number /= 100;
	}
}

int main(int argc, char **argv)
{
	const __u32 n = argc == 2 ? strtoul(argv[1], NULL, 0) : 0;
	struct xeir_entry *entries = calloc(n, sizeof(*entries));
	struct xeir_key *keys = calloc(n, sizeof(*keys));
	__u32 count = n;
	double began;
	int map;

	if (!n || !entries || !keys)
		give_up("usage: batch N");
	for (__u32 i = 0; i < n; i++)
		number_key(&keys[i], i);
	map = bpf_map_create(BPF_MAP_TYPE_HASH, "batch", sizeof(*keys), sizeof(*entries), n, NULL);
	began = seconds();
	if (map < 0 || bpf_map_update_batch(map, keys, entries, &count, NULL))
		give_up("the map cannot be filled");
	printf("%.6f\n", seconds() - began);
	return 0;
}
