// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include "rows.h"

static int grow(struct rows *rows)
{
	size_t room = rows->keys.room;
	struct entry *entries = reallocarray(rows->entries, room, sizeof(*entries));
	unsigned int *lines = reallocarray(rows->lines, room, sizeof(*lines));

	if (entries)
		rows->entries = entries;
	if (lines)
		rows->lines = lines;
	if (!entries || !lines)
		return -ENOMEM;
	rows->room = room;
	return 0;
}

ssize_t rows_add(struct rows *rows, const struct entry *entry, unsigned int line)
{
	size_t n = rows->keys.n;
	ssize_t at = keys_add(&rows->keys, &entry->key);

	if (at < 0 || (rows->room < rows->keys.room && grow(rows)))
		return -1;
	if ((size_t)at == n) {
		rows->entries[at] = *entry;
		rows->lines[at] = line;
	}
	return at;
}

int rows_finish(struct rows *rows, struct directive *directive)
{
	size_t n_removes = 0;

	for (size_t i = 0; i < rows->keys.n; i++)
		n_removes += rows->entries[i].side.action == XEIR_ACTION_PASS;
	if (n_removes) {
		directive->removes = calloc(n_removes, sizeof(*directive->removes));
		if (!directive->removes)
			return -ENOMEM;
	}
	directive->puts = rows->entries;
	rows->entries = NULL;
	for (size_t i = 0; i < rows->keys.n; i++) {
		struct entry *entry = &directive->puts[i];

		if (entry->side.action == XEIR_ACTION_PASS)
			directive->removes[directive->n_removes++] = entry->key;
		else
			directive->puts[directive->n_puts++] = *entry;
	}
	return 0;
}

void rows_free(struct rows *rows)
{
	keys_free(&rows->keys);
	free(rows->entries);
	free(rows->lines);
}
