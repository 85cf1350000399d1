// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cmd/journal.h"
#include "cmd/rollback.h"
#include "cmd/verb.h"
#include "journal/schema.h"
#include "lib/dates.h"
#include "lib/decimal.h"
#include "lib/enum_names.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "policy/change.h"

#define DONE "FILTER (WHERE verb IN ('load', 'sync', 'block'))"
#define UNDONE "FILTER (WHERE verb IN ('rollback', 'breaker'))"

/*
 * A directive of the list, or of the records: ?1 is its number, or NULL for all, ?2 the time. One
 * that was never loaded as such has only its entries. Of those, `first` is how many it brought at
 * first, `held` how many it has yet; those that have not expired are SCHEMA_LISTED.
 */
static const char summary[] =
	"WITH part AS MATERIALIZED (SELECT directive, added, count(*) AS n,"
	"  sum(removed = 0) AS held"
	"  FROM listing WHERE directive = ifnull(?1, directive) GROUP BY directive, added),"
	" entries AS (SELECT directive, min(added) AS added, sum(held) AS held"
	"  FROM part GROUP BY directive),"
	" listed AS (SELECT directive, count(*) AS listed, sum(way = 'file') AS by_file,"
	"  sum(way = 'hand') AS by_hand, sum(way = 'register') AS by_register"
	"  FROM " SCHEMA_LISTED " WHERE directive = ifnull(?1, directive) GROUP BY directive),"
	" made AS (SELECT directive, sum(detail ->> 'added') " DONE " AS added,"
	"  sum(detail ->> 'changed') " DONE " AS changed, sum(detail ->> 'removed') " DONE
	"  AS removed, sum(detail ->> 'skipped') AS skipped,"
	"  sum(verb = 'refused') = count(*) AS refused,"
	"  ifnull(max(id) " UNDONE " > ifnull(max(id) " DONE ", 0), 0) AS undone"
	"  FROM record WHERE directive = ifnull(?1, directive) GROUP BY directive),"
	" arrived AS MATERIALIZED (SELECT directive, min(" SCHEMA_ARRIVED ") AS received"
	"  FROM " SCHEMA_ARRIVALS " WHERE directive = ifnull(?1, directive) GROUP BY directive),"
	" number AS (SELECT directive FROM entries UNION SELECT directive FROM made),"
	" whole AS (SELECT number.directive AS number, d.record,"
	"  d.issuer, d.reference, d.issued, " SCHEMA_DUE " AS due,"
	"  min(ifnull(arrived.received, f.time), ifnull(f.time, arrived.received))"
	" AS received, d.who,"
	"  ifnull(listed.listed, 0) AS listed, ifnull(by_file, 0) AS by_file,"
	"  ifnull(by_hand, 0) AS by_hand, ifnull(by_register, 0) AS by_register,"
	"  ifnull(entries.held, 0) AS held,"
	"  ifnull((SELECT n FROM part WHERE part.directive = number.directive"
	"   AND part.added = ifnull(d.record, entries.added)), 0) AS first,"
	"  made.added, made.changed, made.removed, made.skipped,"
	"  made.undone, made.refused"
	"  FROM number LEFT JOIN directive d ON d.number = number.directive"
	"  LEFT JOIN entries ON entries.directive = number.directive"
	"  LEFT JOIN record f ON f.id = entries.added"
	"  LEFT JOIN arrived ON arrived.directive = number.directive"
	"  LEFT JOIN listed ON listed.directive = number.directive"
	"  LEFT JOIN made ON made.directive = number.directive WHERE number.directive)"
	" SELECT number, issuer, reference, issued, due, received,"
	" (SELECT time FROM enforced WHERE enforced.record >= whole.record"
	"  ORDER BY enforced.record LIMIT 1) AS applied,"
	" who AS actor, listed, first AS initial, by_file, by_hand, by_register, added, changed, "
	"removed, skipped,"
	" CASE WHEN held = 0 AND refused THEN 'refused'"
	"  WHEN held = 0 AND (undone OR first) THEN 'withdrawn'"
	"  WHEN held AND NOT listed THEN 'ended'"
	"  WHEN held < first THEN 'partly' ELSE 'enforced' END AS state"
	" FROM whole ORDER BY number";

static bool is_time(const char *column)
{
	return !strcmp(column, "received") || !strcmp(column, "applied");
}

static json_t *column_json(sqlite3_stmt *s, int column)
{
	char time[DATE_TEXT];

	switch (sqlite3_column_type(s, column)) {
	case SQLITE_NULL:
		return json_null();
	case SQLITE_INTEGER:
		if (is_time(sqlite3_column_name(s, column)))
			return json_string(date_text(sqlite3_column_int64(s, column), time));
		return json_integer(sqlite3_column_int64(s, column));
	default:
		return json_of_text((const char *)sqlite3_column_text(s, column));
	}
}

/* An array of objects, or NULL. */
static json_t *summarize(struct store *store, const uint32_t *number)
{
	sqlite3_stmt *s = store_prepare(store, summary);
	json_t *all = json_array();
	int more = s ? 1 : -EIO;

	if (s && number)
		sqlite3_bind_int64(s, 1, *number);
	if (s)
		sqlite3_bind_int64(s, 2, time(NULL));
	while (more > 0 && (more = store_step(store, s)) > 0) {
		json_t *object = json_object();

		for (int i = 0; i < sqlite3_column_count(s); i++)
			json_object_set_new(object, sqlite3_column_name(s, i), column_json(s, i));
		json_array_append_new(all, object);
	}
	sqlite3_finalize(s);
	if (more)
		json_decref(all);
	return more ? NULL : all;
}

static const struct column {
	const char *name, *heading;
	bool is_figure;
} columns[] = {
	{ "number", "NUMBER", true },
	{ "issuer", "ISSUER", false },
	{ "reference", "REFERENCE", false },
	{ "issued", "ISSUED", false },
	{ "due", "DUE", false },
	{ "received", "RECEIVED", false },
	{ "applied", "APPLIED", false },
	{ "actor", "ACTOR", false },
	{ "listed", "LISTED", true },
	{ "initial", "INITIAL", true },
	{ "by_file", "FILE", true },
	{ "by_hand", "HAND", true },
	{ "by_register", "REGISTER", true },
	{ "added", "ADDED", true },
	{ "changed", "CHANGED", true },
	{ "removed", "REMOVED", true },
	{ "skipped", "SKIPPED", true },
	{ "state", "STATE", false },
};

#define COLUMNS (sizeof(columns) / sizeof(*columns))
#define CELL_TEXT 256

static const char *cell(const json_t *object, const struct column *column, char text[CELL_TEXT])
{
	const json_t *value = json_object_get(object, column->name);

	if (json_is_string(value))
		return json_string_value(value);
	snprintf(text, CELL_TEXT, json_is_integer(value) ? "%" JSON_INTEGER_FORMAT : "-",
		 json_integer_value(value));
	return text;
}

/* How many columns of a terminal the text takes, at most. */
static int width_of(const char *utf8)
{
	int width = 0;

	for (; *utf8; utf8++)
		width += (*utf8 & 0xc0) != 0x80;
	return width;
}

static void print_cell(const struct column *column, const char *text, int width)
{
	int blanks = width - width_of(text);

	if (column->is_figure)
		printf("%*s%s  ", blanks, "", text);
	else if (column == &columns[COLUMNS - 1])
		puts(text);
	else
		printf("%s%*s  ", text, blanks, "");
}

static void print_table(const json_t *all)
{
	int widths[COLUMNS];
	char text[CELL_TEXT];
	json_t *object;
	size_t i;

	for (size_t c = 0; c < COLUMNS; c++) {
		widths[c] = strlen(columns[c].heading);
		json_array_foreach(all, i, object) {
			int width = width_of(cell(object, &columns[c], text));

			widths[c] = width > widths[c] ? width : widths[c];
		}
	}
	for (size_t c = 0; json_array_size(all) && c < COLUMNS; c++)
		print_cell(&columns[c], columns[c].heading, widths[c]);
	json_array_foreach(all, i, object)
		for (size_t c = 0; c < COLUMNS; c++)
			print_cell(&columns[c], cell(object, &columns[c], text), widths[c]);
}

static void print_json(const json_t *value)
{
	json_dumpf(value, stdout, JSON_COMPACT);
	putchar('\n');
}

static int list(struct store *store)
{
	json_t *all = summarize(store, NULL);

	if (!all)
		return EXIT_FAILED;
	if (opt.json)
		print_json(all);
	else
		print_table(all);
	json_decref(all);
	return EXIT_DONE;
}

/* How many entries of @directive do what, as an object; NULL after complain(). */
static json_t *actions_json(struct store *store, uint32_t directive)
{
	sqlite3_stmt *s =
		store_prepare(store, "SELECT key, action, count(*) FROM listing WHERE"
				     " directive = ? AND removed = 0 AND (until = 0 OR until > ?)"
				     " GROUP BY substr(key, 1, 1) = ?, action");
	const __u8 exception = XEIR_KIND_EXCEPTION;
	json_t *actions = json_object();
	int more = s ? 1 : -EIO;

	if (s) {
		sqlite3_bind_int64(s, 1, directive);
		sqlite3_bind_int64(s, 2, time(NULL));
		sqlite3_bind_blob(s, 3, &exception, sizeof(exception), SQLITE_STATIC);
	}
	while (more > 0 && (more = store_step(store, s)) > 0) {
		const __u8 *kind = sqlite3_column_blob(s, 0);
		const char *action = entry_action(kind ? *kind : 0, sqlite3_column_int(s, 1));

		json_object_set_new(actions, action, json_integer(sqlite3_column_int64(s, 2)));
	}
	sqlite3_finalize(s);
	if (more)
		json_decref(actions);
	return more ? NULL : actions;
}

static json_t *records_json(struct store *store, uint32_t directive)
{
	sqlite3_stmt *s = journal_of_directive(store, directive);
	json_t *records = json_array();
	int more = s ? 1 : -EIO;

	while (more > 0 && (more = store_step(store, s)) > 0)
		json_array_append_new(records, journal_record_json(s));
	sqlite3_finalize(s);
	if (more)
		json_decref(records);
	return more ? NULL : records;
}

static int print_records(struct store *store, uint32_t directive)
{
	sqlite3_stmt *s = journal_of_directive(store, directive);
	int err = s ? journal_print(store, s) : -EIO;

	sqlite3_finalize(s);
	return err;
}

static int show_text(struct store *store, uint32_t directive, const json_t *object)
{
	const json_t *actions = json_object_get(object, "actions");
	const char *action, *separator = "  ";
	char text[CELL_TEXT];
	json_t *n;

	for (size_t c = 0; c < COLUMNS; c++) {
		if (!strcmp(columns[c].name, "initial"))
			continue;
		printf("%-11s  %s", columns[c].name, cell(object, &columns[c], text));
		if (!strcmp(columns[c].name, "listed"))
			printf(" of %" JSON_INTEGER_FORMAT,
			       json_integer_value(json_object_get(object, "initial")));
		putchar('\n');
	}
	if (json_object_size(actions))
		printf("%-11s", "actions");
	json_object_foreach((json_t *)actions, action, n) {
		printf("%s%s %" JSON_INTEGER_FORMAT, separator, action, json_integer_value(n));
		separator = ", ";
	}
	puts(json_object_size(actions) ? "\n" : "");
	return print_records(store, directive);
}

static int no_directive(uint32_t directive)
{
	complain("there is no directive %u in the journal", directive);
	return -ENOENT;
}

static int show(struct store *store, uint32_t directive)
{
	json_t *all = summarize(store, &directive), *object, *actions;
	int err = 0;

	if (!all)
		return EXIT_FAILED;
	object = json_array_get(all, 0);
	actions = object ? actions_json(store, directive) : NULL;
	if (!object)
		err = no_directive(directive);
	else if (!actions)
		err = -EIO;
	else
		json_object_set_new(object, "actions", actions);
	if (!err && opt.json) {
		json_t *records = records_json(store, directive);

		err = records ? json_object_set_new(object, "records", records) : -EIO;
		if (!err)
			print_json(object);
	} else if (!err) {
		err = show_text(store, directive, object);
	}
	json_decref(all);
	if (err)
		return err == -ENOENT ? EXIT_NO : EXIT_FAILED;
	return EXIT_DONE;
}

static int parse(int argc, char **argv, uint32_t *number)
{
	const char *word = argc > 1 ? argv[1] : "";
	bool lists = !strcmp(word, "list");

	if (!lists && strcmp(word, "show") && strcmp(word, "rollback"))
		return bad_usage(&verb_directive, "list, show N or rollback N is expected");
	if (lists && argc > 2)
		return bad_usage(&verb_directive, "list takes no \"%s\"", argv[2]);
	if (lists && opt.directive_given)
		return bad_usage(&verb_directive, "list takes no directive");
	*number = opt.directive;
	if (!lists && argc == 3 && !opt.directive_given &&
	    decimal_read_u32(argv[2], strlen(argv[2]), number))
		*number = 0;
	if (!lists && (argc != 3 - opt.directive_given || !*number))
		return bad_usage(&verb_directive, "%s takes one number from 1 to 4294967295", word);
	if (opt.dry_run && *word != 'r')
		return bad_usage(&verb_directive, "--dry-run does not apply to directive %s", word);
	return EXIT_DONE;
}

static int run(int argc, char **argv)
{
	uint32_t number;
	struct store store;
	int status = parse(argc, argv, &number);

	if (status)
		return status;
	if (*argv[1] == 'r')
		return directive_rollback(number);
	if (journal_open(&store))
		return EXIT_FAILED;
	/* all of it as it is at one instant */
	if (store_run(&store, "BEGIN"))
		status = EXIT_FAILED;
	else
		status = *argv[1] == 'l' ? list(&store) : show(&store, number);
	store_close(&store);
	return status;
}

const struct verb verb_directive = {
	.name = "directive",
	.usage = "list|show N|rollback N",
	.summary = "print what became of directives, or withdraw one",
	.help = "list: each directive with issuer, reference, dates of issue, deadline, receipt\n"
		"and enforcement, actor, entries listed now and initially, entries added, changed\n"
		"and removed, lines skipped, and state: enforced, partly, withdrawn or ended.\n"
		"show N: the same of one, its entries by action, and its records.\n"
		"rollback N: at one instant, the entries of the directive are unlisted, and those\n"
		"that it unlisted are listed again. Entries that another directive also lists\n"
		"stay, and their number is printed.\n\n"
		"examples:\n"
		"  xeir directive list\n"
		"  xeir directive show 2026 --json | jq .records[].detail.sha256\n"
		"  xeir directive rollback 2026 --dry-run\n",
	.run = run,
};
