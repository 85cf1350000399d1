// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "keys.h"

#define ROOM_MIN 1024

static uint32_t hash(const struct xeir_key *key)
{
	uint64_t words[2], word;

	memcpy(words, key, sizeof(words));
	word = words[0] ^ (words[1] << 32 | words[1] >> 32);
	/* by 2^64 over the golden ratio, twice: the last digits stand in the top octet at first */
	word *= 0x9e3779b97f4a7c15ull;
	word ^= word >> 32;
	word *= 0x9e3779b97f4a7c15ull;
	return word >> 32;
}

/*
 * The slot of @key, by its @hash, or the free one where it belongs. Of the hash the low bits say
 * where a slot is, and those that the number leaves over tell other keys apart without a look at
 * them, which would be a cache miss for each.
 */
static uint32_t *find(const struct keys *keys, const struct xeir_key *key, uint32_t hash)
{
	uint32_t number = keys->n_slots - 1;

	for (uint32_t at = hash;; at++) {
		uint32_t *slot = &keys->slots[at & number];

		if (!*slot || (!((*slot ^ hash) & ~number) &&
			       !memcmp(&keys->all[(*slot & number) - 1], key, sizeof(*key))))
			return slot;
	}
}

static void fill(const struct keys *keys, uint32_t *slot, uint32_t hash, uint32_t number)
{
	*slot = (hash & ~(uint32_t)(keys->n_slots - 1)) | number;
}

static int grow(struct keys *keys)
{
	size_t room = keys->room ? keys->room * 2 : ROOM_MIN;
	struct xeir_key *all = reallocarray(keys->all, room, sizeof(*all));
	uint32_t *slots = calloc(room * 2, sizeof(*slots));

	if (all)
		keys->all = all;
	if (!all || !slots) {
		free(slots);
		return -ENOMEM;
	}
	free(keys->slots);
	keys->slots = slots;
	keys->n_slots = room * 2;
	keys->room = room;
	for (size_t i = 0; i < keys->n; i++) {
		uint32_t of_key = hash(&all[i]);

		fill(keys, find(keys, &all[i], of_key), of_key, i + 1);
	}
	return 0;
}

ssize_t keys_add(struct keys *keys, const struct xeir_key *key)
{
	uint32_t of_key = hash(key), *slot;

	if (keys->n == keys->room && grow(keys))
		return -1;
	slot = find(keys, key, of_key);
	if (!*slot) {
		keys->all[keys->n] = *key;
		fill(keys, slot, of_key, ++keys->n);
	}
	return (*slot & (keys->n_slots - 1)) - 1;
}

void keys_free(struct keys *keys)
{
	free(keys->all);
	free(keys->slots);
	memset(keys, 0, sizeof(*keys));
}
