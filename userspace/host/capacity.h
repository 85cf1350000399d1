/* SPDX-License-Identifier: GPL-2.0-only */
/* How much the maps have room for. */
#ifndef XEIR_HOST_CAPACITY_H
#define XEIR_HOST_CAPACITY_H

#include <stdint.h>

/* 0: the default, or what is there. */
struct room {
	unsigned int entries;	/* of the list */
	unsigned int sessions;
	unsigned int sightings;
	unsigned int listed;	/* in the journal, for a new list to hold */
};

struct bpf_map;

/*
 * Defaults for what is 0. The list gets a quarter more than what is listed has need of, if that is
 * more than its default. A host with little memory gets less room than the documented defaults:
 * sightings take a sixteenth of its memory at most, an empty table of sessions half of that.
 */
void room_fill(struct room *room);

/* Size a new map @name for @room; 0 or -errno. */
int room_set(struct bpf_map *map, const char *name, const struct room *room);

/* Elements that the pinned map @name must have for @room; 0: any. */
unsigned int room_expected(const struct bpf_map *map, const char *name, const struct room *room);

#endif /* XEIR_HOST_CAPACITY_H */
