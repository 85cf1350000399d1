// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "cmd/change_print.h"
#include "cmd/operands.h"
#include "cmd/verb.h"
#include "lib/identifier.h"
#include "lib/identifiers_json.h"
#include "lib/say.h"
#include "lib/sort.h"
#include "policy/change.h"
#include "session/tac_guard.h"
#include "transport/transport_open.h"

/* A transport wants each key once. */
static void make_distinct(struct operands *operands)
{
	size_t n = 1;

	sort_by_key(operands->keys, operands->n, sizeof(*operands->keys));
	for (size_t i = 1; i < operands->n; i++)
		if (key_order(&operands->keys[i], &operands->keys[n - 1]))
			operands->keys[n++] = operands->keys[i];
	operands->n = n;
}

static int block(struct transport *t, const struct operands *operands)
{
	struct entry *entries = calloc(operands->n, sizeof(*entries));
	struct order order = {
		.verb = "block",
		.directive = operands->side.directive,
		.detail = identifiers_json(operands->keys, operands->n),
		.caution = CAUTION_NAMED,
		.puts = entries,
		.n_puts = operands->n,
	};
	struct outcome outcome;
	int status;

	if (!entries) {
		complain("%s", strerror(ENOMEM));
		json_decref(order.detail);
		return EXIT_FAILED;
	}
	for (size_t i = 0; i < operands->n; i++) {
		entries[i].key = operands->keys[i];
		entries[i].side = operands->side;
	}
	status = tac_guard_check(t, entries, operands->n);
	if (!status)
		status = change_status(change_apply(t, &order, &outcome));
	if (!status)
		status = change_print(t, &outcome, NULL, NULL);
	json_decref(order.detail);
	free(entries);
	return status;
}

/* An IMEI may be listed by its TAC alone, which stops all of a model. */
static int report_unlisted(struct transport *t, const struct xeir_key *key, const char *number)
{
	struct xeir_key tac = identifier_tac_of(key);
	char tac_number[IDENTIFIER_TEXT];
	struct xeir_side side;
	int listed = key->kind == XEIR_KIND_IMEI ? t->ops->get(t, &tac, &side) : 0;

	if (listed < 0)
		return listed;
	if (listed) {
		identifier_text(&tac, tac_number);
		fprintf(stderr,
			"xeir: %s is not listed, but its TAC is, with all handsets of the model: "
			"xeir unblock tac %s\n",
			number, tac_number);
	} else {
		fprintf(stderr, "xeir: %s is not listed\n", number);
	}
	return 0;
}

/* Tell which are not listed; their number, or a negative errno. */
static ssize_t find_unlisted(struct transport *t, const struct operands *operands, json_t *unlisted)
{
	ssize_t n = 0;

	for (size_t i = 0; i < operands->n; i++) {
		char number[IDENTIFIER_TEXT];
		struct xeir_side side;
		int listed = t->ops->get(t, &operands->keys[i], &side);

		if (listed < 0)
			return listed;
		if (listed)
			continue;
		n++;
		identifier_text(&operands->keys[i], number);
		json_array_append_new(unlisted, json_string(number));
		listed = report_unlisted(t, &operands->keys[i], number);
		if (listed < 0)
			return listed;
	}
	return n;
}

static int unblock(struct transport *t, const struct operands *operands)
{
	struct order order = {
		.verb = "unblock",
		.detail = identifiers_json(operands->keys, operands->n),
		.removes = operands->keys,
		.n_removes = operands->n,
	};
	json_t *unlisted = json_array();
	ssize_t n = find_unlisted(t, operands, unlisted);
	struct outcome outcome;
	int err = n < 0 ? n : change_apply(t, &order, &outcome);

	if (!err)
		change_print(t, &outcome, NULL, json_pack("{s:O}", "not_listed", unlisted));
	json_decref(unlisted);
	json_decref(order.detail);
	if (err)
		return change_status(err);
	return (size_t)n == operands->n ? EXIT_NO : EXIT_DONE;
}

static int run(const struct verb *verb, int argc, char **argv, bool words,
	       int (*change)(struct transport *t, const struct operands *operands))
{
	struct transport *t;
	struct operands operands;
	int status = operands_read(verb, argc, argv, words, &operands);

	if (status)
		return status;
	make_distinct(&operands);
	t = transport_open();
	status = t ? change(t, &operands) : EXIT_FAILED;
	if (t)
		t->ops->close(t);
	operands_free(&operands);
	return status;
}

static int run_block(int argc, char **argv)
{
	return run(&verb_block, argc, argv, true, block);
}

static int run_unblock(int argc, char **argv)
{
	return run(&verb_unblock, argc, argv, false, unblock);
}

const struct verb verb_block = {
	.name = "block",
	.usage = "[IMEI...] [tac TAC...] [imsi IMSI...] [msisdn MSISDN...] "
		 "[action drop|reject|watch] [directive N] [expiry DATE]",
	.summary = "list handsets, models by TAC, or subscribers",
	.help = "Lists the identifiers, all at one instant. An IMEI has 14 digits, 15 with its\n"
		"check digit (or 0 in its place), or 16 as IMEISV; a TAC has 8, an IMSI 6 to 15,\n"
		"an MSISDN 5 to 15 from the country code on, with or without +. Dashes, blanks\n"
		"and slashes are ignored where people write them. tac FIRST-LAST is a range.\n\n"
		"drop discards a request, reject answers it with a cause, watch lets it pass and\n"
		"reports an event. A TAC blocks every handset of a model: xeir prints how many\n"
		"were seen, and --yes confirms. A handset of xeir protect needs --force REASON.\n\n"
		"expiry DATE is YYYY-MM-DD (the entry ends as that day begins, UTC) or\n"
		"YYYY-MM-DDTHH:MM:SSZ. Without it the entry never expires; without action it gets\n"
		"the default action (xeir set). An entry of the same directive, or of none, is\n"
		"replaced. Entries of other directives stay: an entry that stops is enforced\n"
		"before one that watches.\n\n"
		"examples:\n"
		"  xeir block 490154203237518\n"
		"  xeir block 49-015420-323751 35-349006-987331 action watch directive 7\n"
		"  xeir block tac 35349006 expiry 2030-12-31 --yes\n"
		"  xeir block imsi 404010123456789 msisdn +919812345678 action reject\n",
	.run = run_block,
};

const struct verb verb_unblock = {
	.name = "unblock",
	.usage = "[IMEI...] [tac TAC...] [imsi IMSI...] [msisdn MSISDN...]",
	.summary = "unlist them",
	.help = "Unlists the identifiers, all at one instant, and prints which are not listed. An\n"
		"IMEI that is listed only by its TAC stays blocked. Exit status 1 if none of them\n"
		"is listed.\n\n"
		"examples:\n"
		"  xeir unblock 490154203237518\n"
		"  xeir unblock tac 35349006\n",
	.run = run_unblock,
};
