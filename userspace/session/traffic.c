// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "session/traffic.h"
#include "lib/say.h"
#include "transport/pins.h"

static int compare(const void *a, const void *b)
{
	const struct xeir_traffic_key *left = &((const struct traffic *)a)->key;
	const struct xeir_traffic_key *right = &((const struct traffic *)b)->key;

	if (left->ifindex != right->ifindex)
		return left->ifindex < right->ifindex ? -1 : 1;
	return memcmp(&left->egress, &right->egress, sizeof(*left) - sizeof(left->ifindex));
}

static void sum(const struct xeir_traffic *per_cpu, int cpus, struct xeir_traffic *all)
{
	memset(all, 0, sizeof(*all));
	for (int cpu = 0; cpu < cpus; cpu++) {
		for (int action = 0; action <= XEIR_ACTION_MAX; action++)
			all->packets[action] += per_cpu[cpu].packets[action];
		all->attempts += per_cpu[cpu].attempts;
	}
}

static int read_pinned(int fd, struct traffic *traffic, size_t *n)
{
	int cpus = libbpf_num_possible_cpus();
	struct xeir_traffic per_cpu[cpus];
	struct xeir_traffic_key key, *last = NULL;

	for (*n = 0; *n < XEIR_TRAFFIC_ENTRIES && !bpf_map_get_next_key(fd, last, &key); ++*n) {
		if (bpf_map_lookup_elem(fd, &key, per_cpu))
			return -errno;
		traffic[*n].key = key;
		sum(per_cpu, cpus, &traffic[*n].values);
		last = &traffic[*n].key;
	}
	return 0;
}

int traffic_read(struct traffic **traffic, size_t *n)
{
	int fd = pins_open(PIN_NAME(XEIR_MAP_TRAFFIC)), err;

	if (fd < 0)
		return fd;
	*traffic = calloc(XEIR_TRAFFIC_ENTRIES, sizeof(**traffic));
	err = *traffic ? read_pinned(fd, *traffic, n) : -ENOMEM;
	close(fd);
	if (err) {
		complain("%s: %s", PIN_NAME(XEIR_MAP_TRAFFIC), strerror(-err));
		free(*traffic);
		return err;
	}
	qsort(*traffic, *n, sizeof(**traffic), compare);
	return 0;
}

int traffic_hits_open(void)
{
	return pins_open(PIN_NAME(XEIR_MAP_HITS));
}

bool traffic_hits_of(int hits, const struct xeir_key *key, struct xeir_hits *of)
{
	return !bpf_map_lookup_elem(hits, key, of);
}
