// SPDX-License-Identifier: GPL-2.0-only
#include "journal/ledger_cursor.h"

#include <errno.h>

#include "journal/key_column.h"
#include "lib/sort.h"

/* To seek takes about as long as so many steps. */
#define STEPS_PER_SEEK 8

int ledger_cursor_open(struct ledger_cursor *cursor, struct store *store)
{
	cursor->store = store;
	cursor->select = store_prepare(store, "SELECT key, directive, origin, added, action, until"
					      " FROM listing WHERE key >= ? AND removed = 0 "
					      "ORDER BY key, directive, origin, added");
	return cursor->select ? 0 : -EIO;
}

void ledger_cursor_close(struct ledger_cursor *cursor)
{
	sqlite3_finalize(cursor->select);
}

int ledger_cursor_step(struct ledger_cursor *cursor)
{
	sqlite3_stmt *s = cursor->select;
	int more = store_step(cursor->store, s);

	cursor->at_row = more > 0;
	if (more > 0)
		cursor->row = (struct ledger_row){
			.key = key_column_read(s, 0),
			.side.directive = sqlite3_column_int64(s, 1),
			.origin = sqlite3_column_int(s, 2),
			.added = sqlite3_column_int64(s, 3),
			.side.action = sqlite3_column_int(s, 4),
			.side.expiry = sqlite3_column_int64(s, 5),
		};
	return more < 0 ? more : 0;
}

bool ledger_cursor_turns_back(const struct ledger_cursor *cursor, const struct xeir_key *key)
{
	return cursor->sought && key_order(key, &cursor->from) <= 0;
}

static bool is_before(const struct ledger_cursor *cursor, const struct xeir_key *key)
{
	return cursor->at_row && key_order(&cursor->row.key, key) < 0;
}

int ledger_cursor_seek(struct ledger_cursor *cursor, const struct xeir_key *key)
{
	bool seeks = !cursor->sought || ledger_cursor_turns_back(cursor, key);
	int err = 0;

	for (int i = 0; i < STEPS_PER_SEEK && !seeks && !err && is_before(cursor, key); i++)
		err = ledger_cursor_step(cursor);
	if (err || (!seeks && !is_before(cursor, key))) {
		cursor->from = *key;
		return err;
	}
	cursor->from = *key;
	cursor->sought = true;
	sqlite3_reset(cursor->select);
	key_column_bind(cursor->select, 1, &cursor->from);
	return ledger_cursor_step(cursor);
}
