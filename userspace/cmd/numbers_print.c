// SPDX-License-Identifier: GPL-2.0-only
/* What the register says: counts, lists, the queue, all of one number. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cmd/numbers.h"
#include "cmd/verb.h"
#include "journal/key_column.h"
#include "lib/csv_write.h"
#include "lib/dates.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "numbers/msisdn.h"
#include "policy/settings.h"

static int open_journal(struct store *store)
{
	int err = store_open_to_read(store);

	if (err == -ENOENT)
		complain("there is no journal %s, and so no number in it", opt.journal);
	return err;
}

static int check_arguments(int argc, char **argv, int expected)
{
	if (argc != expected)
		return bad_usage(&verb_numbers, "%s takes %s", *argv,
				 expected == 1 ? "no argument" : "one MSISDN");
	if (opt.due || opt.grace || opt.force || opt.dry_run || opt.skip_invalid)
		return bad_usage(&verb_numbers,
				 "%s changes nothing, and has none of --due, "
				 "--grace, --force, --dry-run, --skip-invalid",
				 *argv);
	return EXIT_DONE;
}

static const char *time_text(int64_t seconds, char text[DATE_TEXT])
{
	return date_text(seconds, text);
}

static const char *column_number(sqlite3_stmt *s, int column, char text[IDENTIFIER_TEXT])
{
	struct xeir_key key = key_column_read(s, column);

	*text = '\0';
	if (key.kind)
		identifier_text(&key, text);
	return text;
}

static const char *column_state(sqlite3_stmt *s, int column)
{
	unsigned int state = sqlite3_column_int(s, column);

	return state < NUMBER_STATES ? number_states[state] : "?";
}

/* What failed has both states by the same record. */
static const char counts[] =
	"SELECT directive, sum(state = 0), sum(state = 0 AND due < ?1), sum(state = 1),"
	" sum(state = 3), sum(state = 3 AND EXISTS (SELECT 1 FROM number f WHERE"
	"  f.msisdn = n.msisdn AND f.directive = n.directive AND f.added = n.added AND"
	"  f.state = 2)) FROM number n WHERE removed = 0 AND (?2 = 0 OR directive = ?2)"
	" GROUP BY directive ORDER BY directive";

static void print_count(sqlite3_stmt *s, size_t before)
{
	static const char *const names[] = { "directive", "pending",	  "overdue",
					     "verified",  "disconnected", "failed" };
	json_t *object;

	if (!opt.json) {
		if (!before)
			puts("DIRECTIVE    PENDING    OVERDUE   VERIFIED  DISCONNECTED        "
			     "FAILED");
		printf("%-10lld %9lld  %9lld  %9lld  %12lld  %12lld\n", sqlite3_column_int64(s, 0),
		       sqlite3_column_int64(s, 1), sqlite3_column_int64(s, 2),
		       sqlite3_column_int64(s, 3), sqlite3_column_int64(s, 4),
		       sqlite3_column_int64(s, 5));
		return;
	}
	object = json_object();
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		json_object_set_new(object, names[i], json_integer(sqlite3_column_int64(s, i)));
	fputs(before ? ",\n" : "\n", stdout);
	json_dumpf(object, stdout, JSON_COMPACT);
	json_decref(object);
}

/* Each row that @sql gives, ?1 being now and ?2 the directive given; with JSON an array. */
static int print_rows(const char *sql, void (*print)(sqlite3_stmt *s, size_t before))
{
	struct store store;
	sqlite3_stmt *s;
	size_t n = 0;
	int more;

	if (open_journal(&store))
		return EXIT_FAILED;
	s = store_prepare(&store, sql);
	more = s ? 1 : -EIO;
	if (s) {
		sqlite3_bind_int64(s, 1, time(NULL));
		sqlite3_bind_int64(s, 2, opt.directive);
	}
	if (opt.json)
		putchar('[');
	while (more > 0 && (more = store_step(&store, s)) > 0)
		print(s, n++);
	if (opt.json)
		puts(n ? "\n]" : "]");
	sqlite3_finalize(s);
	store_close(&store);
	return more ? EXIT_FAILED : EXIT_DONE;
}

int numbers_count(void)
{
	char *argv[] = { (char *)verb_numbers.name, NULL };
	int status = check_arguments(1, argv, 1);

	if (!status && (opt.pending || opt.csv))
		return bad_usage(&verb_numbers, "--pending and --csv are for list and export");
	return status ? status : print_rows(counts, print_count);
}

#define ROWS                                                                       \
	"SELECT msisdn, n.directive, state, due, r.time, why, date FROM number n " \
	"JOIN record r ON r.id = added WHERE removed = 0 AND ?1 IS NOT NULL AND "  \
	"(?2 = 0 OR n.directive = ?2)"
#define ONLY_PENDING " AND state = 0"
#define BY_NUMBER " ORDER BY msisdn, n.directive"

static json_t *text_or_null(const char *text)
{
	return *text ? json_of_text(text) : json_null();
}

static void print_row(sqlite3_stmt *s, size_t before)
{
	char msisdn[IDENTIFIER_TEXT], due[DATE_TEXT], since[DATE_TEXT];

	if (!before)
		printf("%-15s  %-10s  %-12s  %-20s  %-20s  %s\n", "MSISDN", "DIRECTIVE", "STATE",
		       "SINCE", "DUE", "REASON");
	printf("%-15s  %-10lld  %-12s  %-20s  %-20s  %s\n", column_number(s, 0, msisdn),
	       sqlite3_column_int64(s, 1), column_state(s, 2),
	       time_text(sqlite3_column_int64(s, 4), since),
	       time_text(sqlite3_column_int64(s, 3), due), sqlite3_column_text(s, 5));
}

static void print_json(sqlite3_stmt *s, size_t before)
{
	char msisdn[IDENTIFIER_TEXT], due[DATE_TEXT], since[DATE_TEXT], date[DATE_TEXT];
	json_t *object = json_pack(
		"{s:s, s:I, s:s, s:s, s:s, s:o, s:o}", "msisdn", column_number(s, 0, msisdn),
		"directive", (json_int_t)sqlite3_column_int64(s, 1), "state", column_state(s, 2),
		"since", time_text(sqlite3_column_int64(s, 4), since), "due",
		time_text(sqlite3_column_int64(s, 3), due), "date",
		text_or_null(time_text(sqlite3_column_int64(s, 6), date)), "reason",
		text_or_null((const char *)sqlite3_column_text(s, 5)));

	fputs(before ? ",\n" : "\n", stdout);
	json_dumpf(object, stdout, JSON_COMPACT);
	json_decref(object);
}

static void print_csv(sqlite3_stmt *s, size_t before)
{
	char msisdn[IDENTIFIER_TEXT], due[DATE_TEXT], since[DATE_TEXT];
	const char *const fields[] = {
		column_number(s, 0, msisdn),
		(const char *)sqlite3_column_text(s, 1),
		column_state(s, 2),
		time_text(sqlite3_column_int64(s, 4), since),
		time_text(sqlite3_column_int64(s, 3), due),
		(const char *)sqlite3_column_text(s, 5),
	};

	if (!before)
		puts("msisdn,directive,state,since,due,reason");
	csv_write_row(stdout, fields, sizeof(fields) / sizeof(*fields));
}

/* A number under several directives is exported once. */
static void print_plain(sqlite3_stmt *s, size_t before)
{
	static char last[IDENTIFIER_TEXT];
	char msisdn[IDENTIFIER_TEXT];

	column_number(s, 0, msisdn);
	if (!before || strcmp(msisdn, last))
		puts(msisdn);
	strcpy(last, msisdn);
}

static int print_numbers(void (*print)(sqlite3_stmt *s, size_t before))
{
	return print_rows(opt.pending ? ROWS ONLY_PENDING BY_NUMBER : ROWS BY_NUMBER, print);
}

int numbers_list(int argc, char **argv)
{
	int status = check_arguments(argc, argv, 1);

	if (!status && opt.csv)
		return bad_usage(&verb_numbers, "--csv is for export");
	return status ? status : print_numbers(opt.json ? print_json : print_row);
}

int numbers_export(int argc, char **argv)
{
	int status = check_arguments(argc, argv, 1);

	if (!status && opt.csv && opt.json)
		return bad_usage(&verb_numbers, "found --csv and --json, expected one of them");
	if (status)
		return status;
	return print_numbers(opt.json ? print_json : opt.csv ? print_csv : print_plain);
}

static json_t *step_json(sqlite3_stmt *s)
{
	char at[DATE_TEXT], date[DATE_TEXT];

	return json_pack("{s:s, s:o, s:o, s:I, s:s, s:o, s:o}", "time",
			 time_text(sqlite3_column_int64(s, 1), at), "actor",
			 json_of_text((const char *)sqlite3_column_text(s, 2)), "verb",
			 json_of_text((const char *)sqlite3_column_text(s, 3)), "record",
			 (json_int_t)sqlite3_column_int64(s, 4), "state", column_state(s, 5),
			 "date", text_or_null(time_text(sqlite3_column_int64(s, 7), date)),
			 "reason", text_or_null((const char *)sqlite3_column_text(s, 8)));
}

static json_t *link_json(sqlite3_stmt *s)
{
	char imsi[IDENTIFIER_TEXT], imei[IDENTIFIER_TEXT], at[DATE_TEXT];

	return json_pack("{s:o, s:s, s:s, s:I}", "imsi", text_or_null(column_number(s, 1, imsi)),
			 "imei", column_number(s, 2, imei), "time",
			 time_text(sqlite3_column_int64(s, 3), at), "record",
			 (json_int_t)sqlite3_column_int64(s, 4));
}

/* The directive of column 0, among those that came before it. */
static json_t *directive_of(json_t *directives, sqlite3_stmt *s)
{
	json_int_t number = sqlite3_column_int64(s, 0);
	json_t *last = json_array_get(directives, json_array_size(directives) - 1);
	size_t i;

	json_array_foreach(directives, i, last)
		if (json_integer_value(json_object_get(last, "directive")) == number)
			return last;
	last = json_pack("{s:I, s:s, s:n, s:[], s:[]}", "directive", number, "state", "withdrawn",
			 "due", "history", "links");
	json_array_append_new(directives, last);
	return last;
}

static void add_step(json_t *directives, sqlite3_stmt *s)
{
	json_t *of = directive_of(directives, s);
	char due[DATE_TEXT];

	json_array_append_new(json_object_get(of, "history"), step_json(s));
	if (sqlite3_column_int(s, 9))
		return;
	json_object_set_new(of, "state", json_string(column_state(s, 5)));
	json_object_set_new(of, "due", json_string(time_text(sqlite3_column_int64(s, 6), due)));
}

static void add_link(json_t *directives, sqlite3_stmt *s)
{
	json_array_append_new(json_object_get(directive_of(directives, s), "links"), link_json(s));
}

static const char history[] =
	"SELECT n.directive, r.time, r.who, r.verb, r.id, n.state, n.due, n.date, n.why, n.removed"
	" FROM number n JOIN record r ON r.id = n.added WHERE msisdn = ?"
	" ORDER BY n.directive, n.added, n.state";

static const char links[] =
	"SELECT l.directive, l.imsi, l.imei, r.time, r.id FROM link l JOIN record r"
	" ON r.id = l.added WHERE msisdn = ? AND removed = 0 ORDER BY l.directive, l.imsi, l.imei";

static int read_of(struct store *store, const char *sql, const struct xeir_key *msisdn,
		   void (*add)(json_t *directives, sqlite3_stmt *s), json_t *directives)
{
	sqlite3_stmt *s = store_prepare(store, sql);
	int more = s ? 1 : -EIO;

	if (s)
		key_column_bind(s, 1, msisdn);
	while (more > 0 && (more = store_step(store, s)) > 0)
		add(directives, s);
	sqlite3_finalize(s);
	return more;
}

static const char *text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "-";
}

static void print_directive(const json_t *of)
{
	const json_t *each;
	size_t i;

	printf("directive %" JSON_INTEGER_FORMAT ": %s, due %s\n",
	       json_integer_value(json_object_get(of, "directive")), text_of(of, "state"),
	       text_of(of, "due"));
	json_array_foreach(json_object_get(of, "history"), i, each)
		printf("  %s  %-12s  %s, by %s (%s, record %" JSON_INTEGER_FORMAT ")\n",
		       text_of(each, "time"), text_of(each, "state"), text_of(each, "reason"),
		       text_of(each, "actor"), text_of(each, "verb"),
		       json_integer_value(json_object_get(each, "record")));
	json_array_foreach(json_object_get(of, "links"), i, each)
		printf("  seen with IMEI %s, IMSI %s (record %" JSON_INTEGER_FORMAT ")\n",
		       text_of(each, "imei"), text_of(each, "imsi"),
		       json_integer_value(json_object_get(each, "record")));
}

static int print_known(const char *msisdn, json_t *directives)
{
	const json_t *each;
	json_t *object;
	size_t i;

	if (!opt.json) {
		puts(msisdn);
		json_array_foreach(directives, i, each)
			print_directive(each);
		return EXIT_DONE;
	}
	object = json_pack("{s:s, s:O}", "msisdn", msisdn, "directives", directives);
	json_dumpf(object, stdout, JSON_COMPACT);
	puts("");
	json_decref(object);
	return EXIT_DONE;
}

static int show(struct store *store, const char *text)
{
	char country[SETTING_TEXT], msisdn[IDENTIFIER_TEXT];
	json_t *directives = json_array();
	struct identifier_error error;
	struct xeir_key key;
	int status = journal_setting_country(store, country) ? EXIT_FAILED : EXIT_DONE;

	if (!status && msisdn_read(text, strlen(text), country, &key, &error))
		status = bad_usage(&verb_numbers, "\"%s\": found %s, expected %s", text,
				   error.found, error.expected);
	if (!status && (read_of(store, history, &key, add_step, directives) ||
			read_of(store, links, &key, add_link, directives)))
		status = EXIT_FAILED;
	if (!status) {
		identifier_text(&key, msisdn);
		if (json_array_size(directives)) {
			status = print_known(msisdn, directives);
		} else {
			complain("%s is not in the register", msisdn);
			status = EXIT_NO;
		}
	}
	json_decref(directives);
	return status;
}

int numbers_show(int argc, char **argv)
{
	struct store store;
	int status = check_arguments(argc, argv, 2);

	if (!status && (opt.csv || opt.pending || opt.directive))
		return bad_usage(&verb_numbers, "show has no options");
	if (!status && open_journal(&store))
		status = EXIT_FAILED;
	if (status)
		return status;
	status = show(&store, argv[1]);
	store_close(&store);
	return status;
}
