// SPDX-License-Identifier: GPL-2.0-only
#include "journal/ledger.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <xeir/list.h>

#include "journal/key_column.h"
#include "journal/ledger_rows.h"
#include "lib/sort.h"

/* Whose rows an order reaches. */
struct scope {
	const struct order *order;
	uint32_t *directives; /* sorted; those of its issuer, or those of anybody's */
	size_t n;
	const struct ledger_row *put; /* the row to list in this step, or NULL */
	bool removes; /* or whether this step unlists the key, whoever listed it */
};

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* An order without an issuer reaches what directives without an issuer list. */
static bool is_of_issuer(const struct scope *scope, uint32_t directive)
{
	bool found = scope->n &&
		     bsearch(&directive, scope->directives, scope->n, sizeof(directive), by_number);

	return scope->order->issuer ? found : !found;
}

/* Did a file of the order's issuer list it? */
static bool is_own(const struct scope *scope, const struct ledger_row *row)
{
	return row->origin == scope->order->origin && is_of_issuer(scope, row->side.directive);
}

static bool is_reached(const struct scope *scope, const struct ledger_row *row)
{
	switch (scope->order->reach) {
	case REACH_ALL:
		return true;
	case REACH_ISSUER:
		return is_own(scope, row);
	default:
		return false;
	}
}

static bool order_drops(const struct ledger_row *row, const void *arg)
{
	const struct scope *scope = arg;

	if (is_reached(scope, row))
		return true;
	if (scope->removes)
		return !scope->order->removes_own || is_own(scope, row);
	return scope->put && row->origin == scope->put->origin &&
	       row->side.directive == scope->put->side.directive;
}

static int read_directives(struct store *store, struct scope *scope)
{
	const char *issuer = scope->order->issuer;
	sqlite3_stmt *s;
	int more;

	if (scope->order->reach != REACH_ISSUER && !scope->order->removes_own)
		return 0;
	s = store_prepare(store, issuer ? "SELECT number FROM directive WHERE issuer = ?" :
					  "SELECT number FROM directive WHERE issuer IS NOT NULL");
	if (!s)
		return -EIO;
	if (issuer)
		sqlite3_bind_text(s, 1, issuer, -1, SQLITE_STATIC);
	while ((more = store_step(store, s)) > 0) {
		uint32_t *all = reallocarray(scope->directives, scope->n + 1, sizeof(*all));

		if (!all) {
			more = -ENOMEM;
			break;
		}
		scope->directives = all;
		all[scope->n++] = sqlite3_column_int64(s, 0);
	}
	sqlite3_finalize(s);
	qsort(scope->directives, scope->n, sizeof(*scope->directives), by_number);
	return more;
}

static const struct xeir_key *lesser(const struct xeir_key *a, const struct xeir_key *b)
{
	if (!a || !b)
		return a ? a : b;
	return key_order(a, b) <= 0 ? a : b;
}

/* A restored list leaves rows as they are if its entry is enforced already. */
static bool is_as_wanted(const struct ledger_rows *ledger, const struct scope *scope)
{
	return scope->order->reach == REACH_ALL && scope->put &&
	       ledger_rows_enforces(ledger, &scope->put->side);
}

/* Count the current key, for the guards. */
static void count_own(struct ledger_rows *ledger, const struct scope *scope)
{
	for (size_t i = 0; i < ledger->n; i++) {
		const struct ledger_row *row = &ledger->rows[i];

		if (!is_own(scope, row) || xeir_side_ended(&row->side, ledger->now))
			continue;
		ledger->change->own_before++;
		ledger->change->own_kept += !!scope->put;
		return;
	}
}

/* One key; its remaining rows are in the ledger. */
static int apply_step(struct ledger_rows *ledger, struct scope *scope, const struct xeir_key *key)
{
	int err = ledger_rows_read(ledger, key);

	if (!err && scope->order->reach == REACH_ISSUER)
		count_own(ledger, scope);
	if (err || is_as_wanted(ledger, scope))
		return err;
	err = ledger_rows_change(ledger, key, order_drops, scope, scope->put, !!scope->put);
	ledger->change->kept += scope->removes && ledger->n;
	return err;
}

/* The next listed key, if the order reaches others than it names: 1, 0 or a negative errno. */
static int next_unnamed(struct ledger_rows *ledger, const struct scope *scope, struct xeir_key *key)
{
	return scope->order->reach == REACH_NAMED ? 0 : ledger_rows_next_key(ledger, key);
}

/* Puts, removes and what else is listed, in one pass by key, as the record's rows are to come. */
static int apply_steps(struct ledger_rows *ledger, struct scope *scope)
{
	const struct order *order = scope->order;
	size_t put = 0, remove = 0;
	struct xeir_key unnamed;
	int more;

	while ((more = next_unnamed(ledger, scope, &unnamed)) >= 0) {
		const struct xeir_key *p = put < order->n_puts ? &order->puts[put].key : NULL;
		const struct xeir_key *r =
			remove < order->n_removes ? &order->removes[remove] : NULL;
		const struct xeir_key *key = lesser(p, lesser(r, more ? &unnamed : NULL));
		struct ledger_row row;

		if (!key)
			break;
		scope->removes = r && !key_order(key, r);
		scope->put = NULL;
		if (key == p) {
			row = (struct ledger_row){ *p, order->puts[put].side, order->origin, 0 };
			scope->put = &row;
		}
		more = apply_step(ledger, scope, key);
		if (more)
			break;
		put += key == p;
		remove += scope->removes;
	}
	return more;
}

int ledger_apply(struct store *store, const struct order *order, struct list_change *change)
{
	struct scope scope = { .order = order };
	struct ledger_rows ledger = {};
	int err;

	*change = (struct list_change){ .puts = order->puts, .n_shared = order->n_puts };
	sort_by_key(order->puts, order->n_puts, sizeof(*order->puts));
	sort_by_key(order->removes, order->n_removes, sizeof(*order->removes));
	err = read_directives(store, &scope);
	if (!err)
		err = ledger_rows_begin(&ledger, store, change);
	if (!err)
		err = apply_steps(&ledger, &scope);
	if (!err)
		err = ledger_rows_record(&ledger, order->verb, order->directive, order->detail);
	ledger_rows_end(&ledger);
	free(scope.directives);
	if (err)
		list_change_free(change);
	return err;
}

/* The winner among the rows of one key, while they are read. */
struct passing {
	struct ledger_row best;
	bool there;
};

static int pass_on(const struct passing *passing, int (*each)(const struct entry *, void *),
		   void *arg)
{
	const struct entry entry = { passing->best.key, passing->best.side };

	return passing->there ? each(&entry, arg) : 0;
}

int ledger_iterate(struct store *store, int (*each)(const struct entry *entry, void *arg),
		   void *arg)
{
	sqlite3_stmt *s = store_prepare(store, "SELECT key, directive, added, action, until FROM "
					       "listing WHERE removed = 0 ORDER BY key");
	uint32_t now = time(NULL);
	struct passing passing = {};
	int more = s ? 1 : -EIO;

	while (more > 0 && (more = store_step(store, s)) > 0) {
		struct ledger_row row = {
			.key = key_column_read(s, 0),
			.side.directive = sqlite3_column_int64(s, 1),
			.added = sqlite3_column_int64(s, 2),
			.side.action = sqlite3_column_int(s, 3),
			.side.expiry = sqlite3_column_int64(s, 4),
		};
		int err = 0;

		if (xeir_side_ended(&row.side, now))
			continue;
		if (passing.there && !key_order(&row.key, &passing.best.key)) {
			passing.best = *ledger_rows_winner(&passing.best, &row);
			continue;
		}
		err = pass_on(&passing, each, arg);
		passing = (struct passing){ row, true };
		more = err ? err : more;
	}
	sqlite3_finalize(s);
	return more ? more : pass_on(&passing, each, arg);
}
