/* SPDX-License-Identifier: GPL-2.0-only */
/* What the programs count apart from rules: messages by interface, and hits by entry. */
#ifndef XEIR_SESSION_TRAFFIC_H
#define XEIR_SESSION_TRAFFIC_H

#include <stdbool.h>
#include <stddef.h>
#include <xeir/maps.h>

struct traffic {
	struct xeir_traffic_key key;
	struct xeir_traffic values;	/* summed over CPUs */
};

/* All of it, sorted by key; free(*traffic). 0 or a negative errno after complain(). */
int traffic_read(struct traffic **traffic, size_t *n);

/* The pinned hits; -errno after complain(). */
int traffic_hits_open(void);

/* The hits of the entry of @key; false: none are recorded. */
bool traffic_hits_of(int hits, const struct xeir_key *key, struct xeir_hits *of);

#endif /* XEIR_SESSION_TRAFFIC_H */
