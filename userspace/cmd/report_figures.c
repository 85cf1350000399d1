// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <xeir/maps.h>

#include "cmd/report.h"
#include "journal/schema.h"
#include "lib/dates.h"
#include "lib/say.h"
#include "numbers/register.h"
#include "policy/attempts.h"
#include "policy/cut_counts.h"
#include "transport/pins.h"

/* The report of a directive: all statements have one moment as now. */
struct query {
	struct store *store;
	uint32_t directive;
	time_t now;
};

/*
 * The record that first listed or unlisted anything by the directive; its entries may also be of a
 * file of several.
 */
#define FIRST_RECORD                                                                  \
	"SELECT min(id) FROM (SELECT id FROM record WHERE directive = ?1 AND verb IN" \
	" ('load', 'sync', 'block', 'except') UNION ALL SELECT added FROM listing"    \
	" WHERE directive = ?1)"

/*
 * Snapshots of the directive ?1; the last one, without a record, is what the programs count now,
 * ?3. What one counts began after the snapshot before it. Older journals call the record `sample`.
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
	" e.value ->> 'handsets' AS handsets, e.value ->> 'last' AS last, e.value ->> 'up' AS up"
	" FROM since s, json_each(detail, '$.directives') e"
	" WHERE e.value ->> 'directive' = ?1";

/* The lists that were enforced since; without programs the last one has ended. */
static const char make_lists[] =
	"CREATE TEMP TABLE counted AS SELECT boot, list FROM enforced WHERE record >= "
	"(" FIRST_RECORD
	") UNION SELECT detail ->> 'boot', detail ->> 'list' FROM record WHERE verb IN"
	" ('snapshot', 'sample') AND id > (" FIRST_RECORD ")"
	" UNION SELECT ifnull(?3 ->> 'boot', ''), ifnull(?3 ->> 'list', 0)";

/*
 * Sessions that were newly cut; the last ones, ?3, are not recorded yet. Records of former versions
 * have how many were cut in all: more of them than at the record before were newly cut.
 */
static const char make_cuts[] =
	"CREATE TEMP TABLE cutting AS SELECT time, newly FROM"
	" (SELECT time, directive, coalesce(detail ->> 'newly_cut',"
	"  max(0, detail ->> 'cut' + detail ->> 'freed' - ifnull(lag(detail ->> 'cut') OVER"
	"  (ORDER BY id), 0))) AS newly FROM record WHERE verb = 'sessions')"
	" WHERE directive = ?1 AND newly UNION ALL SELECT ?2, e.value ->> 'newly_cut'"
	" FROM json_each(?3) e WHERE e.value ->> 'directive' = ?1";

/*
 * The counts begin anew with each boot and each list. They are of what is listed, so that they
 * become lower when an entry is removed, and as high as before when it comes again.
 */
static const char make_steps[] =
	"CREATE TEMP VIEW step AS SELECT record, time, began, boot, list,"
	" max(0, attempts - ifnull(max(attempts) OVER (PARTITION BY boot, list"
	" ORDER BY record NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0))"
	" AS attempts FROM snapshot";

/*
 * When attempts may be missing: those between the last snapshot and the end of a list, and those
 * of entries that were removed.
 */
#define LISTS_ENDED "(SELECT count(*) > 1 FROM counted)"
#define ENTRIES_LEFT                                                       \
	"EXISTS (SELECT 1 FROM listing l WHERE directive = ?1 AND removed" \
	" AND NOT EXISTS (SELECT 1 FROM listing n WHERE n.key = l.key"     \
	"  AND n.directive = l.directive AND n.added = l.removed))"
#define MISSES LISTS_ENDED " OR " ENTRIES_LEFT
/* An entry that is no IMEI's may have stopped several handsets, and counts as one or none. */
#define LISTS_MANY                                           \
	"EXISTS (SELECT 1 FROM listing WHERE directive = ?1" \
	" AND substr(key, 1, 1) NOT IN (x'01', x'03'))"

#define UTC(sql) "strftime('%Y-%m-%dT%H:%M:%SZ', " sql ", 'unixepoch')"

/* The first file that was taken decides, of a deadline the last; without one, what was refused. */
#define SAID_IN(name, order)                                                             \
	"SELECT detail ->> '" name "' AS " name " FROM record WHERE directive = ?1"      \
	" AND verb IN ('load', 'sync', 'refused') AND detail ->> '" name "' IS NOT NULL" \
	" ORDER BY verb = 'refused', " order " LIMIT 1"
#define SAID(name) SAID_IN(name, "id")
#define SAID_DUE "SELECT " SCHEMA_DUE " FROM (" SAID_IN("due", "id DESC") ")"

#define ARRIVALS "FROM " SCHEMA_ARRIVALS " WHERE directive = ?1"
#define RECEIVED                                                \
	"ifnull((SELECT min(" SCHEMA_ARRIVED ") " ARRIVALS ")," \
	" (SELECT time FROM record WHERE id = (" FIRST_RECORD ")))"
#define ISSUED "unixepoch((" SAID("issued") "))"
#define APPLIED "(SELECT min(e.time) FROM enforced e WHERE e.record >= (" FIRST_RECORD "))"
#define DUE "unixepoch((" SAID_DUE "))"
#define LISTED "SELECT count(*) FROM " SCHEMA_LISTED " WHERE directive = ?1"

/* States of numbers, as SQL has them. */
#define PENDING "0"
#define VERIFIED "1"
#define FAILED "2"
#define DISCONNECTED "3"
_Static_assert(NUMBER_PENDING == 0 && NUMBER_VERIFIED == 1 && NUMBER_FAILED == 2 &&
		       NUMBER_DISCONNECTED == 3,
	       "the states are not those of the statements");

#define NUMBERS "SELECT count(*) FROM number WHERE directive = ?1 AND removed = 0"
#define REGISTER "xeir numbers list --directive %u"

static const struct figure {
	const char *name, *sql, *source;
	const char *unit; /* or NULL */
	const char *at_least; /* the condition under which the value is a lower bound; or NULL */
} figures[] = {
	{ .name = "issuer", .sql = SAID("issuer"), .source = "xeir directive show %u" },
	{ .name = "reference", .sql = SAID("reference"), .source = "xeir directive show %u" },
	{ .name = "issued", .sql = SAID("issued"), .source = "xeir directive show %u" },
	{ .name = "received", .sql = "SELECT " UTC(RECEIVED), .source = "xeir directive show %u" },
	{ .name = "applied", .sql = "SELECT " UTC(APPLIED), .source = "xeir directive show %u" },
	{ .name = "refusals",
	  .sql = "SELECT count(*) " ARRIVALS " AND verb = 'refused'",
	  .source = "xeir journal" },
	{ .name = "issued_to_received",
	  .sql = "SELECT " RECEIVED " - " ISSUED,
	  .source = "xeir directive show %u",
	  .unit = "seconds" },
	{ .name = "received_to_applied",
	  .sql = "SELECT " APPLIED " - " RECEIVED,
	  .source = "xeir directive show %u",
	  .unit = "seconds" },
	{ .name = "issued_to_applied",
	  .sql = "SELECT " APPLIED " - " ISSUED,
	  .source = "xeir directive show %u",
	  .unit = "seconds" },
	{ .name = "minutes_to_apply",
	  .sql = "SELECT round((" APPLIED " - " RECEIVED ") / 60.0, 1)",
	  .source = "xeir directive show %u",
	  .unit = "minutes" },
	{ .name = "due", .sql = SAID_DUE, .source = "xeir directive show %u" },
	{ .name = "handsets_listed",
	  .sql = LISTED " AND substr(key, 1, 1) = x'01'",
	  .source = "xeir directive show %u" },
	{ .name = "entries_listed", .sql = LISTED, .source = "xeir directive show %u" },
	{ .name = "entries_by_file",
	  .sql = LISTED " AND way = 'file'",
	  .source = "xeir directive show %u" },
	{ .name = "entries_by_hand",
	  .sql = LISTED " AND way = 'hand'",
	  .source = "xeir directive show %u" },
	{ .name = "entries_by_register",
	  .sql = LISTED " AND way = 'register'",
	  .source = "xeir directive show %u" },
	{ .name = "handsets_with_attempts",
	  .sql = "SELECT max(handsets) FROM snapshot",
	  .source = "xeir list --json | jq 'map(select(.directive == %u and .attempts > 0)) | "
		    "length'",
	  .at_least = MISSES " OR " LISTS_MANY },
	{ .name = "attempts",
	  .sql = "SELECT sum(attempts) FROM step",
	  .source = "xeir list --json | jq 'map(select(.directive == %u).attempts) | add'",
	  .at_least = MISSES },
	{ .name = "sessions_cut",
	  .sql = "SELECT ifnull(sum(newly), 0) FROM cutting",
	  .source = "xeir journal directive %u" },
	{ .name = "sessions_not_cut",
	  .sql = "SELECT up FROM snapshot WHERE record IS NULL",
	  .source = "xeir sessions" },
	{ .name = "last_attempt",
	  .sql = "SELECT " UTC("max(last)") " FROM snapshot WHERE last",
	  .source = "xeir list" },
	{ .name = "numbers_linked", .sql = NUMBERS, .source = REGISTER },
	{ .name = "numbers_pending", .sql = NUMBERS " AND state = " PENDING, .source = REGISTER },
	{ .name = "numbers_overdue",
	  .sql = NUMBERS " AND state = " PENDING " AND due < ?2",
	  .source = "xeir numbers expire --directive %u --dry-run" },
	{ .name = "numbers_verified", .sql = NUMBERS " AND state = " VERIFIED, .source = REGISTER },
	{ .name = "numbers_failed",
	  .sql = "SELECT count(DISTINCT msisdn) FROM number WHERE directive = ?1 AND state "
		 "= " FAILED,
	  .source = REGISTER },
	{ .name = "numbers_disconnected",
	  .sql = NUMBERS " AND state = " DISCONNECTED,
	  .source = REGISTER },
	{ .name = "attempts_after_due",
	  .sql = "SELECT iif(" DUE
		 " IS NULL, NULL, ifnull(sum(attempts), 0)) FROM step WHERE began >= " DUE,
	  .source = "xeir journal",
	  .at_least = MISSES " OR EXISTS (SELECT 1 FROM step WHERE began < " DUE " AND time > " DUE
			     " AND attempts)" },
};

static sqlite3_stmt *prepare(const struct query *query, const char *sql)
{
	sqlite3_stmt *s = store_prepare(query->store, sql);

	if (s) {
		sqlite3_bind_int64(s, 1, query->directive);
		sqlite3_bind_int64(s, 2, query->now);
	}
	return s;
}

/* A temporary table with @values as ?3. */
static int make_table(const struct query *query, const char *sql, const json_t *values)
{
	char *text = values ? json_dumps(values, JSON_COMPACT) : NULL;
	sqlite3_stmt *s = text ? prepare(query, sql) : NULL;
	int err = s ? 0 : -EIO;

	if (!err) {
		sqlite3_bind_text(s, 3, text, -1, SQLITE_TRANSIENT);
		err = store_step(query->store, s);
	}
	sqlite3_finalize(s);
	free(text);
	return err;
}

/* Without programs there is the journal alone. */
static int gather(const struct query *query)
{
	bool live = pins_has(PIN_NAME(XEIR_MAP_LIST));
	json_t *attempts = live ? attempts_read(query->store) : json_object();
	json_t *cuts = live ? cut_counts_read(query->store) : json_array();
	int err = make_table(query, make_snapshots, attempts);

	if (!err)
		err = make_table(query, make_lists, attempts);
	if (!err)
		err = make_table(query, make_cuts, cuts);
	json_decref(attempts);
	json_decref(cuts);
	return err ? err : store_run(query->store, make_steps);
}

static json_t *column_json(sqlite3_stmt *s, int column)
{
	switch (sqlite3_column_type(s, column)) {
	case SQLITE_INTEGER:
		return json_integer(sqlite3_column_int64(s, column));
	case SQLITE_FLOAT:
		return json_real(sqlite3_column_double(s, column));
	case SQLITE_TEXT:
		return json_string((const char *)sqlite3_column_text(s, column));
	default:
		return json_null();
	}
}

/* The value of an expression, or NULL after complain(). */
static json_t *value_of(const struct query *query, const char *sql)
{
	sqlite3_stmt *s = prepare(query, sql);
	int more = s ? store_step(query->store, s) : -EIO;
	json_t *value = NULL;

	if (more >= 0)
		value = more ? column_json(s, 0) : json_null();
	sqlite3_finalize(s);
	return value;
}

/* "at least" where the value is a lower bound, else null; NULL after complain(). */
static json_t *qualifier_of(const struct query *query, const struct figure *figure,
			    const json_t *value)
{
	char sql[2048];
	json_t *holds;
	bool at_least;

	if (!figure->at_least || json_is_null(value))
		return json_null();
	snprintf(sql, sizeof(sql), "SELECT %s", figure->at_least);
	holds = value_of(query, sql);
	if (!holds)
		return NULL;
	at_least = json_integer_value(holds);
	json_decref(holds);
	return at_least ? json_string("at least") : json_null();
}

static int add_figure(const struct query *query, const struct figure *figure, json_t *to)
{
	json_t *value = value_of(query, figure->sql);
	json_t *qualifier = value ? qualifier_of(query, figure, value) : NULL;
	char source[128];

	if (!qualifier) {
		json_decref(value);
		return -EIO;
	}
	snprintf(source, sizeof(source), figure->source, query->directive);
	return json_array_append_new(
		to, json_pack("{s:s, s:o, s:s?, s:o, s:s}", "figure", figure->name, "value", value,
			      "unit", figure->unit, "qualifier", qualifier, "source", source));
}

/* What happened on a day: the day, of what, how many. */
static const char days[] =
	"SELECT date(time, 'unixepoch') AS day, 'attempts', sum(attempts) FROM step GROUP BY day"
	" UNION ALL SELECT date(time, 'unixepoch') AS day, 'sessions_cut', sum(newly)"
	" FROM cutting GROUP BY day"
	" UNION ALL SELECT date(time, 'unixepoch') AS day, 'entries_added',"
	" sum(detail ->> 'added') FROM record WHERE directive = ?1 AND"
	" detail ->> 'added' IS NOT NULL GROUP BY day"
	" UNION ALL SELECT date(time, 'unixepoch') AS day,"
	" iif(state = " VERIFIED ", 'numbers_verified', iif(state = " FAILED
	", 'numbers_failed', 'numbers_disconnected')), count(*) FROM number JOIN record ON id = "
	"added"
	" WHERE number.directive = ?1 AND state <> " PENDING " GROUP BY day, state"
	" ORDER BY 1, 2";

static int add_days(const struct query *query, json_t *to)
{
	sqlite3_stmt *s = prepare(query, days);
	json_t *day = NULL;
	int more = s ? 1 : -EIO;

	while (more > 0 && (more = store_step(query->store, s)) > 0) {
		const char *date = (const char *)sqlite3_column_text(s, 0);

		if (!day || strcmp(json_string_value(json_object_get(day, "day")), date)) {
			day = json_pack("{s:s}", "day", date);
			json_array_append_new(to, day);
		}
		json_object_set_new(day, (const char *)sqlite3_column_text(s, 1),
				    column_json(s, 2));
	}
	sqlite3_finalize(s);
	return more;
}

/* Of one that came in no file of its own there may be entries, and of others what was refused. */
static int is_known(const struct query *query)
{
	sqlite3_stmt *s = prepare(query, "SELECT 1 WHERE EXISTS (SELECT 1 FROM record"
					 " WHERE directive = ?1) OR EXISTS (SELECT 1 FROM listing"
					 " WHERE directive = ?1)");
	int found = s ? store_step(query->store, s) : -EIO;

	sqlite3_finalize(s);
	if (!found)
		complain("there is no directive %u in the journal %s", query->directive,
			 query->store->path);
	return found;
}

json_t *report_make(struct store *store, uint32_t directive)
{
	const struct query query = { store, directive, time(NULL) };
	json_t *all = json_array(), *by_day = json_array();
	char now[DATE_TEXT];
	int err = is_known(&query) > 0 ? gather(&query) : -ENOENT;

	for (size_t i = 0; i < sizeof(figures) / sizeof(*figures) && !err; i++)
		err = add_figure(&query, &figures[i], all);
	if (!err)
		err = add_days(&query, by_day);
	if (!err)
		return json_pack("{s:I, s:s, s:o, s:o}", "directive", (json_int_t)directive, "time",
				 date_text(query.now, now), "figures", all, "days", by_day);
	json_decref(all);
	json_decref(by_day);
	return NULL;
}
