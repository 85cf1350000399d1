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

/*
 * Snapshots of the directive ?1; the last one is what the programs count now. Older journals call
 * the record `sample`.
 */
static const char make_snapshots[] =
	"CREATE TEMP TABLE snapshot AS SELECT r.time, r.detail ->> 'boot' AS boot,"
	" r.detail ->> 'list' AS list, e.value ->> 'attempts' AS attempts,"
	" e.value ->> 'handsets' AS handsets, e.value ->> 'last' AS last,"
	" e.value ->> 'up' AS up, e.value ->> 'cut' AS cut"
	" FROM record r, json_each(r.detail, '$.directives') e"
	" WHERE r.verb IN ('snapshot', 'sample') AND e.value ->> 'directive' = ?1"
	" UNION ALL SELECT ?2, ?3 ->> 'boot', ?3 ->> 'list', e.value ->> 'attempts',"
	" e.value ->> 'handsets', e.value ->> 'last', e.value ->> 'up', e.value ->> 'cut'"
	" FROM json_each(?3, '$.directives') e WHERE e.value ->> 'directive' = ?1";

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

/* The counts begin anew with each boot and each list. */
static const char make_steps[] =
	"CREATE TEMP VIEW step AS SELECT time, boot, list, handsets, max(0, attempts - iif("
	"lag(boot || ' ' || list) OVER w IS boot || ' ' || list, lag(attempts) OVER w, 0))"
	" AS attempts FROM snapshot WINDOW w AS (ORDER BY time)";

#define LOADS "FROM record WHERE directive = ?1 AND verb IN ('load', 'sync')"
#define UTC(sql) "strftime('%Y-%m-%dT%H:%M:%SZ', " sql ", 'unixepoch')"
#define SAID(what) "SELECT " what " FROM directive WHERE number = ?1"
#define RECEIVED "(SELECT min(time) " LOADS ")"
#define APPLIED "(SELECT min(e.time) FROM enforced e WHERE e.record >= (SELECT min(id) " LOADS "))"
#define DUE "(" SAID("unixepoch(" SCHEMA_DUE ")") ")"
#define LISTED "FROM listing WHERE directive = ?1 AND origin = 0 AND removed = 0"

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
} figures[] = {
	{ "issuer", SAID("issuer"), "xeir directive show %u" },
	{ "reference", SAID("reference"), "xeir directive show %u" },
	{ "issued", SAID("issued"), "xeir directive show %u" },
	{ "received", "SELECT " UTC(RECEIVED), "xeir directive show %u" },
	{ "applied", "SELECT " UTC(APPLIED), "xeir directive show %u" },
	{ "minutes_to_apply", "SELECT round((" APPLIED " - " RECEIVED ") / 60.0, 1)",
	  "xeir directive show %u" },
	{ "due", SAID(SCHEMA_DUE), "xeir directive show %u" },
	{ "handsets_listed", "SELECT count(*) " LISTED " AND substr(key, 1, 1) = x'01'",
	  "xeir directive show %u" },
	{ "entries_listed", "SELECT count(*) " LISTED, "xeir directive show %u" },
	{ "handsets_with_attempts", "SELECT max(handsets) FROM snapshot",
	  "xeir list --json | jq 'map(select(.directive == %u and .attempts > 0)) | length'" },
	{ "attempts", "SELECT sum(attempts) FROM step",
	  "xeir list --json | jq 'map(select(.directive == %u).attempts) | add'" },
	{ "sessions_cut", "SELECT ifnull(sum(newly), 0) FROM cutting",
	  "xeir journal directive %u" },
	{ "sessions_not_cut", "SELECT up FROM snapshot WHERE time = ?2", "xeir sessions" },
	{ "last_attempt", "SELECT " UTC("max(last)") " FROM snapshot WHERE last", "xeir list" },
	{ "numbers_linked", NUMBERS, REGISTER },
	{ "numbers_pending", NUMBERS " AND state = " PENDING, REGISTER },
	{ "numbers_overdue", NUMBERS " AND state = " PENDING " AND due < ?2",
	  "xeir numbers expire --directive %u --dry-run" },
	{ "numbers_verified", NUMBERS " AND state = " VERIFIED, REGISTER },
	{ "numbers_failed",
	  "SELECT count(DISTINCT msisdn) FROM number WHERE directive = ?1 AND state = " FAILED,
	  REGISTER },
	{ "numbers_disconnected", NUMBERS " AND state = " DISCONNECTED, REGISTER },
	{ "attempts_after_due",
	  "SELECT iif(" DUE " IS NULL, NULL, ifnull(sum(attempts), 0)) FROM step WHERE time > " DUE,
	  "xeir journal" },
};

static sqlite3_stmt *prepare(struct store *store, const char *sql, uint32_t directive)
{
	sqlite3_stmt *s = store_prepare(store, sql);

	if (s) {
		sqlite3_bind_int64(s, 1, directive);
		sqlite3_bind_int64(s, 2, time(NULL));
	}
	return s;
}

/* A temporary table with @values, which is used up, as ?3. */
static int make_table(struct store *store, const char *sql, uint32_t directive, json_t *values)
{
	char *text = values ? json_dumps(values, JSON_COMPACT) : NULL;
	sqlite3_stmt *s = text ? prepare(store, sql, directive) : NULL;
	int err = s ? 0 : -EIO;

	if (!err) {
		sqlite3_bind_text(s, 3, text, -1, SQLITE_TRANSIENT);
		err = store_step(store, s);
	}
	sqlite3_finalize(s);
	free(text);
	json_decref(values);
	return err;
}

/* Without programs there is the journal alone. */
static int gather(struct store *store, uint32_t directive)
{
	bool live = pins_has(PIN_NAME(XEIR_MAP_LIST));
	int err = make_table(store, make_snapshots, directive,
			     live ? attempts_read(store) : json_object());

	if (!err)
		err = make_table(store, make_cuts, directive,
				 live ? cut_counts_read(store) : json_array());
	return err ? err : store_run(store, make_steps);
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

static int add_figure(struct store *store, const struct figure *figure, uint32_t directive,
		      json_t *to)
{
	sqlite3_stmt *s = prepare(store, figure->sql, directive);
	int more = s ? store_step(store, s) : -EIO;
	char source[128];

	if (more >= 0) {
		snprintf(source, sizeof(source), figure->source, directive);
		json_array_append_new(to, json_pack("{s:s, s:o, s:s}", "figure", figure->name,
						    "value", more ? column_json(s, 0) : json_null(),
						    "source", source));
	}
	sqlite3_finalize(s);
	return more < 0 ? more : 0;
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

static int add_days(struct store *store, uint32_t directive, json_t *to)
{
	sqlite3_stmt *s = prepare(store, days, directive);
	json_t *day = NULL;
	int more = s ? 1 : -EIO;

	while (more > 0 && (more = store_step(store, s)) > 0) {
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

static int is_known(struct store *store, uint32_t directive)
{
	sqlite3_stmt *s = prepare(store, "SELECT 1 " LOADS " LIMIT 1", directive);
	int found = s ? store_step(store, s) : -EIO;

	sqlite3_finalize(s);
	if (!found)
		complain("no directive %u came as a file by what the journal %s has", directive,
			 store->path);
	return found;
}

json_t *report_make(struct store *store, uint32_t directive)
{
	json_t *all = json_array(), *by_day = json_array();
	char now[DATE_TEXT];
	int err = is_known(store, directive) > 0 ? gather(store, directive) : -ENOENT;

	for (size_t i = 0; i < sizeof(figures) / sizeof(*figures) && !err; i++)
		err = add_figure(store, &figures[i], directive, all);
	if (!err)
		err = add_days(store, directive, by_day);
	if (!err)
		return json_pack("{s:I, s:s, s:o, s:o}", "directive", (json_int_t)directive, "time",
				 date_text(time(NULL), now), "figures", all, "days", by_day);
	json_decref(all);
	json_decref(by_day);
	return NULL;
}
