/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A list held in memory, of a file or of what is enforced, to judge by. Calls
 * return 0 or a negative errno after complain().
 */
#ifndef XEIR_DIRECTIVE_MEMORY_LIST_H
#define XEIR_DIRECTIVE_MEMORY_LIST_H

#include <stddef.h>

#include "transport/transport.h"

struct snapshot {
	struct entry *entries;	/* sorted by key */
	size_t n;
	size_t room;
};

/* -EINVAL: the file is faulty. */
int snapshot_of_file(const char *path, struct snapshot *snapshot);
int snapshot_of_enforced(struct snapshot *snapshot);
int snapshot_of(struct transport *t, struct snapshot *snapshot);
/* Copies; of keys the sides are zeros. */
int snapshot_of_entries(const struct entry *entries, size_t n, struct snapshot *snapshot);
int snapshot_of_keys(const struct xeir_key *keys, size_t n, struct snapshot *snapshot);
/* One more to @snapshot, as a walk has them; who adds sees to it that they are sorted. */
int snapshot_add(const struct entry *entry, void *snapshot);
void snapshot_free(struct snapshot *snapshot);

/* Keep what is in force now, of one directive or (NULL) of all; exceptions list nobody. */
void snapshot_narrow(struct snapshot *snapshot, const __u32 *directive);

/* NULL: not listed. */
const struct xeir_side *snapshot_side(const struct snapshot *snapshot, const struct xeir_key *key);

#endif /* XEIR_DIRECTIVE_MEMORY_LIST_H */
