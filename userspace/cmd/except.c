// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include "cmd/change_print.h"
#include "cmd/verb.h"
#include "lib/identifier.h"
#include "lib/identifiers_json.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "policy/change.h"
#include "transport/transport_open.h"

static int read_one(__u8 kind, const char *title, const char *text, struct xeir_key *key)
{
	struct identifier_error error;

	if (identifier_read(kind, text, strlen(text), key, &error))
		return bad_usage(&verb_except, "%s \"%s\": found %s, expected %s", title, text,
				 error.found, error.expected);
	return EXIT_DONE;
}

static int parse(int argc, char **argv, bool *add, struct xeir_key *key)
{
	struct xeir_key imei, imsi;

	if (argc != 5 || strcmp(argv[3], "imsi") ||
	    (strcmp(argv[1], "add") && strcmp(argv[1], "del")))
		return bad_usage(&verb_except, "add or del, and two numbers are expected");
	if (read_one(XEIR_KIND_IMEI, "IMEI", argv[2], &imei) ||
	    read_one(XEIR_KIND_IMSI, "IMSI", argv[4], &imsi))
		return EXIT_BAD;
	*add = *argv[1] == 'a';
	*key = identifier_exception(&imei, &imsi);
	return EXIT_DONE;
}

/* 1: it was there, 0: it was not, or -errno. */
static int report_missing(struct transport *t, const struct xeir_key *key)
{
	char number[IDENTIFIER_TEXT];
	struct xeir_side side;
	int listed = t->ops->get(t, key, &side);

	if (listed)
		return listed;
	identifier_text(key, number);
	fprintf(stderr, "xeir: there is no exception for %s\n", number);
	return 0;
}

static int apply(struct transport *t, bool add, struct xeir_key *key)
{
	/* an exception passes, whatever its action; the kernel wants this one */
	struct entry entry = { *key, { .action = XEIR_ACTION_WATCH, .directive = opt.directive } };
	struct order order = {
		.verb = "except",
		.directive = opt.directive,
		.detail = identifiers_json(key, 1),
		.puts = &entry,
		.n_puts = add,
		.removes = key,
		.n_removes = !add,
	};
	struct outcome outcome;
	int there = add ? 1 : report_missing(t, key);
	int err;

	json_object_set_new(order.detail, "op", json_string(add ? "add" : "del"));
	err = there < 0 ? there : change_apply(t, &order, &outcome);
	json_decref(order.detail);
	if (err)
		return change_status(err);
	change_print(t, &outcome, NULL, NULL);
	return there ? EXIT_DONE : EXIT_NO;
}

static int run(int argc, char **argv)
{
	struct transport *t;
	struct xeir_key key;
	bool add = false;
	int status = parse(argc, argv, &add, &key);

	if (status)
		return status;
	t = transport_open();
	if (!t)
		return EXIT_FAILED;
	status = apply(t, add, &key);
	t->ops->close(t);
	return status;
}

const struct verb verb_except = {
	.name = "except",
	.usage = "add|del IMEI imsi IMSI [directive N]",
	.summary = "let one subscriber use a listed handset",
	.help = "An exception lets the handset pass with this IMSI, although handset, TAC or\n"
		"subscriber are listed. With any other IMSI the list applies. list and save show\n"
		"it with action pass; in a CSV file it is a row with IMEI, IMSI and action pass.\n"
		"Exit status 1 if del finds none.\n\n"
		"examples:\n"
		"  xeir except add 490154203237518 imsi 404010123456789\n"
		"  xeir except del 490154203237518 imsi 404010123456789\n",
	.run = run,
};
