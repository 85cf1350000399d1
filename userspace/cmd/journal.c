// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/journal.h"

#include <errno.h>
#include <inttypes.h>
#include <sodium/utils.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/verb.h"
#include "journal/chain_hash.h"
#include "journal/chain_verify.h"
#include "lib/dates.h"
#include "lib/decimal.h"
#include "lib/opt.h"
#include "lib/say.h"

#define COLUMNS "SELECT id, time, who, verb, directive, detail, hash FROM record "
#define COLUMN_HASH 6
#define ARRAY_PRINTED 5
#define HASH_TEXT (2 * CHAIN_OCTETS + 1)

int journal_open(struct store *store)
{
	int err = store_open_to_read(store);

	if (err == -ENOENT)
		complain("there is no journal %s", opt.journal);
	return err;
}

static sqlite3_stmt *prepare(struct store *store, const char *sql, int64_t number)
{
	sqlite3_stmt *s = store_prepare(store, sql);

	if (s && sqlite3_bind_parameter_count(s))
		sqlite3_bind_int64(s, 1, number);
	return s;
}

sqlite3_stmt *journal_of_directive(struct store *store, uint32_t directive)
{
	return prepare(store,
		       COLUMNS "WHERE directive = ?1 OR id IN"
			       " (SELECT added FROM listing WHERE directive = ?1 UNION"
			       "  SELECT removed FROM listing WHERE directive = ?1) ORDER BY id",
		       directive);
}

static const char *text(sqlite3_stmt *s, int column)
{
	const char *value = (const char *)sqlite3_column_text(s, column);

	return value ? value : "";
}

static const char *hash_text(sqlite3_stmt *s, int column, char hex[HASH_TEXT])
{
	size_t octets = sqlite3_column_bytes(s, column);

	*hex = '\0';
	if (octets == CHAIN_OCTETS)
		sodium_bin2hex(hex, HASH_TEXT, sqlite3_column_blob(s, column), octets);
	return hex;
}

/* What no xeir has written is shown as it is. */
static json_t *detail_json(sqlite3_stmt *record)
{
	json_t *detail = json_loads(text(record, 5), 0, NULL);

	return detail ? detail : json_of_text(text(record, 5));
}

json_t *journal_record_json(sqlite3_stmt *record)
{
	int64_t directive = sqlite3_column_int64(record, 4);
	char time[DATE_TEXT], hash[HASH_TEXT];
	json_t *object;

	date_text(sqlite3_column_int64(record, 1), time);
	hash_text(record, COLUMN_HASH, hash);
	object = json_pack("{s:I, s:s, s:o, s:o, s:o, s:o, s:s}", "id",
			   (json_int_t)sqlite3_column_int64(record, 0), "time", time, "actor",
			   json_of_text(text(record, 2)), "verb", json_of_text(text(record, 3)),
			   "directive", directive ? json_integer(directive) : json_null(), "detail",
			   detail_json(record), "hash", hash);
	return object;
}

int journal_last(struct store *store, json_t **record)
{
	sqlite3_stmt *s = store_prepare(store, COLUMNS "ORDER BY id DESC LIMIT 1");
	int there = s ? store_step(store, s) : -EIO;

	*record = there > 0 ? journal_record_json(s) : NULL;
	sqlite3_finalize(s);
	return there < 0 ? there : 0;
}

static void print_count(const json_t *detail, const char *name, char sign)
{
	const json_t *count = json_object_get(detail, name);
	char figure[24] = "-";

	if (json_is_integer(count))
		snprintf(figure, sizeof(figure), "%c%" JSON_INTEGER_FORMAT, sign,
			 json_integer_value(count));
	printf(" %9s", figure);
}

static bool is_count(const char *name)
{
	return !strcmp(name, "added") || !strcmp(name, "changed") || !strcmp(name, "removed");
}

/* A line is no place for a thousand identifiers. */
static void print_array(const json_t *array)
{
	size_t n = json_array_size(array);

	for (size_t i = 0; i < n && i < ARRAY_PRINTED; i++) {
		putchar(i ? ',' : '[');
		json_dumpf(json_array_get(array, i), stdout, JSON_COMPACT | JSON_ENCODE_ANY);
	}
	printf(",%zu more]", n - ARRAY_PRINTED);
}

static void print_value(const json_t *value)
{
	if (json_array_size(value) > ARRAY_PRINTED)
		print_array(value);
	else
		json_dumpf(value, stdout, JSON_COMPACT | JSON_ENCODE_ANY);
}

static void print_record(sqlite3_stmt *record)
{
	json_t *detail = detail_json(record), *value;
	int64_t directive = sqlite3_column_int64(record, 4);
	char time[DATE_TEXT], number[24] = "-";
	const char *name;

	if (directive)
		snprintf(number, sizeof(number), "%" PRId64, directive);
	printf("%6lld  %-20s  %-12s  %-9s  %10s ", sqlite3_column_int64(record, 0),
	       date_text(sqlite3_column_int64(record, 1), time), text(record, 2), text(record, 3),
	       number);
	print_count(detail, "added", '+');
	print_count(detail, "changed", '~');
	print_count(detail, "removed", '-');
	json_object_foreach(detail, name, value) {
		if (is_count(name))
			continue;
		printf("  %s=", name);
		print_value(value);
	}
	putchar('\n');
	json_decref(detail);
}

int journal_print(struct store *store, sqlite3_stmt *records)
{
	int more = store_step(store, records);

	if (more > 0)
		printf("%6s  %-20s  %-12s  %-9s  %10s  %9s %9s %9s  DETAIL\n", "ID", "TIME",
		       "ACTOR", "VERB", "DIRECTIVE", "+ADDED", "~CHANGED", "-REMOVED");
	for (; more > 0; more = store_step(store, records))
		print_record(records);
	return more;
}

/* A record at a time, as with a long list. */
static int print_json(struct store *store, sqlite3_stmt *records)
{
	const char *separator = "\n";
	int more;

	putchar('[');
	while ((more = store_step(store, records)) > 0) {
		json_t *object = journal_record_json(records);

		fputs(separator, stdout);
		json_dumpf(object, stdout, JSON_COMPACT);
		json_decref(object);
		separator = ",\n";
	}
	puts("\n]");
	return more;
}

/* What there is of the journal, and what is wrong with it. */
struct verdict {
	int64_t records, rows;
	char head[HASH_TEXT];
	json_t *faults;
};

static void found(const char *fault, void *arg)
{
	struct verdict *verdict = arg;

	json_array_append_new(verdict->faults, json_of_text(fault));
}

/* Records that were removed at the end leave a chain that is whole, and does not hold this. */
static int check_head(struct store *store, struct verdict *verdict)
{
	unsigned char hash[CHAIN_OCTETS];
	sqlite3_stmt *s;
	int there;

	if (!opt.head)
		return 0;
	sodium_hex2bin(hash, sizeof(hash), opt.head, 2 * sizeof(hash), NULL, NULL, NULL);
	s = store_prepare(store, "SELECT 1 FROM record WHERE hash = ?");
	if (!s)
		return -EIO;
	sqlite3_bind_blob(s, 1, hash, sizeof(hash), SQLITE_STATIC);
	there = store_step(store, s);
	sqlite3_finalize(s);
	if (!there)
		found("no record has the hash of --head: the records up to it, or it, are not "
		      "those of then",
		      verdict);
	return there < 0 ? there : 0;
}

static int read_extent(struct store *store, struct verdict *verdict)
{
	sqlite3_stmt *s =
		store_prepare(store, "SELECT (SELECT count(*) FROM record),"
				     " (SELECT count(*) FROM listing) + (SELECT count(*) FROM"
				     "  number) + (SELECT count(*) FROM link),"
				     " (SELECT hash FROM record ORDER BY id DESC LIMIT 1)");
	int err = s ? store_step(store, s) : -EIO;

	if (err > 0) {
		verdict->records = sqlite3_column_int64(s, 0);
		verdict->rows = sqlite3_column_int64(s, 1);
		hash_text(s, 2, verdict->head);
	}
	sqlite3_finalize(s);
	return err < 0 ? err : 0;
}

static void print_verdict(const struct verdict *verdict)
{
	size_t i, faults = json_array_size(verdict->faults);
	json_t *object, *fault;

	if (opt.json) {
		object = json_pack("{s:I, s:I, s:s, s:O}", "records", (json_int_t)verdict->records,
				   "rows", (json_int_t)verdict->rows, "head", verdict->head,
				   "faults", verdict->faults);
		json_dumpf(object, stdout, JSON_COMPACT);
		putchar('\n');
		json_decref(object);
		return;
	}
	json_array_foreach(verdict->faults, i, fault)
		puts(json_string_value(fault));
	printf("%" PRId64 " records, %" PRId64 " rows", verdict->records, verdict->rows);
	if (faults)
		printf(", %zu fault%s\n", faults, faults == 1 ? "" : "s");
	else
		printf(", in order; head %s\n", verdict->head);
}

static int verify(struct store *store, uint32_t none)
{
	struct verdict verdict = { .faults = json_array() };
	int64_t err = chain_verify(store, found, &verdict);
	int status;

	(void)none;
	if (err >= 0)
		err = check_head(store, &verdict);
	if (!err)
		err = read_extent(store, &verdict);
	if (!err)
		print_verdict(&verdict);
	if (err)
		status = EXIT_FAILED;
	else
		status = json_array_size(verdict.faults) ? EXIT_NO : EXIT_DONE;
	json_decref(verdict.faults);
	return status;
}

static int show(struct store *store, sqlite3_stmt *records)
{
	int err = -EIO;

	if (records)
		err = opt.json ? print_json(store, records) : journal_print(store, records);
	sqlite3_finalize(records);
	return err ? EXIT_FAILED : EXIT_DONE;
}

static int show_all(struct store *store, uint32_t none)
{
	return show(store, prepare(store, COLUMNS "ORDER BY id", none));
}

static int show_last(struct store *store, uint32_t n)
{
	return show(store,
		    prepare(store,
			    "SELECT * FROM (" COLUMNS "ORDER BY id DESC LIMIT ?) ORDER BY id", n));
}

static int show_directive(struct store *store, uint32_t number)
{
	return show(store, journal_of_directive(store, number));
}

static const struct part {
	const char *word;
	bool takes_number;
	int (*run)(struct store *store, uint32_t number);
} parts[] = {
	{ "", false, show_all },
	{ "verify", false, verify },
	{ "last", true, show_last },
};

static const struct part of_directive = { "directive", false, show_directive };

static int check_head_option(const struct part *part)
{
	size_t digits;

	if (!opt.head)
		return EXIT_DONE;
	if (part->run != verify)
		return bad_usage(&verb_journal, "--head is for journal verify");
	digits = strspn(opt.head, "0123456789abcdefABCDEF");
	if (digits != 2 * CHAIN_OCTETS || opt.head[digits])
		return bad_usage(&verb_journal,
				 "--head: found \"%s\", expected the %d digits of a hash", opt.head,
				 2 * CHAIN_OCTETS);
	return EXIT_DONE;
}

static int parse(int argc, char **argv, const struct part **part, uint32_t *number)
{
	const char *word = argc > 1 ? argv[1] : "";

	*part = opt.directive_given ? &of_directive : NULL;
	*number = opt.directive;
	if (opt.directive_given && argc > 1)
		return bad_usage(&verb_journal,
				 "found \"%s\" and a directive, expected one of them", word);
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts) && !*part; i++)
		if (!strcmp(parts[i].word, word))
			*part = &parts[i];
	if (!*part)
		return bad_usage(&verb_journal,
				 "found \"%s\", expected verify, last N or directive N", word);
	if (!(*part)->takes_number && argc > 2)
		return bad_usage(&verb_journal, "%s takes no \"%s\"", word, argv[2]);
	if ((*part)->takes_number &&
	    (argc != 3 || decimal_read_u32(argv[2], strlen(argv[2]), number)))
		return bad_usage(&verb_journal, "%s takes one number up to 4294967295", word);
	return check_head_option(*part);
}

static int run(int argc, char **argv)
{
	const struct part *part;
	struct store store;
	uint32_t number;
	int status = parse(argc, argv, &part, &number);

	if (status)
		return status;
	if (journal_open(&store))
		return EXIT_FAILED;
	/* all of it as it is at one instant */
	status = store_run(&store, "BEGIN") ? EXIT_FAILED : part->run(&store, number);
	store_close(&store);
	return status;
}

const struct verb verb_journal = {
	.name = "journal",
	.usage = "[verify|last N|directive N]",
	.summary = "print who ordered what, or verify the records",
	.help = "Prints the records: time, actor, verb, directive, how many entries were added,\n"
		"changed and removed, and details. last N: the last ones. directive N: those of a\n"
		"directive, and others that changed its entries.\n\n"
		"verify: the hash of each record covers the record before it and the rows that it\n"
		"added and removed. Faults are printed, a line each; exit status 1 if there are\n"
		"any, 4 if the journal cannot be read. Records cut off at the end are found\n"
		"only with a hash that was kept elsewhere: --head HASH, as printed by an earlier\n"
		"verify.\n\n"
		"examples:\n"
		"  xeir journal last 20\n"
		"  xeir journal directive 2026 --json\n"
		"  xeir journal verify --head 9f86...0a08\n",
	.run = run,
};
