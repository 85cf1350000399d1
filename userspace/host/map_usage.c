// SPDX-License-Identifier: GPL-2.0-only
#include "host/map_usage.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/sweep.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "transport/pins.h"

static int failed(const char *name, int err)
{
	complain("%s/%s cannot be read: %s", opt.pins, name, strerror(-err));
	return err;
}

static int sum_tallies(int fd, uint64_t *sums)
{
	int cpus = libbpf_num_possible_cpus(), err = 0;
	__u64 *values;

	if (cpus < 0)
		return cpus;
	values = calloc(cpus, sizeof(*values));
	if (!values)
		return -ENOMEM;
	for (__u32 tally = 0; tally < XEIR_TALLIES && !err; tally++) {
		err = bpf_map_lookup_elem(fd, &tally, values);
		for (int cpu = 0; cpu < cpus && !err; cpu++)
			sums[tally] += values[cpu];
	}
	free(values);
	return err;
}

static int read_tallies(uint64_t *sums)
{
	const char *name = PIN_NAME(XEIR_MAP_TALLIES);
	int fd = pins_open(name), err;

	if (fd < 0)
		return fd;
	err = sum_tallies(fd, sums);
	close(fd);
	return err ? failed(name, err) : 0;
}

/* The kernel has it nowhere else. */
static int map_memory(int fd, uint64_t *octets)
{
	char path[64], line[128];
	int err = -ENODATA;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	file = fopen(path, "r");
	if (!file)
		return -errno;
	while (err && fgets(line, sizeof(line), file))
		if (sscanf(line, "memlock: %" SCNu64, octets) == 1)
			err = 0;
	fclose(file);
	return err;
}

/* Add the memory of the pinned map @name; *capacity, unless NULL, is how much it can hold. */
static int read_map(const char *name, uint64_t *memory, uint32_t *capacity)
{
	struct bpf_map_info info = {};
	__u32 len = sizeof(info);
	uint64_t octets = 0;
	int fd = pins_open(name), err;

	if (fd < 0)
		return fd;
	err = bpf_obj_get_info_by_fd(fd, &info, &len);
	if (!err)
		err = map_memory(fd, &octets);
	close(fd);
	if (err)
		return failed(name, err);
	*memory += octets;
	if (capacity)
		*capacity = info.max_entries;
	return 0;
}

static int read_maps(struct map_usage *t)
{
	int err = read_map(PIN_NAME(XEIR_MAP_SESSIONS), &t->sessions_memory, &t->sessions_capacity);

	if (!err)
		err = read_map(PIN_NAME(XEIR_MAP_BEARERS), &t->sessions_memory, NULL);
	if (!err)
		err = read_map(PIN_NAME(XEIR_MAP_BINDINGS), &t->sessions_memory, NULL);
	if (!err)
		err = read_map(PIN_NAME(XEIR_MAP_SIGHTINGS), &t->sightings_memory,
			       &t->sightings_capacity);
	return err;
}

int map_usage_read(struct map_usage *usage)
{
	const uint64_t *tallies = usage->tallies;
	int err;

	memset(usage, 0, sizeof(*usage));
	usage->there = pins_has(PIN_NAME(XEIR_MAP_SESSIONS));
	if (!usage->there)
		return 0;
	err = read_tallies(usage->tallies);
	if (!err)
		err = read_maps(usage);
	if (!err)
		err = sweep_read(&usage->cutting);
	/* the counts of one CPU may be older than another's */
	if (tallies[XEIR_TALLY_STARTED] > tallies[XEIR_TALLY_ENDED])
		usage->sessions = tallies[XEIR_TALLY_STARTED] - tallies[XEIR_TALLY_ENDED];
	return err;
}
