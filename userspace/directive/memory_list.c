// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <xeir/list.h>

#include "directive/memory_list.h"
#include "directive/directive.h"
#include "lib/say.h"
#include "lib/sort.h"

int snapshot_of_file(const char *path, struct snapshot *snapshot)
{
	struct directive directive = {};
	int err = directive_read(path, DIRECTIVE_ANY, XEIR_ACTION_DROP, &directive);

	if (err)
		return err;
	/* the entries change hands: what the file removes was never in its list */
	snapshot->entries = directive.puts;
	snapshot->n = directive.n_puts;
	directive.puts = NULL;
	directive.n_puts = 0;
	directive_free(&directive);
	sort_by_key(snapshot->entries, snapshot->n, sizeof(*snapshot->entries));
	return 0;
}

int snapshot_add(const struct entry *entry, void *arg)
{
	struct snapshot *snapshot = arg;
	struct entry *more;

	if (snapshot->n == snapshot->room) {
		snapshot->room = snapshot->room ? snapshot->room * 2 : 1024;
		more = reallocarray(snapshot->entries, snapshot->room, sizeof(*more));
		if (!more) {
			complain("out of memory");
			return -ENOMEM;
		}
		snapshot->entries = more;
	}
	snapshot->entries[snapshot->n++] = *entry;
	return 0;
}

int snapshot_of(struct transport *t, struct snapshot *snapshot)
{
	int err = t->ops->walk(t, snapshot_add, snapshot);

	sort_by_key(snapshot->entries, snapshot->n, sizeof(*snapshot->entries));
	return err;
}

int snapshot_of_enforced(struct snapshot *snapshot)
{
	struct transport *transport = transport_open();
	int err;

	if (!transport)
		return -EIO;
	err = snapshot_of(transport, snapshot);
	transport->ops->close(transport);
	return err;
}

int snapshot_of_entries(const struct entry *entries, size_t n, struct snapshot *snapshot)
{
	int err = 0;

	for (size_t i = 0; i < n && !err; i++)
		err = snapshot_add(&entries[i], snapshot);
	sort_by_key(snapshot->entries, snapshot->n, sizeof(*snapshot->entries));
	return err;
}

int snapshot_of_keys(const struct xeir_key *keys, size_t n, struct snapshot *snapshot)
{
	int err = 0;

	for (size_t i = 0; i < n && !err; i++)
		err = snapshot_add(&(struct entry){ .key = keys[i] }, snapshot);
	sort_by_key(snapshot->entries, snapshot->n, sizeof(*snapshot->entries));
	return err;
}

void snapshot_narrow(struct snapshot *snapshot, const __u32 *directive)
{
	__u32 now = time(NULL);
	size_t n = 0;

	for (size_t i = 0; i < snapshot->n; i++) {
		const struct entry *entry = &snapshot->entries[i];

		if (entry->key.kind == XEIR_KIND_EXCEPTION || xeir_side_ended(&entry->side, now) ||
		    (directive && entry->side.directive != *directive))
			continue;
		snapshot->entries[n++] = *entry;
	}
	snapshot->n = n;
}

void snapshot_free(struct snapshot *snapshot)
{
	free(snapshot->entries);
}

const struct xeir_side *snapshot_side(const struct snapshot *snapshot, const struct xeir_key *key)
{
	const struct entry *found =
		bsearch(key, snapshot->entries, snapshot->n, sizeof(*found), key_order);

	return found ? &found->side : NULL;
}
