// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/change_print.h"
#include "cmd/verb.h"
#include "lib/say.h"
#include "policy/change.h"
#include "transport/transport_open.h"

static int run(int argc, char **argv)
{
	struct order order = { .verb = "flush", .reach = REACH_ALL };
	struct outcome outcome;
	struct transport *t;
	int err;

	if (argc != 1)
		return bad_usage(&verb_flush, "flush takes no \"%s\"", argv[1]);
	t = transport_open();
	if (!t)
		return EXIT_FAILED;
	err = change_apply(t, &order, &outcome);
	if (!err)
		change_print(t, &outcome, NULL, NULL);
	t->ops->close(t);
	return err ? EXIT_FAILED : EXIT_DONE;
}

const struct verb verb_flush = {
	.name = "flush",
	.usage = "",
	.summary = "unlist everything",
	.help = "Empties the list at one instant.\n\n"
		"examples:\n"
		"  xeir flush --dry-run\n"
		"  xeir save before.csv && xeir flush\n",
	.run = run,
};
