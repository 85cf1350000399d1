// SPDX-License-Identifier: GPL-2.0-only
#include "journal/ledger_undo.h"

#include <errno.h>
#include <stdlib.h>

#include "journal/key_column.h"
#include "lib/sort.h"

/* A row that was listed (removed = 0) or unlisted. */
struct trace {
	struct ledger_row row;
	int64_t removed;
};

struct traces {
	struct trace *all;
	size_t n, capacity;
};

#define COLUMNS "SELECT key, directive, origin, added, action, until, removed FROM listing l "

#define ORDER " ORDER BY key, directive, origin, added"

/* clang-format off */

#define WITHDRAWN(number, since)						\
	"EXISTS (SELECT 1 FROM record w WHERE w.id > " since			\
	" AND w.verb = 'rollback' AND w.directive = " number ")"

/* Of a record: a row is listed again unless its key was named since, or its directive withdrawn. */
static const char of_record[] = COLUMNS
	"WHERE (removed = 0 AND added = ?1) OR (removed = ?1"
	" AND NOT " WITHDRAWN("l.directive", "?1")
	" AND NOT EXISTS (SELECT 1 FROM listing n"
	"  WHERE n.key = l.key AND max(n.added, n.removed) > ?1))" ORDER;

/* Did a later list of the issuer of record r, which was not undone, leave out what r left out? */
#define ISSUER(record) "(SELECT issuer FROM directive WHERE number = " record ".directive)"
#define SUPERSEDED								\
	"(r.verb = 'sync' AND EXISTS (SELECT 1 FROM record s WHERE s.verb = 'sync'"	\
	" AND s.id > r.id AND s.directive <> ?1"				\
	" AND " ISSUER("s") " IS " ISSUER("r")					\
	" AND NOT EXISTS (SELECT 1 FROM record u WHERE u.verb IN ('rollback', 'breaker')" \
	"  AND u.id > s.id AND u.directive = s.directive)))"

/*
 * Of a directive: what it lists is unlisted, and what it unlisted is listed again unless another
 * directive named the key since, or a later list of the issuer leaves it out. Entries that an
 * earlier withdrawn directive had unlisted come back too. Rows of the register are left out: they
 * follow the states of numbers.
 */
static const char of_directive[] = COLUMNS
	"WHERE (removed = 0 AND directive = ?1) OR (directive <> ?1 AND origin = 0"
	" AND removed IN (SELECT id FROM record r WHERE"
	"  (directive = ?1 OR " WITHDRAWN("r.directive", "r.id") ")"
	"  AND verb <> 'rollback' AND NOT " SUPERSEDED ")"
	" AND NOT " WITHDRAWN("l.directive", "l.removed")
	" AND NOT EXISTS (SELECT 1 FROM listing n JOIN record t ON t.id IN (n.added, n.removed)"
	"  WHERE n.key = l.key AND t.id > l.removed AND t.directive <> ?1))" ORDER;

/* clang-format on */

static int add_trace(struct traces *traces, sqlite3_stmt *s)
{
	struct trace *more;

	if (traces->n == traces->capacity) {
		traces->capacity = traces->capacity ? traces->capacity * 2 : 64;
		more = reallocarray(traces->all, traces->capacity, sizeof(*more));
		if (!more)
			return -ENOMEM;
		traces->all = more;
	}
	traces->all[traces->n++] = (struct trace){
		.row.key = key_column_read(s, 0),
		.row.side.directive = sqlite3_column_int64(s, 1),
		.row.origin = sqlite3_column_int(s, 2),
		.row.added = sqlite3_column_int64(s, 3),
		.row.side.action = sqlite3_column_int(s, 4),
		.row.side.expiry = sqlite3_column_int64(s, 5),
		.removed = sqlite3_column_int64(s, 6),
	};
	return 0;
}

static int read_traces(struct store *store, const char *sql, int64_t whose, struct traces *traces)
{
	sqlite3_stmt *s = store_prepare(store, sql);
	int more = s ? 1 : -EIO;

	if (s)
		sqlite3_bind_int64(s, 1, whose);
	while (more > 0 && (more = store_step(store, s)) > 0)
		if (add_trace(traces, s))
			more = -ENOMEM;
	sqlite3_finalize(s);
	return more;
}

/* The traces of one key. */
struct group {
	const struct trace *all;
	size_t n;
};

static bool is_of_group(const struct ledger_row *row, const void *arg)
{
	const struct group *group = arg;

	for (size_t i = 0; i < group->n; i++) {
		const struct ledger_row *traced = &group->all[i].row;

		if (!group->all[i].removed && row->added == traced->added &&
		    row->origin == traced->origin && row->side.directive == traced->side.directive)
			return true;
	}
	return false;
}

static bool same_lister(const struct ledger_row *a, const struct ledger_row *b)
{
	return a->origin == b->origin && a->side.directive == b->side.directive;
}

/* Of several rows of one directive, the last is listed again. */
static size_t rows_back(const struct group *group, struct ledger_row *rows)
{
	size_t n = 0;

	for (size_t i = 0; i < group->n; i++) {
		const struct ledger_row *row = &group->all[i].row;

		if (!group->all[i].removed)
			continue;
		if (n && same_lister(&rows[n - 1], row))
			n--;
		rows[n++] = *row;
	}
	return n;
}

static int undo_group(struct ledger_rows *ledger, const struct group *group)
{
	struct ledger_row *rows = calloc(group->n, sizeof(*rows));
	int err;

	if (!rows)
		return -ENOMEM;
	err = ledger_rows_change_key(ledger, &group->all->row.key, is_of_group, group, rows,
				     rows_back(group, rows));
	free(rows);
	return err;
}

static int undo_traces(struct ledger_rows *ledger, const struct traces *traces)
{
	struct group group;
	int err = 0;

	for (size_t i = 0; i < traces->n && !err; i += group.n) {
		group = (struct group){ &traces->all[i], 1 };
		while (i + group.n < traces->n &&
		       !key_order(&group.all->row.key, &traces->all[i + group.n].row.key))
			group.n++;
		err = undo_group(ledger, &group);
	}
	return err;
}

static int undo(struct ledger_rows *ledger, const char *sql, int64_t whose)
{
	struct traces traces = {};
	int err = read_traces(ledger->store, sql, whose, &traces);

	if (!err)
		err = undo_traces(ledger, &traces);
	free(traces.all);
	return err;
}

int ledger_undo_record(struct ledger_rows *ledger, int64_t record)
{
	return undo(ledger, of_record, record);
}

int ledger_undo_directive(struct ledger_rows *ledger, uint32_t directive)
{
	return undo(ledger, of_directive, directive);
}
