// SPDX-License-Identifier: GPL-2.0-only
/* What changes the register: add, link, import, expire. */
#include <errno.h>
#include <sodium/utils.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cmd/change_print.h"
#include "cmd/numbers.h"
#include "cmd/verb.h"
#include "journal/key_column.h"
#include "lib/dates.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "numbers/number_file.h"
#include "numbers/register_apply.h"
#include "policy/change.h"
#include "policy/settings.h"
#include "transport/pinned_config.h"
#include "transport/transport_open.h"

#define DAY (24 * 3600)

/* A snapshot comes each day. Where records end long before now, the clock may have jumped. */
#define SILENCE_MAX (7 * DAY)

/* One change on its way. */
struct work {
	struct number_order order;
	struct number_updates updates;
	struct faults faults;
	struct tally tally;
};

static void begin(struct work *work, enum update_kind kind, const char *verb)
{
	*work = (struct work){
		.order = {
			.order = { .verb = verb,
				   .directive = opt.directive,
				   .detail = json_object(),
				   .origin = ORIGIN_REGISTER },
			.kind = kind,
			.updates = &work->updates,
			.faults = &work->faults,
			.tally = &work->tally,
		},
	};
}

static void end(struct work *work)
{
	number_updates_close(&work->updates);
	json_decref(work->order.order.detail);
	json_decref(work->faults.array);
}

static json_t *tally_json(const struct work *work)
{
	const struct tally *t = &work->tally;
	json_t *object = json_pack(
		"{s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "numbers_added", (json_int_t)t->added,
		"numbers_known", (json_int_t)t->known, "numbers_moved", (json_int_t)t->moved,
		"linked", (json_int_t)t->linked, "verified", (json_int_t)t->verified, "failed",
		(json_int_t)t->failed, "disconnected", (json_int_t)t->disconnected);

	json_object_set_new(object, "reconnected", json_integer(t->reconnected));
	json_object_set_new(object, "unchanged", json_integer(t->unchanged));
	json_object_set_new(object, "duplicates", json_integer(t->duplicates));
	json_object_set_new(object, "skipped", json_integer(work->faults.n));
	if (work->faults.array)
		json_object_set(object, "faults", work->faults.array);
	return object;
}

static void print_tally(const struct work *work)
{
	const struct tally *t = &work->tally;
	const char *would = opt.dry_run ? "would be " : "";

	if (work->order.kind == UPDATE_ORDERED || work->order.kind == UPDATE_SEEN)
		printf("numbers: %zu %sadded, %zu known", t->added, would, t->known + t->moved);
	else
		printf("numbers: %zu %sdisconnected, %zu %sverified, %zu of them reconnected, "
		       "%zu unchanged",
		       t->disconnected, would, t->verified, would, t->reconnected, t->unchanged);
	if (t->moved)
		printf(", of which %zu %sgiven another deadline", t->moved, would);
	if (work->order.kind == UPDATE_SEEN)
		printf(", %zu handsets and SIMs %slinked", t->linked, would);
	if (t->duplicates)
		printf(", %zu duplicates", t->duplicates);
	if (work->faults.n)
		printf(", %zu skipped", work->faults.n);
	puts("");
}

static int print_alone(const struct work *work)
{
	json_t *object;

	if (!opt.json) {
		if (opt.dry_run)
			puts("dry run, nothing is changed");
		print_tally(work);
		return EXIT_DONE;
	}
	object = tally_json(work);
	json_object_set_new(object, "dry_run", json_boolean(opt.dry_run));
	json_dumpf(object, stdout, JSON_COMPACT);
	puts("");
	json_decref(object);
	return EXIT_DONE;
}

/* Numbers that become known change nothing of the list, which need not even be there. */
static int apply_alone(struct work *work)
{
	struct list_change change = {};
	struct store store;
	int err = store_open(&store);

	if (err)
		return EXIT_FAILED;
	err = store_begin(&store);
	if (!err)
		err = register_apply(&store, &work->order.order, &change);
	if (!err && !opt.dry_run)
		err = store_commit(&store);
	store_rollback(&store);
	store_close(&store);
	list_change_free(&change);
	if (err)
		return err == -EINVAL ? EXIT_BAD : EXIT_FAILED;
	return print_alone(work);
}

static int apply_listed(struct work *work,
			int (*write)(struct store *, const struct order *, struct list_change *))
{
	struct transport *t = transport_open();
	struct outcome outcome;
	int err, status;

	if (!t)
		return EXIT_FAILED;
	work->order.action = pinned_config_default_action();
	err = change_by(t, &work->order.order, write, &outcome);
	status = err == -EINVAL ? EXIT_BAD : change_status(err);
	if (!err && !opt.json)
		print_tally(work);
	if (!err)
		status = change_print(t, &outcome, NULL, tally_json(work));
	t->ops->close(t);
	return status;
}

/* The journal says what a number of national form is, and when a directive is due. */
static int prepare(char country[SETTING_TEXT], uint32_t *due)
{
	struct store store;
	int err = store_open(&store);

	if (err)
		return err;
	err = journal_setting_country(&store, country);
	if (!err)
		err = register_due(&store, opt.directive, due);
	store_close(&store);
	return err;
}

static int check_arguments(int argc, char **argv, int expected, bool directive)
{
	if (argc != expected)
		return bad_usage(&verb_numbers, "%s takes %s", *argv,
				 expected == 1 ? "no argument" : "one file, - for stdin");
	if (directive && !opt.directive)
		return bad_usage(&verb_numbers, "%s needs --directive N: whose numbers they are",
				 *argv);
	if (opt.due && !directive)
		return bad_usage(&verb_numbers, "--due does not apply to %s", *argv);
	if (opt.grace && strcmp(*argv, "expire"))
		return bad_usage(&verb_numbers, "--grace does not apply to %s", *argv);
	if (opt.force && strcmp(*argv, "expire") && strcmp(*argv, "import"))
		return bad_usage(&verb_numbers, "--force does not apply to %s", *argv);
	if (opt.pending || opt.csv)
		return bad_usage(&verb_numbers, "%s does not apply to %s",
				 opt.csv ? "--csv" : "--pending", *argv);
	return EXIT_DONE;
}

/* Of the record, so that it says what it was made from. */
static void note_file(json_t *detail, const struct number_file *file)
{
	char hex[2 * INPUT_DIGEST + 1];

	sodium_bin2hex(hex, sizeof(hex), file->digest, sizeof(file->digest));
	json_object_set_new(detail, "file", json_of_text(file->path));
	json_object_set_new(detail, "sha256", json_string(hex));
	json_object_set_new(detail, "size", json_integer(file->size));
}

static int read_file(struct work *work, const char *path, const struct number_update *row)
{
	char country[SETTING_TEXT];
	struct number_file file = {
		.path = path,
		.country = country,
		.results = work->order.kind == UPDATE_RESULT,
		.row = *row,
	};
	int err = prepare(country, &file.row.due);

	if (!err)
		err = number_file_read(&file, &work->updates, &work->faults);
	if (err)
		return err == -EINVAL ? EXIT_BAD : EXIT_FAILED;
	work->order.faults_read = work->faults.n;
	note_file(work->order.order.detail, &file);
	return EXIT_DONE;
}

int numbers_add(int argc, char **argv)
{
	const struct number_update row = { .directive = opt.directive, .why = "order" };
	struct work work;
	int status = check_arguments(argc, argv, 2, true);

	if (status)
		return status;
	begin(&work, UPDATE_ORDERED, "numbers add");
	work.faults.path = argv[1];
	status = number_updates_open(&work.updates) ? EXIT_FAILED : read_file(&work, argv[1], &row);
	if (!status)
		status = apply_alone(&work);
	end(&work);
	return status;
}

int numbers_import(int argc, char **argv)
{
	const struct number_update row = {};
	struct work work;
	int status = check_arguments(argc, argv, 2, false);

	if (status)
		return status;
	begin(&work, UPDATE_RESULT, "numbers import");
	work.faults.path = argv[1];
	status = number_updates_open(&work.updates) ? EXIT_FAILED : read_file(&work, argv[1], &row);
	if (!status)
		status = apply_listed(&work, register_apply);
	end(&work);
	return status;
}

static int read_seen(struct work *work)
{
	struct store store;
	int status;

	if (store_open(&store))
		return EXIT_FAILED;
	status = numbers_seen(&store, opt.directive, &work->updates);
	store_close(&store);
	return status;
}

int numbers_link(int argc, char **argv)
{
	struct work work;
	int status = check_arguments(argc, argv, 1, true);

	if (status)
		return status;
	begin(&work, UPDATE_SEEN, "numbers link");
	status = number_updates_open(&work.updates) ? EXIT_FAILED : read_seen(&work);
	if (!status)
		status = apply_listed(&work, register_apply);
	end(&work);
	return status;
}

/* What is overdue is looked up where nobody can change it any more. */
static int write_overdue(struct store *store, const struct order *order, struct list_change *change)
{
	struct number_updates *updates = ((const struct number_order *)order)->updates;
	sqlite3_stmt *s = store_prepare(store, "SELECT msisdn, directive FROM number WHERE "
					       "removed = 0 AND state = 0 AND due + ?1 < ?2 AND "
					       "(?3 = 0 OR directive = ?3)");
	int more = s ? number_updates_clear(updates) : -EIO;

	if (!more) {
		sqlite3_bind_int64(s, 1, (int64_t)opt.grace * DAY);
		sqlite3_bind_int64(s, 2, time(NULL));
		sqlite3_bind_int64(s, 3, opt.directive);
		more = 1;
	}
	while (more > 0 && (more = store_step(store, s)) > 0) {
		const struct number_update update = {
			.msisdn = key_column_read(s, 0),
			.directive = sqlite3_column_int64(s, 1),
			.state = NUMBER_DISCONNECTED,
			.why = "overdue",
		};
		int err = number_updates_put(updates, &update);

		more = err ? err : more;
	}
	sqlite3_finalize(s);
	return more ? more : register_apply(store, order, change);
}

/* The refusal is not recorded: it would be the last record when the timer runs again. */
static int check_silence(int64_t last, json_t *detail)
{
	int64_t now = time(NULL);
	char then[DATE_TEXT], text[DATE_TEXT];

	if (!last || now - last <= SILENCE_MAX)
		return EXIT_DONE;
	if (opt.force) {
		json_object_set_new(detail, "forced", json_of_text(opt.force));
		return EXIT_DONE;
	}
	complain("it is %s by the clock, and the last record is of %s, over 7 days before; "
		 "nothing is disconnected; if the clock is right: --force REASON",
		 date_text(now, text), date_text(last, then));
	return EXIT_BAD;
}

static int check_clock(json_t *detail)
{
	struct store store;
	sqlite3_stmt *s;
	int64_t last = 0;
	int more;

	if (store_open(&store))
		return EXIT_FAILED;
	s = store_prepare(&store, "SELECT time FROM record ORDER BY id DESC LIMIT 1");
	more = s ? store_step(&store, s) : -EIO;
	if (more > 0)
		last = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	store_close(&store);
	return more < 0 ? EXIT_FAILED : check_silence(last, detail);
}

int numbers_expire(int argc, char **argv)
{
	struct work work;
	int status = check_arguments(argc, argv, 1, false);

	if (status)
		return status;
	begin(&work, UPDATE_OVERDUE, "numbers expire");
	json_object_set_new(work.order.order.detail, "grace", json_integer(opt.grace));
	status = check_clock(work.order.order.detail);
	if (!status && number_updates_open(&work.updates))
		status = EXIT_FAILED;
	if (!status)
		status = apply_listed(&work, write_overdue);
	end(&work);
	return status;
}
