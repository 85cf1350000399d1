// SPDX-License-Identifier: GPL-2.0-only
/*
 * A look-up in the list, of keys at random, half of them listed, as the list grows: none of it is
 * in a cache just because the same was looked up before.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "lookup.bpf.h"
#include "lookup.skel.h"

static struct lookup_bpf *list_of(unsigned int n)
{
	struct lookup_bpf *skel = lookup_bpf__open();

	if (!skel)
		give_up("the program cannot be opened");
	skel->rodata->listed = n;
	bpf_map__set_max_entries(skel->maps.xeir_list, n);
	if (lookup_bpf__load(skel))
		give_up("the program cannot be loaded");
	fill_list(bpf_map__fd(skel->maps.xeir_list), n, nth_key);
	return skel;
}

static double ns_a_lookup(struct lookup_bpf *skel)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts);
	const double start = cpu_seconds();
	double ns;

	skel->bss->found = 0;
	if (bpf_prog_test_run_opts(bpf_program__fd(skel->progs.look_up_many), &opts))
		give_up("the program cannot be run");
	ns = (cpu_seconds() - start) * 1e9 / LOOKUPS;
	if (skel->bss->found < LOOKUPS * 0.49 || skel->bss->found > LOOKUPS * 0.51)
		give_up("%llu of %u look-ups found an entry", skel->bss->found, LOOKUPS);
	return ns;
}

int main(void)
{
	static const unsigned int sizes[] = { 28200, 2000000, 20000000 };
	enum { LISTS = sizeof(sizes) / sizeof(sizes[0]) };
	struct lookup_bpf *lists[LISTS];
	char name[32];

	for (int i = 0; i < LISTS; i++)
		lists[i] = list_of(shrunk(sizes[i]));
	for (unsigned int round = 0; round < rounds(); round++)
		for (int i = 0; i < LISTS; i++) {
			snprintf(name, sizeof(name), "lookup.%u", sizes[i]);
			sample(name, ns_a_lookup(lists[i]));
		}
	for (int i = 0; i < LISTS; i++)
		lookup_bpf__destroy(lists[i]);
	return 0;
}
