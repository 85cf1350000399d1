// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/report_tables.h"

#include <errno.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <xeir/maps.h>

#include "journal/schema.h"
#include "lib/say.h"
#include "numbers/register.h"
#include "policy/attempts.h"
#include "policy/cut_counts.h"
#include "transport/pins.h"

/*
 * The record that first listed or unlisted anything by the directive; its entries may also be of a
 * file of several.
 */
#define FIRST_RECORD                                                                  \
	"SELECT min(id) FROM (SELECT id FROM record WHERE directive = ?1 AND verb IN" \
	" ('load', 'sync', 'block', 'except') UNION ALL SELECT added FROM listing"    \
	" WHERE directive = ?1)"

/* The first file that was taken decides, of a deadline the last; without one, what was refused. */
#define SAID(what, value, order)                                                      \
	"SELECT * FROM (SELECT id AS record, time, verb, '" what "' AS what, " value  \
	" AS value FROM (SELECT id, time, verb, detail ->> '" what "' AS " what       \
	"  FROM record WHERE directive = ?1 AND verb IN ('load', 'sync', 'refused'))" \
	" WHERE " what " IS NOT NULL ORDER BY verb = 'refused', " order " LIMIT 1)"

static const char make_said[] =
	"CREATE TEMP TABLE said AS " SAID("issuer", "issuer", "id") " UNION ALL " SAID(
		"reference", "reference",
		"id") " UNION ALL " SAID("issued", "issued",
					 "id") " UNION ALL " SAID("due", SCHEMA_DUE, "id DESC");

static const char make_arrivals[] =
	"CREATE TEMP TABLE arrival AS SELECT id AS record, time, verb, detail ->> 'file' AS file,"
	" " SCHEMA_ARRIVED " AS received FROM (SELECT id, time, verb, detail"
	"  FROM " SCHEMA_ARRIVALS " WHERE directive = ?1"
	"  UNION SELECT id, time, verb, detail FROM record WHERE id = (" FIRST_RECORD "))";

static const char make_moments[] =
	"CREATE TEMP TABLE moment AS"
	" SELECT what, record, unixepoch(value) AS moment FROM said WHERE what IN ('issued', 'due')"
	" UNION ALL SELECT * FROM (SELECT 'received', record, received FROM arrival"
	"  ORDER BY received, record LIMIT 1)"
	" UNION ALL SELECT * FROM (SELECT 'applied', record, time FROM enforced"
	"  WHERE record >= (" FIRST_RECORD ") ORDER BY time, record LIMIT 1)";

static const char make_entries[] =
	"CREATE TEMP TABLE entry AS SELECT added AS record, key, action, until AS expiry, way"
	" FROM " SCHEMA_LISTED " WHERE directive = ?1";

/*
 * The last snapshot, without a record, is what the programs count now, ?3. What one counts began
 * after the snapshot before it. Older journals call the record `sample`.
 */
static const char make_snapshots[] =
	"CREATE TEMP TABLE snapshot AS WITH taken AS"
	" (SELECT id, time, detail FROM record WHERE verb IN ('snapshot', 'sample')"
	"  UNION ALL SELECT NULL, ?2, ?3),"
	" since AS (SELECT id, time, detail, max(ifnull(lag(time) OVER (ORDER BY id NULLS LAST),"
	"  0), ifnull((SELECT time FROM record WHERE id = (" FIRST_RECORD ")), 0)) AS began"
	"  FROM taken)"
	" SELECT s.id AS record, time, began, detail ->> 'boot' AS boot,"
	" detail ->> 'list' AS list, e.value ->> 'attempts' AS attempts,"
	" e.value ->> 'handsets' AS handsets, e.value ->> 'last' AS last_attempt,"
	" e.value ->> 'up' AS up"
	" FROM since s, json_each(detail, '$.directives') e"
	" WHERE e.value ->> 'directive' = ?1";

/* The lists that were enforced since; without programs the last one has ended. */
static const char make_lists[] =
	"CREATE TEMP TABLE counted AS SELECT boot, list FROM enforced"
	" WHERE record >= (" FIRST_RECORD ")"
	" UNION SELECT detail ->> 'boot', detail ->> 'list' FROM record"
	" WHERE verb IN ('snapshot', 'sample') AND id > (" FIRST_RECORD ")"
	" UNION SELECT ifnull(?3 ->> 'boot', ''), ifnull(?3 ->> 'list', 0)";

/*
 * Sessions that were newly cut; the last ones, ?3, are not recorded yet. Records of former versions
 * have how many were cut in all: more of them than at the record before were newly cut.
 */
static const char make_cuts[] =
	"CREATE TEMP TABLE cutting AS SELECT id AS record, time, newly AS newly_cut FROM"
	" (SELECT id, time, directive, coalesce(detail ->> 'newly_cut',"
	"  max(0, detail ->> 'cut' + detail ->> 'freed' - ifnull(lag(detail ->> 'cut') OVER"
	"  (ORDER BY id), 0))) AS newly FROM record WHERE verb = 'sessions')"
	" WHERE directive = ?1 AND newly UNION ALL SELECT NULL, ?2, e.value ->> 'newly_cut'"
	" FROM json_each(?3) e WHERE e.value ->> 'directive' = ?1";

_Static_assert(NUMBER_PENDING == 0 && NUMBER_VERIFIED == 1 && NUMBER_FAILED == 2 &&
		       NUMBER_DISCONNECTED == 3,
	       "the states are not those of the statement");
static const char make_numbers[] =
	"CREATE TEMP TABLE numbered AS SELECT added AS record, msisdn, CASE state"
	" WHEN 0 THEN 'pending' WHEN 1 THEN 'verified' WHEN 2 THEN 'failed' ELSE 'disconnected' END"
	" AS state, due AS deadline, removed FROM number WHERE directive = ?1";

/*
 * The counts begin anew with each boot and each list. They are of what is listed, so that they
 * become lower when an entry is removed, and as high as before when it comes again.
 */
static const char make_steps[] =
	"CREATE TEMP VIEW step AS SELECT record, time, began, boot, list,"
	" max(0, attempts - ifnull(max(attempts) OVER (PARTITION BY boot, list"
	" ORDER BY record NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0))"
	" AS attempts FROM snapshot";

sqlite3_stmt *report_prepare(const struct report_query *query, const char *sql)
{
	sqlite3_stmt *s = store_prepare(query->store, sql);

	if (s) {
		sqlite3_bind_int64(s, 1, query->directive);
		sqlite3_bind_int64(s, 2, query->now);
	}
	return s;
}

/* Of one that came in no file of its own there may be entries, and of others what was refused. */
int report_is_known(const struct report_query *query)
{
	sqlite3_stmt *s = report_prepare(query, "SELECT 1 WHERE EXISTS (SELECT 1 FROM record"
						" WHERE directive = ?1) OR EXISTS (SELECT 1"
						" FROM listing WHERE directive = ?1)");
	int found = s ? store_step(query->store, s) : -EIO;

	sqlite3_finalize(s);
	if (!found)
		complain("there is no directive %u in the journal %s", query->directive,
			 query->store->path);
	return found;
}

/* With @values, if there are any, as ?3. */
static int make_table(const struct report_query *query, const char *sql, const char *values)
{
	sqlite3_stmt *s = report_prepare(query, sql);
	int err = s ? 0 : -EIO;

	if (s && values)
		sqlite3_bind_text(s, 3, values, -1, SQLITE_STATIC);
	if (!err)
		err = store_step(query->store, s);
	sqlite3_finalize(s);
	return err;
}

static int make_tables(const struct report_query *query, const char *attempts, const char *cuts)
{
	const struct {
		const char *sql, *values;
	} tables[] = {
		{ make_said, NULL },	{ make_arrivals, NULL },      { make_moments, NULL },
		{ make_entries, NULL }, { make_snapshots, attempts }, { make_lists, attempts },
		{ make_cuts, cuts },	{ make_numbers, NULL },
	};
	int err = 0;

	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables) && !err; i++)
		err = make_table(query, tables[i].sql, tables[i].values);
	return err ? err : store_run(query->store, make_steps);
}

/* Without programs there is the journal alone. */
int report_tables_make(const struct report_query *query)
{
	bool live = pins_has(PIN_NAME(XEIR_MAP_LIST));
	json_t *attempts = live ? attempts_read(query->store) : json_object();
	json_t *cuts = live ? cut_counts_read(query->store) : json_array();
	char *attempts_text = attempts ? json_dumps(attempts, JSON_COMPACT) : NULL;
	char *cuts_text = cuts ? json_dumps(cuts, JSON_COMPACT) : NULL;
	int err = attempts_text && cuts_text ? make_tables(query, attempts_text, cuts_text) : -EIO;

	free(attempts_text);
	free(cuts_text);
	json_decref(attempts);
	json_decref(cuts);
	return err;
}
