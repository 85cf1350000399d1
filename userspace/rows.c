// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "rows.h"

#define ROOM_MIN 1024

static uint64_t hash(const struct xeir_key *key)
{
	uint64_t word;

	memcpy(&word, key, sizeof(word));
	word *= 0x9e3779b97f4a7c15ull;	/* 2^64 over the golden ratio: its high bits are well mixed */
	return word >> 32;
}

/* The slot that holds @key, or the free one where it belongs. */
static uint32_t *find(struct rows *rows, const struct xeir_key *key)
{
	size_t at = hash(key);

	for (;; at++) {
		uint32_t *slot = &rows->slots[at & (rows->n_slots - 1)];

		if (!*slot || !memcmp(&rows->entries[*slot - 1].key, key, sizeof(*key)))
			return slot;
	}
}

static int grow(struct rows *rows)
{
	size_t room = rows->room ? rows->room * 2 : ROOM_MIN;
	struct entry *entries = reallocarray(rows->entries, room, sizeof(*entries));
	unsigned int *lines = reallocarray(rows->lines, room, sizeof(*lines));
	uint32_t *slots = calloc(room * 2, sizeof(*slots));

	if (entries)
		rows->entries = entries;
	if (lines)
		rows->lines = lines;
	if (!entries || !lines || !slots) {
		free(slots);
		return -ENOMEM;
	}
	free(rows->slots);
	rows->slots = slots;
	rows->n_slots = room * 2;
	rows->room = room;
	for (size_t i = 0; i < rows->n; i++)
		*find(rows, &rows->entries[i].key) = i + 1;
	return 0;
}

ssize_t rows_add(struct rows *rows, const struct entry *entry, unsigned int line)
{
	uint32_t *slot;

	if (rows->n == rows->room && grow(rows))
		return -1;
	slot = find(rows, &entry->key);
	if (*slot)
		return *slot - 1;
	rows->entries[rows->n] = *entry;
	rows->lines[rows->n] = line;
	*slot = ++rows->n;
	return *slot - 1;
}

int rows_finish(struct rows *rows, struct directive *directive)
{
	size_t n_removes = 0;

	for (size_t i = 0; i < rows->n; i++)
		n_removes += rows->entries[i].side.action == XEIR_ACTION_PASS;
	if (n_removes) {
		directive->removes = calloc(n_removes, sizeof(*directive->removes));
		if (!directive->removes)
			return -ENOMEM;
	}
	directive->puts = rows->entries;
	rows->entries = NULL;
	for (size_t i = 0; i < rows->n; i++) {
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
	free(rows->entries);
	free(rows->lines);
	free(rows->slots);
}
