/* SPDX-License-Identifier: GPL-2.0-only */
/* How many elements the maps can hold. */
#ifndef XEIR_HOST_CAPACITY_H
#define XEIR_HOST_CAPACITY_H

#include <stdint.h>

/* 0: the default, or that of the pinned map. */
struct capacity {
	unsigned int entries;	/* of the list */
	unsigned int sessions;
	unsigned int sightings;
	unsigned int listed;	/* in the journal, for a new list to hold */
};

struct bpf_map;

/*
 * Defaults for what is 0. The list gets a quarter more than what is listed, if that is more than
 * its default. A host with little memory gets less than the documented defaults:
 * sightings take a sixteenth of its memory at most, an empty table of sessions half of that.
 */
void capacity_fill(struct capacity *capacity);

/* Size a new map @name for @capacity; 0 or -errno. */
int capacity_set(struct bpf_map *map, const char *name, const struct capacity *capacity);

/* Elements that the pinned map @name must have for @capacity; 0: any. */
unsigned int capacity_expected(const struct bpf_map *map, const char *name,
			       const struct capacity *capacity);

#endif /* XEIR_HOST_CAPACITY_H */
