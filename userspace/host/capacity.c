// SPDX-License-Identifier: GPL-2.0-only
#include "host/capacity.h"

#include <bpf/libbpf.h>
#include <string.h>
#include <sys/sysinfo.h>
#include <xeir/maps.h>

#include "transport/pins.h"

/* Octets of an element with the kernel's own, of an LRU map that is preallocated. */
#define SIGHTING_OCTETS (sizeof(struct xeir_sighting_key) + sizeof(struct xeir_sighting) + 72)

/* Of the heads of the hash chains, per session; what is in them is allocated as it comes. */
#define SESSION_OCTETS 192

static unsigned int at_most(uint64_t octets, unsigned int each, unsigned int wanted)
{
	uint64_t n = octets / each;

	return n < wanted ? n : wanted;
}

void capacity_fill(struct capacity *capacity)
{
	unsigned int enough = capacity->listed + capacity->listed / 4;
	struct sysinfo host;
	uint64_t octets;

	sysinfo(&host);
	octets = (uint64_t)host.totalram * host.mem_unit;
	if (!capacity->entries && enough > XEIR_LIST_DEFAULT_ENTRIES)
		capacity->entries = enough;
	if (!capacity->entries)
		capacity->entries = XEIR_LIST_DEFAULT_ENTRIES;
	if (!capacity->sessions)
		capacity->sessions = at_most(octets / 32, SESSION_OCTETS, XEIR_SESSIONS_DEFAULT);
	if (!capacity->sightings)
		capacity->sightings = at_most(octets / 16, SIGHTING_OCTETS, XEIR_SIGHTINGS_DEFAULT);
}

/* Elements of @name in @capacity; 0: it is not about that map. */
static unsigned int wanted_of(const char *name, const struct capacity *capacity)
{
	if (!strcmp(name, PIN_NAME(XEIR_MAP_LIST)))
		return capacity->entries;
	if (!strcmp(name, PIN_NAME(XEIR_MAP_SESSIONS)))
		return capacity->sessions;
	if (!strcmp(name, PIN_NAME(XEIR_MAP_BEARERS)))
		return XEIR_BEARERS_OF(capacity->sessions);
	if (!strcmp(name, PIN_NAME(XEIR_MAP_BINDINGS)))
		return XEIR_BINDINGS_OF(capacity->sessions);
	if (!strcmp(name, PIN_NAME(XEIR_MAP_SIGHTINGS)))
		return capacity->sightings;
	return 0;
}

int capacity_set(struct bpf_map *map, const char *name, const struct capacity *capacity)
{
	unsigned int n = wanted_of(name, capacity);

	return n ? bpf_map__set_max_entries(map, n) : 0;
}

static bool is_sized(const char *name)
{
	static const struct capacity one = { 1, 1, 1, 0 };

	return wanted_of(name, &one) || !strcmp(name, PIN_NAME(XEIR_MAP_EVENTS));
}

unsigned int capacity_expected(const struct bpf_map *map, const char *name,
			       const struct capacity *capacity)
{
	return is_sized(name) ? wanted_of(name, capacity) : bpf_map__max_entries(map);
}
