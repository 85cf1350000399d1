// SPDX-License-Identifier: GPL-2.0-only
#include "policy/rollback.h"

#include <errno.h>
#include <time.h>

#include "journal/ledger_undo.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "numbers/register.h"
#include "policy/change.h"
#include "transport/transport_open.h"

/* The order of a withdrawal, and what it leaves listed. */
struct rollback {
	struct order order; /* the first, as change.h sees no more */
	json_t *kept; /* directives, each with how many of the entries that are withdrawn it lists
		       */
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

/* What came day by day under one number is all of it, not the last day's. */
static int check_meant(struct store *store, uint32_t directive)
{
	sqlite3_stmt *s = store_prepare(store, "SELECT count(*) FROM record WHERE directive = ?1"
					       " AND verb IN ('load', 'sync') AND id > ifnull("
					       "(SELECT max(id) FROM record WHERE directive = ?1"
					       " AND verb = 'rollback'), 0)");
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
	complain("directive %u came in %lld files, and all of it would be withdrawn; nothing is, "
		 "unless that is meant: --force REASON",
		 directive, (long long)files);
	return -ECANCELED;
}

static int undo(struct store *store, const struct order *order, struct list_change *change)
{
	struct ledger_rows ledger = {};
	int err = check_known(store, order->directive);

	*change = (struct list_change){};
	if (!err)
		err = check_meant(store, order->directive);
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

static void print_kept(const json_t *kept)
{
	json_t *by;
	size_t i;

	json_array_foreach(kept, i, by) {
		const json_t *directive = json_object_get(by, "directive");
		json_int_t n = json_integer_value(json_object_get(by, "entries"));

		printf("%" JSON_INTEGER_FORMAT " of them stay%s listed by ", n, n == 1 ? "s" : "");
		if (json_is_null(directive))
			puts("no directive's order");
		else
			printf("directive %" JSON_INTEGER_FORMAT "\n",
			       json_integer_value(directive));
	}
}

static json_t *detail(void)
{
	return json_pack("{s:s*}", "forced", opt.force);
}

int rollback(uint32_t directive)
{
	struct rollback rollback = {
		.order = { .verb = "rollback", .directive = directive, .detail = detail() },
		.kept = json_array(),
	};
	struct transport *t = transport_open();
	struct outcome outcome;
	int err = t ? change_by(t, &rollback.order, undo, &outcome) : -EIO;

	if (!err) {
		change_print(t, &outcome, NULL, json_pack("{s:O}", "kept", rollback.kept));
		if (!opt.json)
			print_kept(rollback.kept);
	}
	if (t)
		t->ops->close(t);
	json_decref(rollback.kept);
	json_decref(rollback.order.detail);
	return change_status(err);
}
