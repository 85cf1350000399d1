// SPDX-License-Identifier: GPL-2.0-only
#include "policy/breaker_record.h"

#include <errno.h>

#include "journal/ledger_undo.h"

/* A later record has the end of the window of record w. */
#define SETTLED                                                \
	"EXISTS (SELECT 1 FROM record s WHERE s.id > w.id AND" \
	" w.id IN (s.detail ->> 'undoes', s.detail ->> 'watched'))"

int breaker_record_is_open(struct store *store, const struct xeir_breaker *breaker)
{
	sqlite3_stmt *s = store_prepare(store, "SELECT 1 FROM record w WHERE id = ?"
					       " AND detail ->> 'breaker' IS NOT NULL"
					       " AND NOT " SETTLED);
	int found = s ? 0 : -EIO;

	if (s) {
		sqlite3_bind_int64(s, 1, breaker->record);
		found = store_step(store, s);
	}
	sqlite3_finalize(s);
	return found;
}

int breaker_record_undo(struct store *store, const struct xeir_breaker *breaker)
{
	json_t *detail =
		json_pack("{s:I, s:I, s:I}", "undoes", (json_int_t)breaker->record, "limit",
			  (json_int_t)breaker->limit, "stopped", (json_int_t)breaker->count);
	struct ledger_rows ledger = {};
	struct list_change change = {};
	int err = ledger_rows_begin(&ledger, store, &change);

	if (!err)
		err = ledger_undo_record(&ledger, breaker->record);
	if (!err)
		err = ledger_rows_record(&ledger, "breaker", breaker->directive, detail);
	ledger_rows_end(&ledger);
	list_change_free(&change);
	json_decref(detail);
	return err;
}

int breaker_record_watched(struct store *store, const struct xeir_breaker *breaker, json_t *stopped)
{
	json_t *detail = json_pack("{s:I, s:I, s:o}", "watched", (json_int_t)breaker->record,
				   "limit", (json_int_t)breaker->limit, "stopped", stopped);
	struct chain chain;
	int err = chain_begin(&chain, store);

	if (!err)
		err = chain_end(&chain, "watched", breaker->directive, detail);
	json_decref(detail);
	return err;
}

int breaker_record_find_lost(struct store *store, struct xeir_breaker *lost, unsigned int *seconds)
{
	sqlite3_stmt *s = store_prepare(
		store, "SELECT id, directive, detail ->> '$.breaker.limit',"
		       " detail ->> '$.breaker.seconds' FROM record w"
		       " WHERE verb IN ('load', 'sync') AND detail ->> 'breaker' IS NOT NULL"
		       " AND NOT " SETTLED " AND NOT EXISTS (SELECT 1 FROM record r WHERE"
		       " r.id > w.id AND r.verb = 'rollback' AND r.directive = w.directive)"
		       " ORDER BY id LIMIT 1");
	int found = s ? store_step(store, s) : -EIO;

	if (found > 0) {
		*lost = (struct xeir_breaker){
			.record = sqlite3_column_int64(s, 0),
			.directive = sqlite3_column_int64(s, 1),
			.limit = sqlite3_column_int64(s, 2),
		};
		*seconds = sqlite3_column_int64(s, 3);
	}
	sqlite3_finalize(s);
	return found;
}

int64_t breaker_record_last(struct store *store)
{
	sqlite3_stmt *s = store_prepare(store, "SELECT max(id) FROM record");
	int64_t record = s ? store_step(store, s) : -EIO;

	if (record > 0)
		record = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	return record;
}

int breaker_record_fate(struct store *store, int64_t record, enum breaker_fate *fate)
{
	sqlite3_stmt *s =
		store_prepare(store, "SELECT verb = 'breaker', detail ->> 'stopped' IS NOT NULL "
				     "FROM record WHERE id > ?1 AND "
				     "?1 IN (detail ->> 'undoes', detail ->> 'watched')");
	int found = s ? 0 : -EIO;

	*fate = BREAKER_UNKNOWN;
	if (s) {
		sqlite3_bind_int64(s, 1, record);
		found = store_step(store, s);
	}
	if (found > 0 && sqlite3_column_int(s, 0))
		*fate = BREAKER_UNDONE;
	else if (found > 0 && sqlite3_column_int(s, 1))
		*fate = BREAKER_KEPT;
	sqlite3_finalize(s);
	return found < 0 ? found : 0;
}
