/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writes records. Each record covers, by its hash, the previous record and the rows that it added
 * and removed (chain_hash.h). Calls return 0 or a negative errno after complain().
 */
#ifndef XEIR_JOURNAL_CHAIN_H
#define XEIR_JOURNAL_CHAIN_H

#include <jansson.h>

#include "journal/chain_hash.h"
#include "journal/store.h"

/* A record that is being written, within a transaction. */
struct chain {
	struct store *store;
	int64_t record; /* its id, for `added` and `removed` of its rows */
	struct sha256_ctx streams[STREAMS];
};

int chain_begin(struct chain *chain, struct store *store);

/* The rows of a stream must come in the stream's order. */
void chain_add(struct chain *chain, enum stream stream, const struct chain_row *row);

/* Insert the record; @detail is borrowed. */
int chain_end(struct chain *chain, const char *verb, uint32_t directive, const json_t *detail);

/* A whole transaction with one record that has no rows. */
int chain_note(struct store *store, const char *verb, uint32_t directive, const json_t *detail);

/* Has nothing ever been ordered by this journal? 1, 0 or -errno. */
int chain_is_empty(struct store *store);

#endif /* XEIR_JOURNAL_CHAIN_H */
