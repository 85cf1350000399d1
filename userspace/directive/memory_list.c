// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <xeir/list.h>

#include "directive/memory_list.h"
#include "directive/directive_read.h"
#include "lib/say.h"
#include "lib/sort.h"
#include "transport/transport_open.h"

int memory_list_of_file(const char *path, struct memory_list *list)
{
	struct directive directive = {};
	int err = directive_read(path, DIRECTIVE_ANY, XEIR_ACTION_DROP, &directive);

	if (err)
		return err;
	/* the entries are moved; what the file removes is not in its list */
	list->entries = directive.puts;
	list->n = directive.n_puts;
	directive.puts = NULL;
	directive.n_puts = 0;
	directive_free(&directive);
	sort_by_key(list->entries, list->n, sizeof(*list->entries));
	return 0;
}

int memory_list_add(const struct entry *entry, void *arg)
{
	struct memory_list *list = arg;
	struct entry *more;

	if (list->n == list->capacity) {
		list->capacity = list->capacity ? list->capacity * 2 : 1024;
		more = reallocarray(list->entries, list->capacity, sizeof(*more));
		if (!more) {
			complain("out of memory");
			return -ENOMEM;
		}
		list->entries = more;
	}
	list->entries[list->n++] = *entry;
	return 0;
}

int memory_list_of(struct transport *t, struct memory_list *list)
{
	int err = t->ops->iterate(t, memory_list_add, list);

	sort_by_key(list->entries, list->n, sizeof(*list->entries));
	return err;
}

int memory_list_of_enforced(struct memory_list *list)
{
	struct transport *transport = transport_open();
	int err;

	if (!transport)
		return -EIO;
	err = memory_list_of(transport, list);
	transport->ops->close(transport);
	return err;
}

int memory_list_of_entries(const struct entry *entries, size_t n, struct memory_list *list)
{
	int err = 0;

	for (size_t i = 0; i < n && !err; i++)
		err = memory_list_add(&entries[i], list);
	sort_by_key(list->entries, list->n, sizeof(*list->entries));
	return err;
}

int memory_list_of_keys(const struct xeir_key *keys, size_t n, struct memory_list *list)
{
	int err = 0;

	for (size_t i = 0; i < n && !err; i++)
		err = memory_list_add(&(struct entry){ .key = keys[i] }, list);
	sort_by_key(list->entries, list->n, sizeof(*list->entries));
	return err;
}

void memory_list_narrow(struct memory_list *list, const __u32 *directive)
{
	__u32 now = time(NULL);
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++) {
		const struct entry *entry = &list->entries[i];

		if (entry->key.kind == XEIR_KIND_EXCEPTION || xeir_side_ended(&entry->side, now) ||
		    (directive && entry->side.directive != *directive))
			continue;
		list->entries[n++] = *entry;
	}
	list->n = n;
}

void memory_list_free(struct memory_list *list)
{
	free(list->entries);
}

const struct xeir_side *memory_list_side(const struct memory_list *list, const struct xeir_key *key)
{
	const struct entry *found = bsearch(key, list->entries, list->n, sizeof(*found), key_order);

	return found ? &found->side : NULL;
}
