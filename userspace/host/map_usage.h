/* SPDX-License-Identifier: GPL-2.0-only */
/* What is known of the tables of sessions and sightings without walking through them. */
#ifndef XEIR_HOST_MAP_USAGE_H
#define XEIR_HOST_MAP_USAGE_H

#include <stdbool.h>
#include <stdint.h>
#include <xeir/maps.h>

struct map_usage {
	bool there;		/* else programs are pinned that follow no sessions, or none */
	uint64_t tallies[XEIR_TALLIES];
	uint64_t sessions;	/* that are there now, also those that are over and not met yet */
	uint32_t sessions_capacity;
	uint32_t sightings_capacity;
	uint64_t sessions_memory;	/* octets, as the kernel counts them, likewise the next */
	uint64_t sightings_memory;
	struct xeir_cutting cutting;
};

/* 0 or a negative errno after complain(). */
int map_usage_read(struct map_usage *usage);

#endif /* XEIR_HOST_MAP_USAGE_H */
