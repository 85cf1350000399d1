// SPDX-License-Identifier: GPL-2.0-only
#include "journal/ledger_rows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <xeir/list.h>

#include "journal/key_column.h"
#include "lib/say.h"
#include "lib/sort.h"

#define INSERT "INSERT INTO listing (key, directive, origin, added, removed, action, until) VALUES"
#define VALUES " (?, ?, ?, ?, 0, ?, ?)"

/* One statement for each row would take twice as long. */
static sqlite3_stmt *prepare_batch(struct store *store)
{
	char sql[sizeof(INSERT) + LEDGER_ROWS_BATCH * sizeof(VALUES ",")],
		*to = stpcpy(sql, INSERT);

	for (int i = 0; i < LEDGER_ROWS_BATCH; i++)
		to = stpcpy(to, i ? "," VALUES : VALUES);
	return store_prepare(store, sql);
}

int ledger_rows_begin(struct ledger_rows *ledger, struct store *store, struct list_change *change)
{
	int err;

	*ledger = (struct ledger_rows){ .store = store, .change = change, .now = time(NULL) };
	err = chain_begin(&ledger->chain, store);
	if (!err)
		err = ledger_cursor_open(&ledger->cursor, store);
	if (err)
		return err;
	ledger->insert = store_prepare(store, INSERT VALUES);
	ledger->insert_batch = prepare_batch(store);
	ledger->remove = store_prepare(store, "UPDATE listing SET removed = ? WHERE key = ? AND "
					      "directive = ? AND origin = ? AND added = ?");
	return ledger->insert && ledger->insert_batch && ledger->remove ? 0 : -EIO;
}

void ledger_rows_end(struct ledger_rows *ledger)
{
	ledger_cursor_close(&ledger->cursor);
	sqlite3_finalize(ledger->insert);
	sqlite3_finalize(ledger->insert_batch);
	sqlite3_finalize(ledger->remove);
	free(ledger->rows);
}

/* Rows from ledger->pending[@first] on, as many as @insert takes. */
static int insert_rows(struct ledger_rows *ledger, sqlite3_stmt *insert, size_t first, size_t n)
{
	int err, at = 0;

	for (size_t i = first; i < first + n; i++) {
		const struct ledger_row *row = &ledger->pending[i];

		key_column_bind(insert, ++at, &row->key);
		sqlite3_bind_int64(insert, ++at, row->side.directive);
		sqlite3_bind_int(insert, ++at, row->origin);
		sqlite3_bind_int64(insert, ++at, row->added);
		sqlite3_bind_int(insert, ++at, row->side.action);
		sqlite3_bind_int64(insert, ++at, row->side.expiry);
	}
	err = store_step(ledger->store, insert);
	sqlite3_reset(insert);
	return err;
}

static int insert_pending(struct ledger_rows *ledger)
{
	size_t n = ledger->n_pending;
	int err = 0;

	ledger->n_pending = 0;
	if (n == LEDGER_ROWS_BATCH)
		return insert_rows(ledger, ledger->insert_batch, 0, n);
	for (size_t i = 0; i < n && !err; i++)
		err = insert_rows(ledger, ledger->insert, i, 1);
	return err;
}

static int add_row(struct ledger_rows *ledger, const struct ledger_row *row)
{
	struct ledger_row *more;

	if (ledger->n == ledger->capacity) {
		ledger->capacity = ledger->capacity ? ledger->capacity * 2 : 8;
		more = reallocarray(ledger->rows, ledger->capacity, sizeof(*more));
		if (!more) {
			complain("%s", strerror(ENOMEM));
			return -ENOMEM;
		}
		ledger->rows = more;
	}
	ledger->rows[ledger->n++] = *row;
	return 0;
}

int ledger_rows_read(struct ledger_rows *ledger, const struct xeir_key *key)
{
	struct ledger_cursor *cursor = &ledger->cursor;
	int err = ledger_cursor_turns_back(cursor, key) ? insert_pending(ledger) : 0;

	ledger->n = 0;
	if (!err)
		err = ledger_cursor_seek(cursor, key);
	while (!err && cursor->at_row && !key_order(&cursor->row.key, key)) {
		err = add_row(ledger, &cursor->row);
		if (!err)
			err = ledger_cursor_step(cursor);
	}
	return err;
}

int ledger_rows_next_key(struct ledger_rows *ledger, struct xeir_key *key)
{
	struct ledger_cursor *cursor = &ledger->cursor;
	int err = cursor->sought ? 0 : ledger_cursor_seek(cursor, &(struct xeir_key){});

	*key = cursor->row.key;
	return err ? err : cursor->at_row;
}

static uint64_t end_of(const struct ledger_row *row)
{
	return row->side.expiry ? row->side.expiry : UINT64_MAX;
}

static bool stops(const struct ledger_row *row)
{
	return row->side.action > XEIR_ACTION_WATCH;
}

const struct ledger_row *ledger_rows_winner(const struct ledger_row *a, const struct ledger_row *b)
{
	if (stops(a) != stops(b))
		return stops(a) ? a : b;
	if (end_of(a) != end_of(b))
		return end_of(a) > end_of(b) ? a : b;
	return a->added > b->added ? a : b;
}

static const struct ledger_row *winner(const struct ledger_rows *ledger)
{
	const struct ledger_row *best = NULL;

	for (size_t i = 0; i < ledger->n; i++) {
		const struct ledger_row *row = &ledger->rows[i];

		if (!xeir_side_ended(&row->side, ledger->now))
			best = best ? ledger_rows_winner(best, row) : row;
	}
	return best;
}

bool ledger_rows_enforces(const struct ledger_rows *ledger, const struct xeir_side *side)
{
	const struct ledger_row *best = winner(ledger);

	return best && !memcmp(&best->side, side, sizeof(*side));
}

static int unlist(struct ledger_rows *ledger, const struct ledger_row *row)
{
	const struct chain_row covered = {
		.key = &row->key,
		.len = 1 + xeir_key_octets(row->key.kind),
		.numbers = { row->side.directive, row->origin, row->added },
	};
	int err;

	sqlite3_bind_int64(ledger->remove, 1, ledger->chain.record);
	key_column_bind(ledger->remove, 2, &row->key);
	sqlite3_bind_int64(ledger->remove, 3, row->side.directive);
	sqlite3_bind_int(ledger->remove, 4, row->origin);
	sqlite3_bind_int64(ledger->remove, 5, row->added);
	err = store_step(ledger->store, ledger->remove);
	sqlite3_reset(ledger->remove);
	chain_add(&ledger->chain, STREAM_UNLISTED, &covered);
	return err;
}

static int list(struct ledger_rows *ledger, const struct ledger_row *row)
{
	const struct xeir_side *side = &row->side;
	const struct chain_row covered = {
		.key = &row->key,
		.len = 1 + xeir_key_octets(row->key.kind),
		.numbers = { side->directive, row->origin, side->action, side->expiry },
	};
	struct ledger_row listed = *row;
	int err;

	listed.added = ledger->chain.record;
	chain_add(&ledger->chain, STREAM_LISTED, &covered);
	ledger->pending[ledger->n_pending++] = listed;
	err = ledger->n_pending == LEDGER_ROWS_BATCH ? insert_pending(ledger) : 0;
	return err ? err : add_row(ledger, &listed);
}

static bool same(const struct ledger_row *a, const struct ledger_row *b)
{
	return a->origin == b->origin && !memcmp(&a->side, &b->side, sizeof(a->side));
}

static bool is_among(const struct ledger_row *row, const struct ledger_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (same(row, &rows[i]))
			return true;
	return false;
}

static int record_change(struct list_change *change, const struct xeir_key *key,
			 const struct xeir_side *before, const struct xeir_side *after)
{
	if (!after)
		return before ? list_change_remove(change, key) : 0;
	if (before && !memcmp(before, after, sizeof(*after)))
		return 0;
	change->added += !before;
	change->changed += !!before;
	return list_change_put(change, key, after);
}

/* Rows that are dropped leave ledger->rows, except those that @adds would list again. */
static int drop_rows(struct ledger_rows *ledger,
		     bool (*drops)(const struct ledger_row *row, const void *arg), const void *arg,
		     const struct ledger_row *adds, size_t n_adds)
{
	size_t n = 0;
	int err = 0;

	for (size_t i = 0; i < ledger->n && !err; i++) {
		const struct ledger_row *row = &ledger->rows[i];

		if (!drops(row, arg) || is_among(row, adds, n_adds))
			ledger->rows[n++] = *row;
		else
			err = unlist(ledger, row);
	}
	ledger->n = n;
	return err;
}

int ledger_rows_change(struct ledger_rows *ledger, const struct xeir_key *key,
		       bool (*drops)(const struct ledger_row *row, const void *arg),
		       const void *arg, const struct ledger_row *adds, size_t n)
{
	const struct ledger_row *best = winner(ledger);
	struct xeir_side before;
	bool listed = best, ended = !best && ledger->n;
	int err;

	if (best)
		before = best->side;
	err = drop_rows(ledger, drops, arg, adds, n);
	for (size_t i = 0; i < n && !err; i++)
		if (!is_among(&adds[i], ledger->rows, ledger->n))
			err = list(ledger, &adds[i]);
	if (err)
		return err;
	/* an entry that has expired is still in the maps */
	if (ended && !ledger->n) {
		ledger->change->ended++;
		return list_change_remove(ledger->change, key);
	}
	best = winner(ledger);
	return record_change(ledger->change, key, listed ? &before : NULL,
			     best ? &best->side : NULL);
}

int ledger_rows_change_key(struct ledger_rows *ledger, const struct xeir_key *key,
			   bool (*drops)(const struct ledger_row *row, const void *arg),
			   const void *arg, const struct ledger_row *adds, size_t n)
{
	int err = ledger_rows_read(ledger, key);

	return err ? err : ledger_rows_change(ledger, key, drops, arg, adds, n);
}

int ledger_rows_record(struct ledger_rows *ledger, const char *verb, uint32_t directive,
		       const json_t *order_detail)
{
	const struct list_change *change = ledger->change;
	json_t *detail;
	int err = insert_pending(ledger);

	if (err)
		return err;
	detail = order_detail ? json_copy((json_t *)order_detail) : json_object();
	json_object_set_new(detail, "added", json_integer(change->added));
	json_object_set_new(detail, "changed", json_integer(change->changed));
	json_object_set_new(detail, "removed", json_integer(change->n_removes));
	err = chain_end(&ledger->chain, verb, directive, detail);
	json_decref(detail);
	return err;
}
