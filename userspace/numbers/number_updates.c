// SPDX-License-Identifier: GPL-2.0-only
#include "numbers/number_updates.h"

#include <errno.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "journal/key_column.h"
#include "lib/say.h"

static const char tables[] =
	"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16384;"
	"CREATE TABLE number_update (msisdn BLOB, directive INTEGER, imsi BLOB, imei BLOB,"
	" line INTEGER, position INTEGER, state INTEGER, due INTEGER, date INTEGER, why TEXT);"
	"CREATE TABLE touched (imsi BLOB);"
	"BEGIN;";

static int prepare(struct number_updates *updates)
{
	struct store *store = &updates->store;

	updates->put = store_prepare(
		store, "INSERT INTO number_update VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	updates->next =
		store_prepare(store, "SELECT * FROM number_update ORDER BY msisdn, directive, "
				     "imsi, imei, line");
	updates->touch = store_prepare(store, "INSERT INTO touched VALUES (?)");
	updates->next_touched =
		store_prepare(store, "SELECT DISTINCT imsi FROM touched ORDER BY imsi");
	return updates->put && updates->next && updates->touch && updates->next_touched ? 0 : -EIO;
}

int number_updates_open(struct number_updates *updates)
{
	int err;

	*updates = (struct number_updates){ .store.path = strdup("(in a temporary file)") };
	/* a database without a name is a temporary file of this process */
	if (!updates->store.path || sqlite3_open("", &updates->store.db) != SQLITE_OK) {
		complain("%s", strerror(ENOMEM));
		err = -ENOMEM;
	} else {
		err = store_run(&updates->store, tables);
	}
	if (!err)
		err = prepare(updates);
	if (err)
		number_updates_close(updates);
	return err;
}

int number_updates_put(struct number_updates *updates, const struct number_update *update)
{
	sqlite3_stmt *s = updates->put;
	int err;

	key_column_bind(s, 1, &update->msisdn);
	sqlite3_bind_int64(s, 2, update->directive);
	key_column_bind(s, 3, &update->imsi);
	key_column_bind(s, 4, &update->imei);
	sqlite3_bind_int64(s, 5, update->line);
	sqlite3_bind_int64(s, 6, update->column);
	sqlite3_bind_int(s, 7, update->state);
	sqlite3_bind_int64(s, 8, update->due);
	sqlite3_bind_int64(s, 9, update->date);
	sqlite3_bind_text(s, 10, update->why, -1, SQLITE_STATIC);
	err = store_step(&updates->store, s);
	sqlite3_reset(s);
	updates->n++;
	return err;
}

int number_updates_clear(struct number_updates *updates)
{
	updates->n = 0;
	sqlite3_reset(updates->next);
	return store_run(&updates->store, "DELETE FROM number_update");
}

int number_updates_next(struct number_updates *updates, struct number_update *update)
{
	sqlite3_stmt *s = updates->next;
	int more = store_step(&updates->store, s);

	if (more <= 0)
		return more;
	*update = (struct number_update){
		.msisdn = key_column_read(s, 0),
		.directive = sqlite3_column_int64(s, 1),
		.imsi = key_column_read(s, 2),
		.imei = key_column_read(s, 3),
		.line = sqlite3_column_int64(s, 4),
		.column = sqlite3_column_int64(s, 5),
		.state = sqlite3_column_int(s, 6),
		.due = sqlite3_column_int64(s, 7),
		.date = sqlite3_column_int64(s, 8),
	};
	snprintf(update->why, sizeof(update->why), "%s", (const char *)sqlite3_column_text(s, 9));
	return 1;
}

int number_updates_rewind(struct number_updates *updates)
{
	sqlite3_reset(updates->next);
	sqlite3_reset(updates->next_touched);
	return store_run(&updates->store, "DELETE FROM touched");
}

int number_updates_touch(struct number_updates *updates, const struct xeir_key *imsi)
{
	int err;

	key_column_bind(updates->touch, 1, imsi);
	err = store_step(&updates->store, updates->touch);
	sqlite3_reset(updates->touch);
	return err;
}

int number_updates_next_touched(struct number_updates *updates, struct xeir_key *imsi)
{
	int more = store_step(&updates->store, updates->next_touched);

	if (more > 0)
		*imsi = key_column_read(updates->next_touched, 0);
	return more;
}

void number_updates_close(struct number_updates *updates)
{
	sqlite3_finalize(updates->put);
	sqlite3_finalize(updates->next);
	sqlite3_finalize(updates->touch);
	sqlite3_finalize(updates->next_touched);
	store_close(&updates->store);
}
