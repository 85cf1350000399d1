// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>

#include "cmd/verb.h"
#include "journal/chain.h"
#include "journal/store.h"
#include "lib/dates.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "policy/attempts.h"
#include "policy/cut_counts.h"

static int take_snapshot(struct store *store, json_t **found)
{
	struct outcome none = {};
	int err = cut_counts_record(store, NULL, &none);

	*found = err ? NULL : attempts_read(store);
	return *found ? chain_note(store, "snapshot", 0, *found) : -1;
}

/* The record counts seconds; the answer has times as all others. */
static void print_json(json_t *found)
{
	json_t *directive;
	size_t i;

	json_array_foreach(json_object_get(found, "directives"), i, directive) {
		json_int_t last = json_integer_value(json_object_get(directive, "last"));
		char text[DATE_TEXT];

		json_object_set_new(directive, "last_seen",
				    last ? json_string(date_text(last, text)) : json_null());
		json_object_del(directive, "last");
	}
	json_dumpf(found, stdout, JSON_COMPACT);
	putchar('\n');
}

static int run(int argc, char **argv)
{
	struct store store;
	json_t *found;
	size_t n;
	int err;

	if (argc > 1)
		return bad_usage(&verb_snapshot, "snapshot takes no \"%s\"", argv[1]);
	if (store_open(&store))
		return EXIT_FAILED;
	err = take_snapshot(&store, &found);
	store_close(&store);
	n = json_array_size(json_object_get(found, "directives"));
	if (!err && opt.json)
		print_json(found);
	else if (!err)
		printf("counters of %zu directive%s saved\n", n, n == 1 ? "" : "s");
	json_decref(found);
	return err ? EXIT_FAILED : EXIT_DONE;
}

const struct verb verb_snapshot = {
	.name = "snapshot",
	.usage = "",
	.summary = "save the counters of each directive in the journal, for report",
	.help = "The programs count attempts since their maps were made. A snapshot saves the\n"
		"counts of each directive in the journal, so that they survive a reboot and\n"
		"`xeir report` can show them by day. xeir-refresh takes one at each run. What was\n"
		"counted after the last snapshot is lost when the host goes down.\n\n"
		"examples:\n"
		"  xeir snapshot\n",
	.run = run,
};
