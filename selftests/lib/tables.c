// SPDX-License-Identifier: GPL-2.0-only
#include "lib/tables.h"

#include <arpa/inet.h>
#include <linux/pkt_cls.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "lib/counters.h"
#include "xeir.skel.h"

static struct xeir_bpf *skel;

static int quiet(enum libbpf_print_level level, const char *format, va_list args)
{
	(void)level, (void)format, (void)args;
	return 0;
}

static bool size_maps(const struct capacity *room)
{
	struct bpf_map *map;

	bpf_object__for_each_map(
		map, skel->obj) if (capacity_set(map, bpf_map__name(map), room)) return false;
	return !bpf_map__set_max_entries(skel->maps.xeir_copies, libbpf_num_possible_cpus());
}

bool tables_open(const struct capacity *room, const char **why)
{
	static const struct xeir_config config = XEIR_CONFIG_DEFAULT;

	libbpf_set_print(quiet);
	skel = xeir_bpf__open();
	if (skel) /* nothing runs it here, and it takes as long to verify as any */
		bpf_program__set_autoload(skel->progs.xeir_hook, false);
	if (!skel || !size_maps(room) || xeir_bpf__load(skel)) {
		*why = geteuid() ? "loading the programs needs root" : NULL;
		return false;
	}
	tables_configure(&config);
	return true;
}

void tables_close(void)
{
	xeir_bpf__destroy(skel);
}

int tables_map(const char *name)
{
	return bpf_object__find_map_fd_by_name(skel->obj, name);
}

/* Of all maps, as the kernel has it for those that say how much they use. */
unsigned long long tables_octets(void)
{
	unsigned long long sum = 0, octets;
	struct bpf_map *map;
	char path[64], line[128];
	FILE *info;

	bpf_object__for_each_map(map, skel->obj)
	{
		snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", bpf_map__fd(map));
		info = fopen(path, "r");
		while (info && fgets(line, sizeof(line), info))
			if (sscanf(line, "memlock: %llu", &octets) == 1)
				sum += octets;
		if (info)
			fclose(info);
	}
	return sum;
}

int tables_program(bool egress)
{
	return bpf_program__fd(egress ? skel->progs.xeir_egress : skel->progs.xeir_ingress);
}

bool tables_passes(bool egress, const unsigned char *frame, size_t len)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame, .data_size_in = len);

	if (bpf_prog_test_run_opts(tables_program(egress), &opts))
		return false;
	return (int)opts.retval == (egress ? TC_ACT_UNSPEC : XDP_PASS);
}

struct seen tables_see(bool egress, const unsigned char *frame, size_t len)
{
	struct xeir_counter before[XEIR_RULE_MAX + 1], after[XEIR_RULE_MAX + 1];
	const int counters = bpf_map__fd(skel->maps.xeir_counters);
	struct seen seen;

	counters_read(counters, before);
	seen.passed = tables_passes(egress, frame, len);
	counters_read(counters, after);
	seen.rule = counters_verdict(before, after).rule;
	return seen;
}

void tables_configure(const struct xeir_config *wanted)
{
	__u32 zero = 0;

	bpf_map_update_elem(bpf_map__fd(skel->maps.xeir_config), &zero, wanted, BPF_ANY);
}

static struct xeir_key key_of(__u8 kind, const void *id)
{
	struct xeir_key key = { .kind = kind };

	memcpy(key.id, id, xeir_key_octets(kind));
	return key;
}

void tables_list(__u8 kind, const void *id, const struct xeir_side *side)
{
	const struct xeir_key key = key_of(kind, id);
	const struct xeir_entry entry = { .after = *side };

	bpf_map_update_elem(bpf_map__fd(skel->maps.xeir_list), &key, &entry, BPF_ANY);
}

void tables_unlist(__u8 kind, const void *id)
{
	const struct xeir_key key = key_of(kind, id);

	bpf_map_delete_elem(bpf_map__fd(skel->maps.xeir_list), &key);
}

struct xeir_cutting tables_sweep(void)
{
	struct xeir_cutting cutting = {};
	LIBBPF_OPTS(bpf_test_run_opts, opts);
	__u32 zero = 0;

	if (!bpf_prog_test_run_opts(bpf_program__fd(skel->progs.xeir_sweep), &opts))
		bpf_map_lookup_elem(bpf_map__fd(skel->maps.xeir_cutting), &zero, &cutting);
	return cutting;
}

__u64 tables_tally(enum xeir_tally what)
{
	int cpus = libbpf_num_possible_cpus();
	__u64 per_cpu[cpus], sum = 0;
	__u32 key = what;

	if (bpf_map_lookup_elem(bpf_map__fd(skel->maps.xeir_tallies), &key, per_cpu))
		return 0;
	for (int cpu = 0; cpu < cpus; cpu++)
		sum += per_cpu[cpu];
	return sum;
}

void tables_address(const struct node *at, bool ipv6, __u8 address[16])
{
	const __u32 ipv4 = htonl(at->ipv4);

	memset(address, 0, 16);
	if (ipv6) {
		address[0] = 0xfd;
		address[15] = at->ipv6;
		return;
	}
	memset(address + 10, 0xff, 2);
	memcpy(address + 12, &ipv4, 4);
}

/* As a session or a bearer of either version of GTP. */
static bool find(const struct bpf_map *map, const struct f_teid *control, __u8 ebi, __u8 bearer,
		 void *value)
{
	struct xeir_session_key key = { .teid = control->teid, .ebi = ebi, .bearer = bearer };

	tables_address(&control->at, !control->at.ipv4, key.address);
	for (key.version = 2; key.version; key.version--)
		if (!bpf_map_lookup_elem(bpf_map__fd(map), &key, value))
			return true;
	return false;
}

bool tables_session(const struct f_teid *control, __u8 ebi, struct xeir_session *s)
{
	return find(skel->maps.xeir_sessions, control, ebi, 0, s);
}

bool tables_bearer(const struct f_teid *control, __u8 ebi, __u8 bearer, struct xeir_bearer *b)
{
	return find(skel->maps.xeir_bearers, control, ebi, bearer, b);
}

bool tables_binding(const struct f_teid *end, enum xeir_plane plane, struct xeir_binding *binding)
{
	struct xeir_teid at = { .teid = end->teid, .plane = plane };
	const int bindings = bpf_map__fd(skel->maps.xeir_bindings);

	tables_address(&end->at, !end->at.ipv4, at.address);
	if (plane == XEIR_PLANE_USER)
		return !bpf_map_lookup_elem(bindings, &at, binding);
	for (at.version = 2; at.version; at.version--)
		if (!bpf_map_lookup_elem(bindings, &at, binding))
			return true;
	return false;
}

unsigned int tables_count(const char *name)
{
	unsigned char key[64], next[64];
	int map = tables_map(name);
	unsigned int n = 0;

	while (!bpf_map_get_next_key(map, n ? key : NULL, next)) {
		memcpy(key, next, sizeof(key));
		n++;
	}
	return n;
}
