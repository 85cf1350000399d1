/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rows of the listing that hold, one key after another. It reads on while keys come in order,
 * and seeks where the next one is far: a file of millions takes one pass, one number takes one row.
 *
 * Rows may be written behind it. Calls return 0 or a negative errno after complain().
 */
#ifndef XEIR_JOURNAL_LEDGER_CURSOR_H
#define XEIR_JOURNAL_LEDGER_CURSOR_H

#include "journal/ledger.h"

/* Somebody lists a key. */
struct ledger_row {
	struct xeir_key key;
	struct xeir_side side;
	enum origin origin;
	int64_t added;
};

struct ledger_cursor {
	struct store *store;
	sqlite3_stmt *select;
	struct xeir_key from; /* rows of lesser keys are behind it */
	struct ledger_row row; /* the one it stands at */
	bool at_row, sought;
};

int ledger_cursor_open(struct ledger_cursor *cursor, struct store *store);
void ledger_cursor_close(struct ledger_cursor *cursor);

/* To the first row of @key or of what follows it. */
int ledger_cursor_seek(struct ledger_cursor *cursor, const struct xeir_key *key);

/* Must what was written be there to be read for this key? */
bool ledger_cursor_turns_back(const struct ledger_cursor *cursor, const struct xeir_key *key);

/* From the row that it stands at to the next. */
int ledger_cursor_step(struct ledger_cursor *cursor);

#endif /* XEIR_JOURNAL_LEDGER_CURSOR_H */
