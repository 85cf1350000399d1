// SPDX-License-Identifier: GPL-2.0-only
#include "journal/list_change.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/say.h"

static int no_memory(void)
{
	complain("%s", strerror(ENOMEM));
	return -ENOMEM;
}

/*
 * A full list puts the entries of its order, all of them and in their order. So `puts` is the
 * order's array, without a copy, for as long as each entry is the next one of the order.
 */
static bool is_shared(const struct list_change *change, const struct entry *entry)
{
	return !change->puts_capacity && change->n_puts < change->n_shared &&
	       !memcmp(&change->puts[change->n_puts], entry, sizeof(*entry));
}

static int grow_puts(struct list_change *change)
{
	size_t n = change->n_puts, capacity = n ? n * 2 : 64;
	struct entry *own = change->puts_capacity ? change->puts : NULL;

	own = reallocarray(own, capacity, sizeof(*own));
	if (!own)
		return no_memory();
	if (!change->puts_capacity && n)
		memcpy(own, change->puts, n * sizeof(*own));
	change->puts = own;
	change->puts_capacity = capacity;
	return 0;
}

int list_change_put(struct list_change *change, const struct xeir_key *key,
		    const struct xeir_side *side)
{
	const struct entry entry = { *key, *side };
	int err;

	if (!is_shared(change, &entry)) {
		err = change->n_puts >= change->puts_capacity ? grow_puts(change) : 0;
		if (err)
			return err;
		change->puts[change->n_puts] = entry;
	}
	change->n_puts++;
	return 0;
}

int list_change_remove(struct list_change *change, const struct xeir_key *key)
{
	struct xeir_key *more;

	if (change->n_removes == change->removes_capacity) {
		change->removes_capacity =
			change->removes_capacity ? change->removes_capacity * 2 : 64;
		more = reallocarray(change->removes, change->removes_capacity, sizeof(*more));
		if (!more)
			return no_memory();
		change->removes = more;
	}
	change->removes[change->n_removes++] = *key;
	return 0;
}

void list_change_free(struct list_change *change)
{
	if (change->puts_capacity)
		free(change->puts);
	free(change->removes);
	*change = (struct list_change){};
}
