/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads the valid rows of the listing (removed = 0) in the order of their keys. It reads on while
 * the next key is near, and seeks where it is far: a file of millions takes one pass, one number
 * takes one row.
 *
 * Rows that it has passed may be written meanwhile. Calls return 0 or a negative errno after
 * complain().
 */
#ifndef XEIR_JOURNAL_LEDGER_CURSOR_H
#define XEIR_JOURNAL_LEDGER_CURSOR_H

#include <stdint.h>
#include <xeir/list.h>

#include "journal/store.h"

/* Who lists a key. */
enum origin {
	ORIGIN_ORDER, /* a file, or a command that named it */
	ORIGIN_REGISTER, /* the register of numbers */
};

/* A row of `listing`. */
struct ledger_row {
	struct xeir_key key;
	struct xeir_side side;
	enum origin origin;
	int64_t added;
};

struct ledger_cursor {
	struct store *store;
	sqlite3_stmt *select;
	struct xeir_key from; /* rows of smaller keys are passed */
	struct ledger_row row; /* the current one */
	bool at_row, sought;
};

int ledger_cursor_open(struct ledger_cursor *cursor, struct store *store);
void ledger_cursor_close(struct ledger_cursor *cursor);

/* Go to the first row of @key, or of the next key. */
int ledger_cursor_seek(struct ledger_cursor *cursor, const struct xeir_key *key);

/* Is @key not after the last one? Then what was written must be visible before it is read. */
bool ledger_cursor_turns_back(const struct ledger_cursor *cursor, const struct xeir_key *key);

/* Go to the next row. */
int ledger_cursor_step(struct ledger_cursor *cursor);

#endif /* XEIR_JOURNAL_LEDGER_CURSOR_H */
