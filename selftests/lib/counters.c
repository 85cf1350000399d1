// SPDX-License-Identifier: GPL-2.0-only
#include "lib/counters.h"

#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

void counters_read(int map, struct xeir_counter sums[XEIR_RULE_MAX + 1])
{
	__u32 next, keys[XEIR_RULE_MAX + 1], rules = XEIR_RULE_MAX + 1;
	int cpus = libbpf_num_possible_cpus();
	struct xeir_counter per_cpu[XEIR_RULE_MAX + 1][cpus];

	memset(sums, 0, (XEIR_RULE_MAX + 1) * sizeof(*sums));
	bpf_map_lookup_batch(map, NULL, &next, keys, per_cpu, &rules, NULL);
	for (__u32 i = 0; i < rules; i++) {
		struct xeir_counter *sum = &sums[keys[i]];

		for (int cpu = 0; cpu < cpus; cpu++) {
			for (int a = 0; a <= XEIR_ACTION_MAX; a++)
				sum->packets[a] += per_cpu[i][cpu].packets[a];
			sum->lost += per_cpu[i][cpu].lost;
		}
	}
}

struct judged counters_verdict(const struct xeir_counter *before, const struct xeir_counter *after)
{
	struct judged v = { .rule = XEIR_RULE_MAX + 1 };
	__u64 moved = 0;

	for (__u32 rule = 0; rule <= XEIR_RULE_MAX; rule++) {
		for (int a = 0; a <= XEIR_ACTION_MAX; a++) {
			__u64 n = after[rule].packets[a] - before[rule].packets[a];

			moved += n;
			if (!n)
				continue;
			v.rule = rule;
			v.action = a;
		}
	}
	if (moved != 1)
		v.rule = XEIR_RULE_MAX + 1;
	return v;
}
