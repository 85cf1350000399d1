/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a record's hashes cover, for the code that writes records and the code that verifies them.
 *
 *   content  SHA-256 over the digests of the streams. A stream has the rows of one table that the
 *            record added or removed, sorted by their key. Streams after STREAM_UNLISTED count
 *            only where they have rows, with their number before their digest: records older than
 *            these streams keep the digest that they had
 *   hash     SHA-256 over the previous record's hash (32 zeros for the first record) and this
 *            record's columns up to content
 *
 * A number is hashed as 8 octets, big-endian; anything else with its length before it.
 */
#ifndef XEIR_JOURNAL_CHAIN_HASH_H
#define XEIR_JOURNAL_CHAIN_HASH_H

#include <nettle/sha2.h>
#include <stdint.h>

#define CHAIN_OCTETS SHA256_DIGEST_SIZE
#define CHAIN_NUMBERS 4

/* The columns that are hashed of each row, and after the semicolon those that sort it. */
enum stream {
	STREAM_LISTED, /* listing: key, directive, origin, action, until; by key ... origin */
	STREAM_UNLISTED, /* listing: key, directive, origin, added; by all of them */
	STREAM_NUMBERED, /* number: msisdn, directive, state, due, date, why; by the first three */
	STREAM_UNNUMBERED, /* number: msisdn, directive, added, state; by all of them */
	STREAM_LINKED, /* link: msisdn, directive, imsi and imei in hex; by all of them */
	STREAM_UNLINKED, /* as STREAM_LINKED */
	STREAMS,
};

/* The part of a row that is hashed. */
struct chain_row {
	const void *key;
	size_t len;
	int64_t numbers[CHAIN_NUMBERS]; /* the columns after the key */
	const char *text; /* a last column, or NULL */
};

/* A record's columns, as they are hashed and stored. */
struct record_row {
	int64_t id, time, directive;
	const char *actor, *verb, *detail;
	unsigned char content[CHAIN_OCTETS];
};

void chain_hash_begin(struct sha256_ctx streams[STREAMS]);
void chain_hash_row(struct sha256_ctx *stream, const struct chain_row *row);

/* Ends the streams. */
void chain_hash_content(struct sha256_ctx streams[STREAMS], unsigned char content[CHAIN_OCTETS]);

void chain_hash_record(const unsigned char previous[CHAIN_OCTETS], const struct record_row *row,
		       unsigned char hash[CHAIN_OCTETS]);

#endif /* XEIR_JOURNAL_CHAIN_HASH_H */
