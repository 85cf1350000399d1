// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cmd/report.h"
#include "cmd/report_rows.h"
#include "cmd/report_scope.h"
#include "lib/dates.h"

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
#define SAID(what) "SELECT * FROM said WHERE what = '" what "'"
#define MOMENT(what) "max(iif(what = '" what "', moment, NULL))"
#define MOMENTS(a, b) "SELECT * FROM moment WHERE what IN ('" a "', '" b "')"
#define ENTRIES(way) "SELECT * FROM entry WHERE way = '" way "'"
#define NUMBERS "SELECT * FROM numbered WHERE NOT removed"
#define DUE "(SELECT moment FROM moment WHERE what = 'due')"

/*
 * The value is an expression over the rows of `evidence`, so that these are what it is from. No row
 * of a figure is of another directive.
 */
static const struct figure {
	const char *name, *value, *evidence, *definition;
	const char *unit; /* or NULL */
	const char *at_least; /* the condition under which the value is a lower bound; or NULL */
} figures[] = {
	{ .name = "issuer",
	  .value = "max(value)",
	  .evidence = SAID("issuer"),
	  .definition = "Who issued the directive, by its first file." },
	{ .name = "reference",
	  .value = "max(value)",
	  .evidence = SAID("reference"),
	  .definition = "The issuer's reference, by the first file that has one." },
	{ .name = "issued",
	  .value = "max(value)",
	  .evidence = SAID("issued"),
	  .definition = "When the directive was issued, by the first file that has a date." },
	{ .name = "received",
	  .value = UTC("min(received)"),
	  .evidence = "SELECT * FROM arrival",
	  .definition =
		  "The first arrival of a file or order of the directive, also of a file that "
		  "was refused, or an earlier time that was given when it was loaded." },
	{ .name = "applied",
	  .value = UTC("max(moment)"),
	  .evidence = "SELECT * FROM moment WHERE what = 'applied'",
	  .definition = "When the first order of the directive took effect in the programs." },
	{ .name = "refusals",
	  .value = "count(*)",
	  .evidence = "SELECT * FROM arrival WHERE verb = 'refused'",
	  .definition = "Files of the directive that were refused by a guard or for their "
			"signature, by number or SHA-256." },
	{ .name = "issued_to_received",
	  .value = MOMENT("received") " - " MOMENT("issued"),
	  .evidence = MOMENTS("issued", "received"),
	  .definition = "Time from issue to receipt.",
	  .unit = "seconds" },
	{ .name = "received_to_applied",
	  .value = MOMENT("applied") " - " MOMENT("received"),
	  .evidence = MOMENTS("received", "applied"),
	  .definition = "Time from receipt to application.",
	  .unit = "seconds" },
	{ .name = "issued_to_applied",
	  .value = MOMENT("applied") " - " MOMENT("issued"),
	  .evidence = MOMENTS("issued", "applied"),
	  .definition = "Time from issue to application.",
	  .unit = "seconds" },
	{ .name = "minutes_to_apply",
	  .value = "round((" MOMENT("applied") " - " MOMENT("received") ") / 60.0, 1)",
	  .evidence = MOMENTS("received", "applied"),
	  .definition = "Time from receipt to application.",
	  .unit = "minutes" },
	{ .name = "due",
	  .value = "max(value)",
	  .evidence = SAID("due"),
	  .definition = "The deadline, by the last file that has one; a date means the end of "
			"that day, UTC." },
	{ .name = "handsets_listed",
	  .value = "count(*)",
	  .evidence = "SELECT * FROM entry WHERE substr(key, 1, 1) = x'01'",
	  .definition = "IMEIs that the directive lists now." },
	{ .name = "entries_listed",
	  .value = "count(*)",
	  .evidence = "SELECT * FROM entry",
	  .definition = "Entries of all kinds that the directive lists now and that have not "
			"expired." },
	{ .name = "entries_by_file",
	  .value = "count(*)",
	  .evidence = ENTRIES("file"),
	  .definition = "Of these, those that a file listed." },
	{ .name = "entries_by_hand",
	  .value = "count(*)",
	  .evidence = ENTRIES("hand"),
	  .definition = "Of these, those that block or except listed, or that were enforced before "
			"there was a journal." },
	{ .name = "entries_by_register",
	  .value = "count(*)",
	  .evidence = ENTRIES("register"),
	  .definition = "Of these, those that the register of numbers listed, as a number was "
			"disconnected." },
	{ .name = "handsets_with_attempts",
	  .value = "max(handsets)",
	  .evidence = "SELECT record, time, boot, list, handsets FROM snapshot",
	  .definition = "Listed handsets that made an attempt: the highest number of one boot and "
			"list. An entry of a TAC counts as one handset.",
	  .at_least = MISSES " OR " LISTS_MANY },
	{ .name = "attempts",
	  .value = "sum(attempts)",
	  .evidence = "SELECT * FROM step",
	  .definition = "Requests that an entry of the directive decided on, without "
			"retransmissions, by snapshots and since the last one.",
	  .at_least = MISSES },
	{ .name = "sessions_cut",
	  .value = "ifnull(sum(newly_cut), 0)",
	  .evidence = "SELECT * FROM cutting",
	  .definition = "Active sessions that an entry of the directive cut, each counted once." },
	{ .name = "sessions_not_cut",
	  .value = "max(up)",
	  .evidence = "SELECT record, time, boot, list, up FROM snapshot WHERE record IS NULL",
	  .definition = "Sessions of listed identifiers that are active now and not cut." },
	{ .name = "last_attempt",
	  .value = UTC("max(last_attempt)"),
	  .evidence = "SELECT record, time, last_attempt FROM snapshot WHERE last_attempt",
	  .definition = "When the last attempt was made." },
	{ .name = "numbers_linked",
	  .value = "count(*)",
	  .evidence = NUMBERS,
	  .definition = "MSISDNs that the register has under the directive." },
	{ .name = "numbers_pending",
	  .value = "count(*)",
	  .evidence = NUMBERS " AND state = 'pending'",
	  .definition = "Of these, those that are not verified yet." },
	{ .name = "numbers_overdue",
	  .value = "count(*)",
	  .evidence = NUMBERS " AND state = 'pending' AND deadline < ?2",
	  .definition = "Of the pending numbers, those whose deadline has passed." },
	{ .name = "numbers_verified",
	  .value = "count(*)",
	  .evidence = NUMBERS " AND state = 'verified'",
	  .definition = "Of the linked numbers, those that were verified." },
	{ .name = "numbers_failed",
	  .value = "count(DISTINCT msisdn)",
	  .evidence = "SELECT * FROM numbered WHERE state = 'failed'",
	  .definition = "Numbers whose verification has ever failed; they were disconnected." },
	{ .name = "numbers_disconnected",
	  .value = "count(*)",
	  .evidence = NUMBERS " AND state = 'disconnected'",
	  .definition = "Of the linked numbers, those that are disconnected." },
	{ .name = "attempts_after_due",
	  .value = "iif(" DUE " IS NULL, NULL, ifnull(sum(attempts), 0))",
	  .evidence = "SELECT * FROM step WHERE began >= " DUE,
	  .definition = "Attempts counted by snapshots whose predecessor was taken after the "
			"deadline.",
	  .at_least = MISSES " OR EXISTS (SELECT 1 FROM step WHERE began < " DUE " AND time > " DUE
			     " AND attempts)" },
};

#define ANNEX_MAX "10000"
#define N_FIGURES (sizeof(figures) / sizeof(*figures))

/* The value of an expression over the rows of @from, or NULL after complain(). */
static json_t *value_of(const struct report_query *query, const char *expression, const char *from)
{
	char sql[2048];
	json_t *value = NULL;
	sqlite3_stmt *s;
	int more;

	snprintf(sql, sizeof(sql), "SELECT %s FROM (%s)", expression, from);
	s = report_prepare(query, sql);
	more = s ? store_step(query->store, s) : -EIO;
	if (more >= 0)
		value = more ? report_column_json(s, 0) : json_null();
	sqlite3_finalize(s);
	return value;
}

/* "at least" where the value is a lower bound, else null; NULL after complain(). */
static json_t *qualifier_of(const struct report_query *query, const struct figure *figure,
			    const json_t *value)
{
	json_t *holds;
	bool at_least;

	if (!figure->at_least || json_is_null(value))
		return json_null();
	holds = value_of(query, figure->at_least, "SELECT 1");
	if (!holds)
		return NULL;
	at_least = json_integer_value(holds);
	json_decref(holds);
	return at_least ? json_string("at least") : json_null();
}

/* NULL after complain(). */
static json_t *figure_json(const struct report_query *query, const struct figure *figure)
{
	json_t *value = value_of(query, figure->value, figure->evidence);
	json_t *qualifier = value ? qualifier_of(query, figure, value) : NULL;
	char source[128];

	if (!qualifier) {
		json_decref(value);
		return NULL;
	}
	snprintf(source, sizeof(source), "xeir report directive %u --explain %s", query->directive,
		 figure->name);
	return json_pack("{s:s, s:o, s:s?, s:o, s:s, s:s}", "figure", figure->name, "value", value,
			 "unit", figure->unit, "qualifier", qualifier, "definition",
			 figure->definition, "source", source);
}

/* What happened on a day: the day, of what, how many. */
static const char days[] =
	"SELECT date(time, 'unixepoch') AS day, 'attempts', sum(attempts) FROM step GROUP BY day"
	" UNION ALL SELECT date(time, 'unixepoch') AS day, 'sessions_cut', sum(newly_cut)"
	" FROM cutting GROUP BY day"
	" UNION ALL SELECT date(time, 'unixepoch') AS day, 'entries_added',"
	" sum(detail ->> 'added') FROM record WHERE directive = ?1 AND"
	" detail ->> 'added' IS NOT NULL GROUP BY day"
	" UNION ALL SELECT date(r.time, 'unixepoch') AS day, 'numbers_' || state, count(*)"
	" FROM numbered JOIN record r ON r.id = numbered.record WHERE state <> 'pending'"
	" GROUP BY day, state ORDER BY 1, 2";

static int add_days(const struct report_query *query, json_t *to)
{
	sqlite3_stmt *s = report_prepare(query, days);
	json_t *day = NULL;
	int more = s ? 1 : -EIO;

	while (more > 0 && (more = store_step(query->store, s)) > 0) {
		const char *date = (const char *)sqlite3_column_text(s, 0);

		if (!day || strcmp(json_string_value(json_object_get(day, "day")), date)) {
			day = json_pack("{s:s}", "day", date);
			json_array_append_new(to, day);
		}
		json_object_set_new(day, (const char *)sqlite3_column_text(s, 1),
				    report_column_json(s, 2));
	}
	sqlite3_finalize(s);
	return more;
}

static int prepare_tables(const struct report_query *query)
{
	int known = report_is_known(query);

	if (known <= 0)
		return known ? known : -ENOENT;
	return report_tables_make(query);
}

/* The first entries, and how many there are: a page of millions would be of no use. */
static int add_annex(const struct report_query *query, json_t *to)
{
	json_t *entries = report_rows_json(
		query, "SELECT key, way, action, expiry, record, time AS listed FROM entry"
		       " JOIN record r ON r.id = entry.record ORDER BY key LIMIT " ANNEX_MAX);
	json_t *total = value_of(query, "count(*)", "SELECT * FROM entry");

	return json_object_set_new(to, "entries", entries) |
	       json_object_set_new(to, "entries_total", total);
}

json_t *report_make(struct store *store, uint32_t directive, bool with_annex)
{
	const struct report_query query = { store, directive, time(NULL) };
	json_t *report = json_object(), *all = json_array(), *by_day = json_array();
	char now[DATE_TEXT];
	int err = prepare_tables(&query);

	json_object_set_new(report, "directive", json_integer(directive));
	json_object_set_new(report, "time", json_string(date_text(query.now, now)));
	json_object_set_new(report, "figures", all);
	json_object_set_new(report, "days", by_day);
	for (size_t i = 0; i < N_FIGURES && !err; i++)
		err = json_array_append_new(all, figure_json(&query, &figures[i]));
	if (!err)
		err = add_days(&query, by_day);
	if (!err)
		err = report_add_scope(&query, report);
	if (!err && with_annex)
		err = add_annex(&query, report);
	if (!err)
		return report;
	json_decref(report);
	return NULL;
}

/* As people read it, too: "sessions cut". */
static const struct figure *find_figure(const char *name)
{
	for (size_t i = 0; i < N_FIGURES; i++) {
		const char *a = figures[i].name, *b = name;

		while (*a && (*a == *b || (*a == '_' && *b == ' ')))
			a++, b++;
		if (!*a && !*b)
			return &figures[i];
	}
	return NULL;
}

bool report_has_figure(const char *name)
{
	return find_figure(name);
}

json_t *report_explain(struct store *store, uint32_t directive, const char *name)
{
	const struct report_query query = { store, directive, time(NULL) };
	const struct figure *figure = find_figure(name);
	json_t *explained = NULL, *evidence;
	char now[DATE_TEXT];

	if (prepare_tables(&query))
		return NULL;
	explained = figure_json(&query, figure);
	evidence = explained ? report_rows_json(&query, figure->evidence) : NULL;
	if (!evidence) {
		json_decref(explained);
		return NULL;
	}
	json_object_set_new(explained, "directive", json_integer(directive));
	json_object_set_new(explained, "time", json_string(date_text(query.now, now)));
	json_object_set_new(explained, "evidence", evidence);
	return explained;
}
