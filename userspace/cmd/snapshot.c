// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>

#include "cmd/verb.h"
#include "journal/chain.h"
#include "journal/store.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "policy/attempts.h"

static int sample(struct store *store, json_t **found)
{
	*found = tried_read(store);
	return *found ? chain_note(store, "sample", 0, *found) : -1;
}

static int run(int argc, char **argv)
{
	struct store store;
	json_t *found;
	int err;

	if (argc > 1)
		return bad_usage(&verb_sample, "sample takes no \"%s\"", argv[1]);
	if (store_open(&store))
		return EXIT_FAILED;
	err = sample(&store, &found);
	store_close(&store);
	if (!err && opt.json) {
		json_dumpf(found, stdout, JSON_COMPACT);
		putchar('\n');
	} else if (!err) {
		printf("%zu directives sampled\n",
		       json_array_size(json_object_get(found, "directives")));
	}
	json_decref(found);
	return err ? EXIT_FAILED : EXIT_DONE;
}

const struct verb verb_sample = {
	.name = "sample",
	.usage = "",
	.summary = "note in the journal what was stopped so far, for the report",
	.help = "The programs count since their maps were made. A sample keeps their counts by\n"
		"directive in the journal, so that they outlive the maps, and that `xeir report` "
		"can\n"
		"tell one day from another. xeir-refresh takes one at each run; what was counted "
		"since\n"
		"the last one is lost when the host goes down.\n\n"
		"examples:\n"
		"  xeir sample\n",
	.run = run,
};
