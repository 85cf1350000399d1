/* SPDX-License-Identifier: GPL-2.0-only */
/* The rows of one key in the journal, and what a record makes of them. */
#ifndef XEIR_JOURNAL_LEDGER_ROWS_H
#define XEIR_JOURNAL_LEDGER_ROWS_H

#include "journal/ledger_cursor.h"

/* Rows that one statement inserts. */
#define LEDGER_BATCH 64

/* A change in the making. */
struct ledger {
	struct store *store;
	struct chain chain;
	struct change *change;
	struct cursor cursor;
	sqlite3_stmt *insert, *insert_batch, *remove;
	uint32_t now;
	struct row *rows; /* of the key in hand, which hold */
	size_t n, room;
	struct row pending[LEDGER_BATCH]; /* to be inserted yet */
	size_t n_pending;
};

/* Whatever becomes of it, ledger_end() frees a ledger that was all zero before. */
int ledger_begin(struct ledger *ledger, struct store *store, struct change *change);
void ledger_end(struct ledger *ledger);

/* Take a key in hand. Keys come sorted. */
int ledger_read(struct ledger *ledger, const struct xeir_key *key);

/*
 * Unlist the rows of the key in hand that @drops says, list @adds, in the order of directive and
 * origin. A row that would come back as it is stays.
 */
int ledger_change(struct ledger *ledger, const struct xeir_key *key,
		  bool (*drops)(const struct row *row, const void *arg), const void *arg,
		  const struct row *adds, size_t n);

/* Both. */
int ledger_key(struct ledger *ledger, const struct xeir_key *key,
	       bool (*drops)(const struct row *row, const void *arg), const void *arg,
	       const struct row *adds, size_t n);

/* Is that what is enforced of the key in hand? */
bool ledger_enforces(const struct ledger *ledger, const struct xeir_side *side);

/* The next key that is listed, behind those that came. 1, 0: there is none, or a negative errno. */
int ledger_next(struct ledger *ledger, struct xeir_key *key);

/* The record, once all its rows are written. */
int ledger_record(struct ledger *ledger, const struct order *order);

/* Of two rows of a key that have not ended, the one that is enforced. */
const struct row *ledger_winner(const struct row *a, const struct row *b);

/* As long as its kind asks for; empty where it is none. The key stays the caller's. */
int ledger_bind_key(sqlite3_stmt *statement, int column, const struct xeir_key *key);

/* A column's key; zeros where it is none. */
struct xeir_key ledger_column_key(sqlite3_stmt *statement, int column);

#endif /* XEIR_JOURNAL_LEDGER_ROWS_H */
