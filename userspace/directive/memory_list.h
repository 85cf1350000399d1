/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A list in memory, from a file or of what is enforced. Calls return 0 or a
 * negative errno after complain().
 */
#ifndef XEIR_DIRECTIVE_MEMORY_LIST_H
#define XEIR_DIRECTIVE_MEMORY_LIST_H

#include <stddef.h>

#include "transport/transport.h"

struct memory_list {
	struct entry *entries;	/* sorted by key */
	size_t n;
	size_t capacity;
};

/* -EINVAL: the file is faulty. */
int memory_list_of_file(const char *path, struct memory_list *list);
int memory_list_of_enforced(struct memory_list *list);
int memory_list_of(struct transport *t, struct memory_list *list);
/* Copies; of keys the sides are zeros. */
int memory_list_of_entries(const struct entry *entries, size_t n, struct memory_list *list);
int memory_list_of_keys(const struct xeir_key *keys, size_t n, struct memory_list *list);
/* Add one to @list, as a callback of an iteration; the caller keeps it sorted. */
int memory_list_add(const struct entry *entry, void *list);
void memory_list_free(struct memory_list *list);

/* Keep what is enforced now, of one directive or (NULL) of all, without exceptions. */
void memory_list_narrow(struct memory_list *list, const __u32 *directive);

/* NULL: not listed. */
const struct xeir_side *memory_list_side(const struct memory_list *list,
					 const struct xeir_key *key);

#endif /* XEIR_DIRECTIVE_MEMORY_LIST_H */
