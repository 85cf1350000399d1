// SPDX-License-Identifier: GPL-2.0-only
#include "numbers/number_updates.h"

#include <errno.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "journal/ledger_rows.h"
#include "lib/say.h"

static const char tables[] =
	"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16384;"
	"CREATE TABLE claim (msisdn BLOB, directive INTEGER, imsi BLOB, imei BLOB, line INTEGER,"
	" position INTEGER, state INTEGER, due INTEGER, date INTEGER, why TEXT);"
	"CREATE TABLE touched (imsi BLOB);"
	"BEGIN;";

static int prepare(struct claims *claims)
{
	struct store *store = &claims->store;

	claims->put =
		store_prepare(store, "INSERT INTO claim VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	claims->next = store_prepare(store, "SELECT * FROM claim ORDER BY msisdn, directive, "
					    "imsi, imei, line");
	claims->touch = store_prepare(store, "INSERT INTO touched VALUES (?)");
	claims->next_touched =
		store_prepare(store, "SELECT DISTINCT imsi FROM touched ORDER BY imsi");
	return claims->put && claims->next && claims->touch && claims->next_touched ? 0 : -EIO;
}

int claims_open(struct claims *claims)
{
	int err;

	*claims = (struct claims){ .store.path = strdup("(in a temporary file)") };
	/* without a name it is on the disk, and nobody else's */
	if (!claims->store.path || sqlite3_open("", &claims->store.db) != SQLITE_OK) {
		complain("%s", strerror(ENOMEM));
		err = -ENOMEM;
	} else {
		err = store_run(&claims->store, tables);
	}
	if (!err)
		err = prepare(claims);
	if (err)
		claims_close(claims);
	return err;
}

int claims_put(struct claims *claims, const struct claim *claim)
{
	sqlite3_stmt *s = claims->put;
	int err;

	ledger_bind_key(s, 1, &claim->msisdn);
	sqlite3_bind_int64(s, 2, claim->directive);
	ledger_bind_key(s, 3, &claim->imsi);
	ledger_bind_key(s, 4, &claim->imei);
	sqlite3_bind_int64(s, 5, claim->line);
	sqlite3_bind_int64(s, 6, claim->column);
	sqlite3_bind_int(s, 7, claim->state);
	sqlite3_bind_int64(s, 8, claim->due);
	sqlite3_bind_int64(s, 9, claim->date);
	sqlite3_bind_text(s, 10, claim->why, -1, SQLITE_STATIC);
	err = store_step(&claims->store, s);
	sqlite3_reset(s);
	claims->n++;
	return err;
}

int claims_clear(struct claims *claims)
{
	claims->n = 0;
	sqlite3_reset(claims->next);
	return store_run(&claims->store, "DELETE FROM claim");
}

int claims_next(struct claims *claims, struct claim *claim)
{
	sqlite3_stmt *s = claims->next;
	int more = store_step(&claims->store, s);

	if (more <= 0)
		return more;
	*claim = (struct claim){
		.msisdn = ledger_column_key(s, 0),
		.directive = sqlite3_column_int64(s, 1),
		.imsi = ledger_column_key(s, 2),
		.imei = ledger_column_key(s, 3),
		.line = sqlite3_column_int64(s, 4),
		.column = sqlite3_column_int64(s, 5),
		.state = sqlite3_column_int(s, 6),
		.due = sqlite3_column_int64(s, 7),
		.date = sqlite3_column_int64(s, 8),
	};
	snprintf(claim->why, sizeof(claim->why), "%s", (const char *)sqlite3_column_text(s, 9));
	return 1;
}

int claims_rewind(struct claims *claims)
{
	sqlite3_reset(claims->next);
	sqlite3_reset(claims->next_touched);
	return store_run(&claims->store, "DELETE FROM touched");
}

int claims_touch(struct claims *claims, const struct xeir_key *imsi)
{
	int err;

	ledger_bind_key(claims->touch, 1, imsi);
	err = store_step(&claims->store, claims->touch);
	sqlite3_reset(claims->touch);
	return err;
}

int claims_next_touched(struct claims *claims, struct xeir_key *imsi)
{
	int more = store_step(&claims->store, claims->next_touched);

	if (more > 0)
		*imsi = ledger_column_key(claims->next_touched, 0);
	return more;
}

void claims_close(struct claims *claims)
{
	sqlite3_finalize(claims->put);
	sqlite3_finalize(claims->next);
	sqlite3_finalize(claims->touch);
	sqlite3_finalize(claims->next_touched);
	store_close(&claims->store);
}
