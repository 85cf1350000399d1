// SPDX-License-Identifier: GPL-2.0-only
#include <endian.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "lib/key_set.h"

#define CAPACITY_MIN 1024

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

static const struct xeir_key *key_at(const struct key_set *keys, size_t i, size_t size)
{
	return (const void *)((const char *)keys->all + i * size);
}

/*
 * The slot of @key, by its @hash, or the free one where it belongs. The low bits of the hash
 * select a slot, and those above the element's number tell other keys apart without a look at
 * them, which would be a cache miss for each.
 */
static uint32_t *find(const struct key_set *keys, const struct xeir_key *key, uint32_t hash,
		      size_t size)
{
	uint32_t mask = keys->n_slots - 1;

	for (uint32_t at = hash;; at++) {
		uint32_t *slot = &keys->slots[at & mask];

		if (!*slot || (!((*slot ^ hash) & ~mask) &&
			       !memcmp(key_at(keys, (*slot & mask) - 1, size), key, sizeof(*key))))
			return slot;
	}
}

static void fill(const struct key_set *keys, uint32_t *slot, uint32_t hash, uint32_t number)
{
	*slot = (hash & ~(uint32_t)(keys->n_slots - 1)) | number;
}

static int grow(struct key_set *keys, size_t size)
{
	size_t capacity = keys->capacity ? keys->capacity * 2 : CAPACITY_MIN;
	void *all = reallocarray(keys->all, capacity, size);

	if (!all)
		return -ENOMEM;
	keys->all = all;
	keys->capacity = capacity;
	return 0;
}

static int make_slots(struct key_set *keys, size_t size)
{
	uint32_t *slots = calloc(keys->capacity * 2, sizeof(*slots));

	if (!slots)
		return -ENOMEM;
	free(keys->slots);
	keys->slots = slots;
	keys->n_slots = keys->capacity * 2;
	for (size_t i = 0; i < keys->n; i++) {
		const struct xeir_key *key = key_at(keys, i, size);
		uint32_t of_key = hash(key);

		fill(keys, find(keys, key, of_key, size), of_key, i + 1);
	}
	return 0;
}

/* Half an octet is a digit, the low half the first. */
static uint64_t digits_of(const struct xeir_key *key, size_t word)
{
	const uint64_t low = 0x0f0f0f0f0f0f0f0full;
	uint64_t octets;

	memcpy(&octets, (const char *)key + word * sizeof(octets), sizeof(octets));
	octets = be64toh(octets);
	return (octets & low) << 4 | (octets >> 4 & low);
}

/* After the last by its digits, as in a sorted file: such a key is new. */
static bool is_behind(const struct key_set *keys, const struct xeir_key *key, size_t size)
{
	const struct xeir_key *last = keys->n ? key_at(keys, keys->n - 1, size) : NULL;

	if (!last || digits_of(last, 0) != digits_of(key, 0))
		return !last || digits_of(last, 0) < digits_of(key, 0);
	return digits_of(last, 1) < digits_of(key, 1);
}

static size_t append(struct key_set *keys, const void *element, size_t size)
{
	memcpy((char *)keys->all + keys->n * size, element, size);
	return keys->n++;
}

ssize_t key_set_add(struct key_set *keys, const void *element, size_t size)
{
	uint32_t of_key, *slot;

	if (keys->n == keys->capacity && grow(keys, size))
		return -1;
	if (!keys->slots && is_behind(keys, element, size))
		return append(keys, element, size);
	if (keys->n_slots < keys->capacity * 2 && make_slots(keys, size))
		return -1;
	of_key = hash(element);
	slot = find(keys, element, of_key, size);
	if (!*slot)
		fill(keys, slot, of_key, append(keys, element, size) + 1);
	return (*slot & (keys->n_slots - 1)) - 1;
}

void key_set_free(struct key_set *keys)
{
	free(keys->all);
	free(keys->slots);
	memset(keys, 0, sizeof(*keys));
}
