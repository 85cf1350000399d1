// SPDX-License-Identifier: GPL-2.0-only
#include "chain_hash.h"

#include <endian.h>
#include <string.h>

typedef crypto_hash_sha256_state sha256;

static void hash_numbers(sha256 *state, const int64_t *numbers, size_t n)
{
	uint64_t octets[CHAIN_NUMBERS];

	for (size_t i = 0; i < n; i++)
		octets[i] = htobe64(numbers[i]);
	crypto_hash_sha256_update(state, (const unsigned char *)octets, n * sizeof(*octets));
}

static void hash_number(sha256 *state, int64_t number)
{
	hash_numbers(state, &number, 1);
}

static void hash_octets(sha256 *state, const void *octets, size_t len)
{
	hash_number(state, len);
	crypto_hash_sha256_update(state, octets, len);
}

void chain_hash_row(sha256 *state, const struct chain_row *row)
{
	hash_octets(state, row->key, row->len);
	hash_numbers(state, row->numbers, CHAIN_NUMBERS);
	if (row->text)
		hash_octets(state, row->text, strlen(row->text));
}

void chain_hash_record(const unsigned char former[CHAIN_OCTETS], const struct record_row *row,
		       unsigned char hash[CHAIN_OCTETS])
{
	sha256 state;

	crypto_hash_sha256_init(&state);
	crypto_hash_sha256_update(&state, former, CHAIN_OCTETS);
	hash_number(&state, row->id);
	hash_number(&state, row->time);
	hash_octets(&state, row->who, strlen(row->who));
	hash_octets(&state, row->verb, strlen(row->verb));
	hash_number(&state, row->directive);
	hash_octets(&state, row->detail, strlen(row->detail));
	crypto_hash_sha256_update(&state, row->content, CHAIN_OCTETS);
	crypto_hash_sha256_final(&state, hash);
}

void chain_hash_content(sha256 streams[STREAMS], unsigned char content[CHAIN_OCTETS])
{
	unsigned char digest[CHAIN_OCTETS], empty[CHAIN_OCTETS];
	sha256 state;

	crypto_hash_sha256(empty, NULL, 0);
	crypto_hash_sha256_init(&state);
	for (size_t i = 0; i < STREAMS; i++) {
		crypto_hash_sha256_final(&streams[i], digest);
		if (i > STREAM_UNLISTED && !memcmp(digest, empty, sizeof(digest)))
			continue;
		if (i > STREAM_UNLISTED)
			hash_number(&state, i);
		crypto_hash_sha256_update(&state, digest, sizeof(digest));
	}
	crypto_hash_sha256_final(&state, content);
}

void chain_hash_begin(sha256 streams[STREAMS])
{
	for (size_t i = 0; i < STREAMS; i++)
		crypto_hash_sha256_init(&streams[i]);
}
