/* SPDX-License-Identifier: GPL-2.0-only */
/* Sums of sessions, sightings and different MSISDNs, by a name such as an APN. */
#ifndef XEIR_SESSION_GROUP_SUMS_H
#define XEIR_SESSION_GROUP_SUMS_H

#include <jansson.h>
#include <stddef.h>

#include "lib/key_set.h"

#define GROUP_TEXT 32

struct group_sum {
	char name[GROUP_TEXT];
	size_t sessions;
	size_t sightings;
	size_t numbers;		/* MSISDNs, each once */
};

struct group_sums {
	struct group_sum *all;
	size_t n, capacity;
	json_t *index;		/* name to index; its hash is seeded against flooding */
	struct key_set numbers;	/* seen, each with its group */
};

/* The group of this name, with zeros when it is new; NULL: no memory. */
struct group_sum *group_sums_at(struct group_sums *groups, const char *name);

/* Count an MSISDN, as in keys, once for the group; 0 or -ENOMEM. */
int group_sums_add_msisdn(struct group_sums *groups, struct group_sum *group, const __u8 *msisdn);

/* Those with most sessions first, then with most sightings. No name is found behind this. */
void group_sums_sort(struct group_sums *groups);

void group_sums_free(struct group_sums *groups);

#endif /* XEIR_SESSION_GROUP_SUMS_H */
