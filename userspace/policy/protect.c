// SPDX-License-Identifier: GPL-2.0-only
#include "policy/protect.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cmd/verb.h"
#include "journal/chain.h"
#include "lib/dates.h"
#include "lib/identifier.h"
#include "lib/opt.h"
#include "lib/say.h"

static int add_key(struct protection *protect, const char *text)
{
	struct xeir_key *more = reallocarray(protect->imeis, protect->n + 1, sizeof(*more));
	struct identifier_error error;

	if (!more) {
		complain("%s", strerror(ENOMEM));
		return -ENOMEM;
	}
	protect->imeis = more;
	if (identifier_imei(text, strlen(text), &more[protect->n], &error)) {
		complain("the protect list: found %s, expected %s", error.found, error.expected);
		return -EINVAL;
	}
	protect->n++;
	return 0;
}

int protection_read(struct store *store, struct protection *protect)
{
	sqlite3_stmt *s = store_prepare(store, "SELECT imei FROM protected ORDER BY imei");
	int more = s ? 1 : -EIO;

	while (more > 0 && (more = store_step(store, s)) > 0) {
		int err = add_key(protect, (const char *)sqlite3_column_text(s, 0));

		more = err ? err : more;
	}
	sqlite3_finalize(s);
	return more;
}

void protection_free(struct protection *protect)
{
	free(protect->imeis);
	*protect = (struct protection){};
}

/* The directive that stops it now, 0: none that has a number; -ENOENT: none at all; -errno. */
static int64_t listed_by(struct store *store, const struct xeir_key *key)
{
	sqlite3_stmt *s = store_prepare(store, "SELECT directive FROM listing WHERE key = ? AND "
					       "removed = 0 AND action > ? AND "
					       "(until = 0 OR until > ?) ORDER BY added DESC");
	int64_t found = s ? 0 : -EIO;

	if (!s)
		return found;
	sqlite3_bind_blob(s, 1, key, 1 + xeir_key_octets(key->kind), SQLITE_STATIC);
	sqlite3_bind_int(s, 2, XEIR_ACTION_WATCH);
	sqlite3_bind_int64(s, 3, time(NULL));
	found = store_step(store, s);
	if (found >= 0)
		found = found ? sqlite3_column_int64(s, 0) : -ENOENT;
	sqlite3_finalize(s);
	return found;
}

/* To protect it is too late then, and takes nothing off the list. */
static int tell_listed(struct store *store, const struct xeir_key *imei, json_t *listed)
{
	const struct xeir_key keys[] = { *imei, identifier_tac_of(imei) };
	char number[IDENTIFIER_TEXT], by[IDENTIFIER_TEXT];

	identifier_text(imei, number);
	for (size_t i = 0; i < 2; i++) {
		const char *kind = keys[i].kind == XEIR_KIND_TAC ? "tac " : "";
		int64_t directive = listed_by(store, &keys[i]);

		if (directive == -ENOENT)
			continue;
		if (directive < 0)
			return directive;
		identifier_text(&keys[i], by);
		fprintf(stderr, "xeir: warning: %s is listed already", number);
		if (*kind)
			fputs(" by its TAC", stderr);
		if (directive)
			fprintf(stderr, ", by directive %lld", (long long)directive);
		fprintf(stderr, ", and stays so until: xeir unblock %s%s\n", kind, by);
		json_array_append_new(listed, json_string(number));
		break;
	}
	return 0;
}

static bool is_protected(const struct protection *protect, const struct xeir_key *imei)
{
	for (size_t i = 0; i < protect->n; i++)
		if (!memcmp(&protect->imeis[i], imei, sizeof(*imei)))
			return true;
	return false;
}

/* What is asked for, and what is new of it. */
struct wish {
	const char *word; /* add or del */
	struct protection imeis;
	json_t *changed; /* numbers */
	json_t *listed;
};

static int find_changed(struct store *store, struct wish *wish)
{
	bool add = *wish->word == 'a';
	struct protection now = {};
	int err = protection_read(store, &now);

	for (size_t i = 0; i < wish->imeis.n && !err; i++) {
		const struct xeir_key *imei = &wish->imeis.imeis[i];
		char number[IDENTIFIER_TEXT];

		identifier_text(imei, number);
		if (add)
			err = tell_listed(store, imei, wish->listed);
		if (is_protected(&now, imei) == add)
			fprintf(stderr, "xeir: %s is %s the protect list\n", number,
				add ? "already on" : "not on");
		else
			json_array_append_new(wish->changed, json_string(number));
	}
	protection_free(&now);
	return err;
}

static void print_change(const struct wish *wish)
{
	size_t n = json_array_size(wish->changed);
	bool add = *wish->word == 'a';
	json_t *object;

	if (!opt.json) {
		printf("%s%zu %s\n", opt.dry_run ? "dry run, nothing is changed: " : "", n,
		       add ? "protected" : "no longer protected");
		return;
	}
	object = json_pack("{s:O, s:O*, s:b}", add ? "added" : "removed", wish->changed, "listed",
			   add ? wish->listed : NULL, "dry_run", (int)opt.dry_run);
	json_dumpf(object, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(object);
}

static int change_in(struct store *store, struct wish *wish)
{
	json_t *detail = json_pack("{s:O}", wish->word, wish->changed);
	int err = find_changed(store, wish);
	bool changes = json_array_size(wish->changed);

	if (!err && changes && !opt.dry_run)
		err = chain_note(store, "protect", 0, detail);
	json_decref(detail);
	if (err)
		return EXIT_FAILED;
	print_change(wish);
	return *wish->word == 'd' && !changes ? EXIT_FAILED : EXIT_DONE;
}

static int read_numbers(int argc, char **argv, struct protection *imeis)
{
	if (argc == 2)
		return bad_usage(&verb_protect, "no IMEI is given");
	for (int i = 2; i < argc; i++) {
		struct identifier_error error;
		struct xeir_key imei;
		char number[IDENTIFIER_TEXT];

		if (identifier_imei(argv[i], strlen(argv[i]), &imei, &error))
			return bad_usage(&verb_protect, "IMEI \"%s\": found %s, expected %s",
					 argv[i], error.found, error.expected);
		identifier_text(&imei, number);
		if (!is_protected(imeis, &imei) && add_key(imeis, number))
			return EXIT_FAILED;
	}
	return EXIT_DONE;
}

static int change(int argc, char **argv)
{
	struct wish wish = { .word = argv[1] };
	struct store store;
	int status = read_numbers(argc, argv, &wish.imeis);

	if (!status && store_open(&store))
		status = EXIT_FAILED;
	if (!status) {
		wish.changed = json_array();
		wish.listed = json_array();
		status = change_in(&store, &wish);
		json_decref(wish.changed);
		json_decref(wish.listed);
		store_close(&store);
	}
	protection_free(&wish.imeis);
	return status;
}

static json_t *row_json(sqlite3_stmt *s)
{
	char since[DATE_TEXT];

	return json_pack("{s:s, s:s, s:s}", "imei", sqlite3_column_text(s, 0), "since",
			 date_text(sqlite3_column_int64(s, 1), since), "actor",
			 sqlite3_column_text(s, 2));
}

static void print_list(json_t *all)
{
	json_t *row;
	size_t i;

	if (opt.json) {
		json_dumpf(all, stdout, JSON_COMPACT);
		putchar('\n');
		return;
	}
	if (json_array_size(all))
		printf("%-14s  %-20s  %s\n", "IMEI", "SINCE", "ACTOR");
	json_array_foreach(all, i, row)
		printf("%-14s  %-20s  %s\n", json_string_value(json_object_get(row, "imei")),
		       json_string_value(json_object_get(row, "since")),
		       json_string_value(json_object_get(row, "actor")));
}

static int read_list(struct store *store, json_t *all)
{
	sqlite3_stmt *s = store_prepare(store, "SELECT p.imei, r.time, r.who FROM protected p "
					       "JOIN record r ON r.id = p.record ORDER BY p.imei");
	int more = s ? 1 : -EIO;

	while (more > 0 && (more = store_step(store, s)) > 0)
		json_array_append_new(all, row_json(s));
	sqlite3_finalize(s);
	return more;
}

/* Without a journal nobody is protected. */
static int list(void)
{
	json_t *all = json_array();
	struct store store;
	int err = store_open_to_read(&store);

	if (!err) {
		err = read_list(&store, all);
		store_close(&store);
	}
	if (!err || err == -ENOENT)
		print_list(all);
	json_decref(all);
	return !err || err == -ENOENT ? EXIT_DONE : EXIT_FAILED;
}

static int run(int argc, char **argv)
{
	if (argc == 1 || (argc == 2 && !strcmp(argv[1], "list")))
		return opt.dry_run ? bad_usage(&verb_protect, "--dry-run is for add and del") :
				     list();
	if (!strcmp(argv[1], "add") || !strcmp(argv[1], "del"))
		return change(argc, argv);
	return bad_usage(&verb_protect, "found \"%s\", expected add, del or list", argv[1]);
}

const struct verb verb_protect = {
	.name = "protect",
	.usage = "[add IMEI...|del IMEI...|list]",
	.summary = "keep the operator's own handsets off the list",
	.help = "Handsets on the protect list, as the operator's own test and executive devices,\n"
		"are listed by mistake only: load, sync and block refuse what would drop or\n"
		"reject one, by its IMEI or its TAC, unless --force REASON is given. The journal\n"
		"keeps the list. What is listed already stays so, which add tells. Without a\n"
		"word, or by list, shows who is protected, since when and by whom. Exit status 1\n"
		"if del finds none.\n\n"
		"examples:\n"
		"  xeir protect add 490154203237518 35-349006-987331-9\n"
		"  xeir protect del 490154203237518\n"
		"  xeir protect list --json\n",
	.run = run,
};
