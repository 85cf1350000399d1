// SPDX-License-Identifier: GPL-2.0-only
#include "journal/chain_hash.h"

#include <endian.h>
#include <string.h>

static void hash_numbers(struct sha256_ctx *state, const int64_t *numbers, size_t n)
{
	uint64_t octets[CHAIN_NUMBERS];

	for (size_t i = 0; i < n; i++)
		octets[i] = htobe64(numbers[i]);
	sha256_update(state, n * sizeof(*octets), (const uint8_t *)octets);
}

static void hash_number(struct sha256_ctx *state, int64_t number)
{
	hash_numbers(state, &number, 1);
}

static void hash_octets(struct sha256_ctx *state, const void *octets, size_t len)
{
	hash_number(state, len);
	sha256_update(state, len, octets);
}

void chain_hash_row(struct sha256_ctx *state, const struct chain_row *row)
{
	hash_octets(state, row->key, row->len);
	hash_numbers(state, row->numbers, CHAIN_NUMBERS);
	if (row->text)
		hash_octets(state, row->text, strlen(row->text));
}

void chain_hash_record(const unsigned char previous[CHAIN_OCTETS], const struct record_row *row,
		       unsigned char hash[CHAIN_OCTETS])
{
	struct sha256_ctx state;

	sha256_init(&state);
	sha256_update(&state, CHAIN_OCTETS, previous);
	hash_number(&state, row->id);
	hash_number(&state, row->time);
	hash_octets(&state, row->actor, strlen(row->actor));
	hash_octets(&state, row->verb, strlen(row->verb));
	hash_number(&state, row->directive);
	hash_octets(&state, row->detail, strlen(row->detail));
	sha256_update(&state, CHAIN_OCTETS, row->content);
	sha256_digest(&state, CHAIN_OCTETS, hash);
}

void chain_hash_content(struct sha256_ctx streams[STREAMS], unsigned char content[CHAIN_OCTETS])
{
	unsigned char digest[CHAIN_OCTETS], empty[CHAIN_OCTETS];
	struct sha256_ctx state;

	sha256_init(&state);
	sha256_digest(&state, CHAIN_OCTETS, empty);
	for (size_t i = 0; i < STREAMS; i++) {
		sha256_digest(&streams[i], CHAIN_OCTETS, digest);
		if (i > STREAM_UNLISTED && !memcmp(digest, empty, sizeof(digest)))
			continue;
		if (i > STREAM_UNLISTED)
			hash_number(&state, i);
		sha256_update(&state, sizeof(digest), digest);
	}
	sha256_digest(&state, CHAIN_OCTETS, content);
}

void chain_hash_begin(struct sha256_ctx streams[STREAMS])
{
	for (size_t i = 0; i < STREAMS; i++)
		sha256_init(&streams[i]);
}
