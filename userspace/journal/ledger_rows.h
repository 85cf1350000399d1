/* SPDX-License-Identifier: GPL-2.0-only */
/* The rows of one key in the journal, and what a record makes of them. */
#ifndef XEIR_JOURNAL_LEDGER_ROWS_H
#define XEIR_JOURNAL_LEDGER_ROWS_H

#include "journal/ledger_cursor.h"

/* Rows that one statement inserts. */
#define LEDGER_ROWS_BATCH 64

/* A change in the making. */
struct ledger_rows {
	struct store *store;
	struct chain chain;
	struct list_change *change;
	struct ledger_cursor cursor;
	sqlite3_stmt *insert, *insert_batch, *remove;
	uint32_t now;
	struct ledger_row *rows; /* of the key in hand, which hold */
	size_t n, room;
	struct ledger_row pending[LEDGER_ROWS_BATCH]; /* to be inserted yet */
	size_t n_pending;
};

/* Whatever becomes of it, ledger_rows_end() frees a ledger that was all zero before. */
int ledger_rows_begin(struct ledger_rows *ledger, struct store *store, struct list_change *change);
void ledger_rows_end(struct ledger_rows *ledger);

/* Take a key in hand. Keys come sorted. */
int ledger_rows_read(struct ledger_rows *ledger, const struct xeir_key *key);

/*
 * Unlist the rows of the key in hand that @drops says, list @adds, in the order of directive and
 * origin. A row that would come back as it is stays.
 */
int ledger_rows_change(struct ledger_rows *ledger, const struct xeir_key *key,
		       bool (*drops)(const struct ledger_row *row, const void *arg),
		       const void *arg, const struct ledger_row *adds, size_t n);

/* Both. */
int ledger_rows_change_key(struct ledger_rows *ledger, const struct xeir_key *key,
			   bool (*drops)(const struct ledger_row *row, const void *arg),
			   const void *arg, const struct ledger_row *adds, size_t n);

/* Is that what is enforced of the key in hand? */
bool ledger_rows_enforces(const struct ledger_rows *ledger, const struct xeir_side *side);

/* The next key that is listed, behind those that came. 1, 0: there is none, or a negative errno. */
int ledger_rows_next_key(struct ledger_rows *ledger, struct xeir_key *key);

/* The record, once all its rows are written. */
int ledger_rows_record(struct ledger_rows *ledger, const struct order *order);

/* Of two rows of a key that have not ended, the one that is enforced. */
const struct ledger_row *ledger_rows_winner(const struct ledger_row *a, const struct ledger_row *b);

/* As long as its kind asks for; empty where it is none. The key stays the caller's. */
int key_column_bind(sqlite3_stmt *statement, int column, const struct xeir_key *key);

/* A column's key; zeros where it is none. */
struct xeir_key key_column_read(sqlite3_stmt *statement, int column);

#endif /* XEIR_JOURNAL_LEDGER_ROWS_H */
