// SPDX-License-Identifier: GPL-2.0-only
#include "policy/rollback.h"

#include <errno.h>
#include <time.h>

#include "journal/ledger_undo.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "numbers/register.h"
#include "policy/change.h"

/* The order of a rollback, and the directives that list its entries too. */
struct rollback {
	struct order order; /* the first member: change_by() is given its address */
	json_t *kept;
};

static int check_known(struct store *store, uint32_t directive)
{
	sqlite3_stmt *s = store_prepare(
		store,
		"SELECT EXISTS (SELECT 1 FROM record WHERE directive = ?1"
		" AND verb <> 'refused') OR EXISTS (SELECT 1 FROM listing WHERE directive = ?1)");
	int known;

	if (!s)
		return -EIO;
	sqlite3_bind_int64(s, 1, directive);
	known = store_step(store, s);
	if (known > 0)
		known = sqlite3_column_int(s, 0);
	sqlite3_finalize(s);
	if (!known)
		complain("there is no directive %u in the journal", directive);
	return known > 0 ? 0 : known ? known : -ENOENT;
}

static int find_kept(struct store *store, const struct rollback *rollback)
{
	sqlite3_stmt *s =
		store_prepare(store, "SELECT o.directive, count(*) FROM listing l JOIN listing o"
				     " ON o.key = l.key WHERE l.directive = ?1 AND l.removed ="
				     " (SELECT max(id) FROM record) AND o.removed = 0 AND"
				     " (o.until = 0 OR o.until > ?2) GROUP BY o.directive");
	int more = s ? 1 : -EIO;

	if (s) {
		sqlite3_bind_int64(s, 1, rollback->order.directive);
		sqlite3_bind_int64(s, 2, time(NULL));
	}
	json_array_clear(rollback->kept);
	while (more > 0 && (more = store_step(store, s)) > 0) {
		json_int_t by = sqlite3_column_int64(s, 0);
		json_t *directive = by ? json_integer(by) : json_null();

		json_array_append_new(rollback->kept,
				      json_pack("{s:o, s:I}", "directive", directive, "entries",
						(json_int_t)sqlite3_column_int64(s, 1)));
	}
	sqlite3_finalize(s);
	return more;
}

/*
 * Files that came day by day under one number are all undone, not only the last day's. The same
 * file again is one file. Older journals have `digest` for `sha256`.
 */
static int check_confirmed(struct store *store, uint32_t directive)
{
	sqlite3_stmt *s = store_prepare(
		store,
		"SELECT count(DISTINCT ifnull(detail ->> 'sha256', detail ->> 'digest'))"
		" FROM record WHERE directive = ?1 AND verb IN ('load', 'sync') AND id > ifnull("
		"(SELECT max(id) FROM record WHERE directive = ?1 AND verb = 'rollback'), 0)");
	int64_t files;

	if (!s)
		return -EIO;
	sqlite3_bind_int64(s, 1, directive);
	files = store_step(store, s);
	if (files > 0)
		files = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	if (files <= 1 || opt.force)
		return files < 0 ? (int)files : 0;
	complain("directive %u came in %lld files, and all of them would be withdrawn; nothing is "
		 "withdrawn; if that is on purpose: --force REASON",
		 directive, (long long)files);
	return -ECANCELED;
}

static int undo(struct store *store, const struct order *order, struct list_change *change)
{
	struct ledger_rows ledger = {};
	int err = check_known(store, order->directive);

	*change = (struct list_change){};
	if (!err)
		err = check_confirmed(store, order->directive);
	if (!err)
		err = ledger_rows_begin(&ledger, store, change);
	if (!err)
		err = ledger_undo_directive(&ledger, order->directive);
	if (!err)
		err = register_withdraw(&ledger, order->directive);
	if (!err)
		err = ledger_rows_record(&ledger, order->verb, order->directive, order->detail);
	if (!err)
		err = find_kept(store, (const struct rollback *)order);
	ledger_rows_end(&ledger);
	if (err)
		list_change_free(change);
	return err;
}

int rollback(struct transport *t, uint32_t directive, json_t *kept, struct outcome *outcome)
{
	struct rollback rollback = {
		.order = { .verb = "rollback",
			   .directive = directive,
			   .detail = json_pack("{s:s*}", "forced", opt.force) },
		.kept = kept,
	};
	int err = change_by(t, &rollback.order, undo, outcome);

	json_decref(rollback.order.detail);
	return err;
}
