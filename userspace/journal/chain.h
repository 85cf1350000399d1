/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Records, each covering by its hash the one before, and by `content` the rows that it added and
 * removed. 0 or a negative errno after complain(), unless said otherwise.
 *
 *   content  SHA-256 over the digests of the streams, each of its rows in the order of their
 *            key; those behind STREAM_UNLISTED count, with their number before, where they
 *            have rows, so that a record from before them has the digest that it had
 *   hash     SHA-256 over the former hash (32 zeros at first) and the record's columns up to
 *            content
 *
 *
 * A number is hashed as 8 octets, big-endian; anything else with its length before it.
 */
#ifndef XEIR_JOURNAL_CHAIN_H
#define XEIR_JOURNAL_CHAIN_H

#include <jansson.h>
#include <nettle/sha2.h>
#include <stdint.h>

#include "journal/store.h"

#define CHAIN_OCTETS SHA256_DIGEST_SIZE
#define CHAIN_NUMBERS 4

/* Rows that a record's content covers. */
enum stream {
	STREAM_LISTED, /* listing: key, directive, origin, action, until; by key ... origin */
	STREAM_UNLISTED, /* listing: key, directive, origin, added; by all of them */
	STREAM_NUMBERED, /* number: msisdn, directive, state, due, date, why; by the first three */
	STREAM_UNNUMBERED, /* number: msisdn, directive, added, state; by all of them */
	STREAM_LINKED, /* link: msisdn, directive, imsi and imei in hex; by all of them */
	STREAM_UNLINKED, /* likewise */
	STREAMS,
};

/* A record in the making, within a transaction. */
struct chain {
	struct store *store;
	int64_t record; /* its id, for `added` and `removed` of its rows */
	struct sha256_ctx streams[STREAMS];
};

/* What of a row is hashed. */
struct chain_row {
	const void *key;
	size_t len;
	int64_t numbers[CHAIN_NUMBERS]; /* the columns behind the key */
	const char *text; /* a last column, or NULL */
};

int chain_begin(struct chain *chain, struct store *store);

/* Rows of a stream come in its order. */
void chain_add(struct chain *chain, enum stream stream, const struct chain_row *row);

/* The record itself; @detail is borrowed. */
int chain_end(struct chain *chain, const char *verb, uint32_t directive, const json_t *detail);

/* A record without rows, in a transaction of its own. */
int chain_note(struct store *store, const char *verb, uint32_t directive, const json_t *detail);

/* What is wrong with the whole of it: @found is called for each. The number of faults, or -errno.
 */
int64_t chain_verify(struct store *store, void (*found)(const char *fault, void *arg), void *arg);

#endif /* XEIR_JOURNAL_CHAIN_H */
