/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Changes the rows of the listing, key by key, within one record. Calls return 0 or a negative
 * errno after complain(), unless said otherwise.
 */
#ifndef XEIR_JOURNAL_LEDGER_ROWS_H
#define XEIR_JOURNAL_LEDGER_ROWS_H

#include "journal/chain.h"
#include "journal/ledger_cursor.h"
#include "journal/list_change.h"

/* Rows that one statement inserts. */
#define LEDGER_ROWS_BATCH 64

/* A record that is being written, its rows, and what it changes of the enforced list. */
struct ledger_rows {
	struct store *store;
	struct chain chain;
	struct list_change *change;
	struct ledger_cursor cursor;
	sqlite3_stmt *insert, *insert_batch, *remove;
	uint32_t now;
	struct ledger_row *rows; /* the valid rows of the current key */
	size_t n, capacity;
	struct ledger_row pending[LEDGER_ROWS_BATCH]; /* not inserted yet */
	size_t n_pending;
};

/* ledger_rows_end() may be called also when begin failed, and on a structure of zeros. */
int ledger_rows_begin(struct ledger_rows *ledger, struct store *store, struct list_change *change);
void ledger_rows_end(struct ledger_rows *ledger);

/* Read the rows of @key, which becomes the current key. Keys come sorted. */
int ledger_rows_read(struct ledger_rows *ledger, const struct xeir_key *key);

/*
 * Of the current key, unlist the rows for which @drops returns true, and list @adds, which are
 * sorted by directive and origin. A row that is dropped and added again unchanged stays valid.
 */
int ledger_rows_change(struct ledger_rows *ledger, const struct xeir_key *key,
		       bool (*drops)(const struct ledger_row *row, const void *arg),
		       const void *arg, const struct ledger_row *adds, size_t n);

/* Read a key and change it. */
int ledger_rows_change_key(struct ledger_rows *ledger, const struct xeir_key *key,
			   bool (*drops)(const struct ledger_row *row, const void *arg),
			   const void *arg, const struct ledger_row *adds, size_t n);

/* Is @side what is enforced for the current key? */
bool ledger_rows_enforces(const struct ledger_rows *ledger, const struct xeir_side *side);

/* The next listed key after those that were read: 1; 0: there is none; or a negative errno. */
int ledger_rows_next_key(struct ledger_rows *ledger, struct xeir_key *key);

/* Write the record, after all its rows; the counts of the change are added to its detail. */
int ledger_rows_record(struct ledger_rows *ledger, const char *verb, uint32_t directive,
		       const json_t *order_detail);

/* Which of two rows of a key, none of them expired, is enforced. */
const struct ledger_row *ledger_rows_winner(const struct ledger_row *a, const struct ledger_row *b);

#endif /* XEIR_JOURNAL_LEDGER_ROWS_H */
