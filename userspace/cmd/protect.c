// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cmd/verb.h"
#include "lib/dates.h"
#include "lib/identifier.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "policy/protection.h"

/* Protecting a handset that is listed already does not take it off the list. */
static int report_listed(struct store *store, const struct xeir_key *imei, json_t *listed)
{
	const struct xeir_key keys[] = { *imei, identifier_tac_of(imei) };
	char number[IDENTIFIER_TEXT], by[IDENTIFIER_TEXT];

	identifier_text(imei, number);
	for (size_t i = 0; i < 2; i++) {
		const char *kind = keys[i].kind == XEIR_KIND_TAC ? "tac " : "";
		int64_t directive = protection_listed_by(store, &keys[i]);

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

/* The operands, and which of them change the protect list. */
struct protect_order {
	const char *op; /* add or del */
	struct protection imeis;
	json_t *changed; /* IMEIs as text */
	json_t *listed; /* likewise, of those to add, listed already */
};

static int find_changed(struct store *store, struct protect_order *order)
{
	bool add = *order->op == 'a';
	struct protection now = {};
	int err = protection_read(store, &now);

	for (size_t i = 0; i < order->imeis.n && !err; i++) {
		const struct xeir_key *imei = &order->imeis.imeis[i];
		char number[IDENTIFIER_TEXT];

		identifier_text(imei, number);
		if (add)
			err = report_listed(store, imei, order->listed);
		if (protection_has(&now, imei) == add)
			fprintf(stderr, "xeir: %s is %s the protect list\n", number,
				add ? "already on" : "not on");
		else
			json_array_append_new(order->changed, json_string(number));
	}
	protection_free(&now);
	return err;
}

static void print_change(const struct protect_order *order)
{
	size_t n = json_array_size(order->changed);
	bool add = *order->op == 'a';
	json_t *object;

	if (!opt.json) {
		printf("%s%zu %s\n", opt.dry_run ? "dry run, nothing is changed: " : "", n,
		       add ? "protected" : "no longer protected");
		return;
	}
	object = json_pack("{s:O, s:O*, s:b}", add ? "added" : "removed", order->changed, "listed",
			   add ? order->listed : NULL, "dry_run", (int)opt.dry_run);
	json_dumpf(object, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(object);
}

static int change_in(struct store *store, struct protect_order *order)
{
	int err = find_changed(store, order);
	bool changes = json_array_size(order->changed);

	if (!err && changes && !opt.dry_run)
		err = protection_record(store, order->op, order->changed);
	if (err)
		return EXIT_FAILED;
	print_change(order);
	return *order->op == 'd' && !changes ? EXIT_NO : EXIT_DONE;
}

static int read_operands(int argc, char **argv, struct protection *imeis)
{
	if (argc == 2)
		return bad_usage(&verb_protect, "no IMEI is given");
	for (int i = 2; i < argc; i++) {
		struct identifier_error error;
		struct xeir_key imei;

		if (identifier_imei(argv[i], strlen(argv[i]), &imei, &error))
			return bad_usage(&verb_protect, "IMEI \"%s\": found %s, expected %s",
					 argv[i], error.found, error.expected);
		if (!protection_has(imeis, &imei) && protection_add(imeis, &imei))
			return EXIT_FAILED;
	}
	return EXIT_DONE;
}

static int change(int argc, char **argv)
{
	struct protect_order order = { .op = argv[1] };
	struct store store;
	int status = read_operands(argc, argv, &order.imeis);

	if (!status && store_open(&store))
		status = EXIT_FAILED;
	if (!status) {
		order.changed = json_array();
		order.listed = json_array();
		status = change_in(&store, &order);
		json_decref(order.changed);
		json_decref(order.listed);
		store_close(&store);
	}
	protection_free(&order.imeis);
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
	.help = "load, sync and block refuse to drop or reject a handset on the protect list, by\n"
		"its IMEI or its TAC, unless --force REASON is given. The journal keeps the list.\n"
		"A handset that is listed already stays listed; add reports it. Without a word,\n"
		"or with list: prints the protected handsets, since when and by whom. Exit status\n"
		"1 if del finds none.\n\n"
		"examples:\n"
		"  xeir protect add 490154203237518 35-349006-987331-9\n"
		"  xeir protect del 490154203237518\n"
		"  xeir protect list --json\n",
	.run = run,
};
