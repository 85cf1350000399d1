/* SPDX-License-Identifier: GPL-2.0-only */
/* Figures of the tables of sessions and sightings that need no iteration over them. */
#ifndef XEIR_HOST_MAP_USAGE_H
#define XEIR_HOST_MAP_USAGE_H

#include <stdbool.h>
#include <stdint.h>
#include <xeir/maps.h>

struct map_usage {
	bool there;		/* else no programs are pinned, or such as track no sessions */
	uint64_t tallies[XEIR_TALLIES];
	uint64_t sessions;	/* in the table, also those that have ended unnoticed */
	uint32_t sessions_capacity;
	uint32_t sightings_capacity;
	uint64_t sessions_memory;	/* octets, by the kernel's count; the next too */
	uint64_t sightings_memory;
	struct xeir_cutting cutting;
};

/* 0 or a negative errno after complain(). */
int map_usage_read(struct map_usage *usage);

#endif /* XEIR_HOST_MAP_USAGE_H */
