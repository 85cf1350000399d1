// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/restore.h"

#include <errno.h>
#include <jansson.h>
#include <unistd.h>

#include "cmd/load.h"
#include "cmd/save.h"
#include "cmd/verb.h"
#include "journal/chain.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "policy/breaker.h"
#include "policy/projection.h"
#include "policy/settings.h"
#include "session/sighting_file.h"
#include "transport/transport_open.h"

static void print(const struct figures *figures, const struct merged *merged)
{
	json_t *object;

	if (!opt.json) {
		printf("%u listed (generation %u), from the journal\n", figures->entries,
		       figures->generation);
		printf("sightings: %zu added, %zu merged\n", merged->added, merged->merged);
		return;
	}
	object = json_pack("{s:I, s:I, s:o}", "entries", (json_int_t)figures->entries, "generation",
			   (json_int_t)figures->generation, "sightings", load_merged_json(merged));
	json_dumpf(object, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(object);
}

static void warn_unwritable(void)
{
	static bool warned;

	if (!warned)
		fprintf(stderr,
			"xeir: warning: THE JOURNAL %s CANNOT BE WRITTEN: its list is enforced, "
			"but "
			"changes are refused until the disk takes them\n",
			opt.journal);
	warned = true;
}

static int restore_in(struct transport *t, struct store *store)
{
	int err = store_begin(store);

	if (!err)
		err = breaker_settle(t, store);
	if (!err)
		err = projection_restore(t, store);
	if (!err)
		err = settings_mend(store);
	/* the maps have the list; what is lost is the mark of that */
	if (!err && store_commit(store))
		warn_unwritable();
	store_rollback(store);
	return err;
}

static int count(const struct entry *entry, void *n)
{
	(void)entry;
	++*(unsigned int *)n;
	return 0;
}

/* A host that boots with a full disk must not be open: what the journal has is enforced. */
static int open_journal(struct store *store)
{
	if (opt.dry_run || store_is_writable())
		return store_open(store);
	warn_unwritable();
	return store_open_copy(store);
}

int restore_listed(unsigned int *n)
{
	struct store store;
	int err;

	*n = 0;
	if (access(opt.journal, F_OK) && errno == ENOENT)
		return 0;
	/* not to read only: after an upgrade nobody else may have brought it to this version */
	err = open_journal(&store);
	if (err)
		return err;
	err = ledger_iterate(&store, count, n);
	store_close(&store);
	return err;
}

int restore_from_journal(struct figures *figures)
{
	struct transport *t;
	struct store store;
	int err;

	if (access(opt.journal, F_OK) && errno == ENOENT)
		return 1;
	err = open_journal(&store);
	if (err)
		return err;
	if (chain_is_empty(&store) > 0)
		fprintf(stderr,
			"xeir: warning: THE JOURNAL %s HAS NO RECORDS, and so no list; if it was "
			"lost, "
			"put it back, or a saved list by: xeir restore FILE\n",
			opt.journal);
	t = transport_open();
	err = t ? restore_in(t, &store) : -EIO;
	if (!err)
		err = t->ops->figures(t, figures);
	if (t)
		t->ops->close(t);
	store_close(&store);
	return err;
}

/* What is enforced is the journal's; sightings are none of it, and come from where save left them.
 */
static int restore(void)
{
	struct merged merged = {};
	struct figures figures;
	int err = sighting_file_check(SAVE_FILE);

	if (!err)
		err = restore_from_journal(&figures);
	if (err == 1) {
		complain("there is no journal %s; to restore a saved list: xeir restore FILE",
			 opt.journal);
		return EXIT_FAILED;
	}
	if (!err)
		err = sighting_file_restore(SAVE_FILE, &merged);
	if (err)
		return EXIT_FAILED;
	print(&figures, &merged);
	return EXIT_DONE;
}

static int run(int argc, char **argv)
{
	if (argc > 2)
		return bad_usage(&verb_restore, "restore takes one file, - for stdin");
	if (argc == 2)
		return load_file(argv[1], LOAD_RESTORE);
	if (opt.dry_run)
		return bad_usage(&verb_restore, "--dry-run is for a FILE; to see what the journal "
						"would change: xeir verify");
	return restore();
}

const struct verb verb_restore = {
	.name = "restore",
	.usage = "[FILE|-]",
	.summary = "enforce the list of the journal, or of a saved file",
	.help = "Without FILE: list and settings become those of the journal, as after a boot.\n"
		"Only differences are changed. The sightings of\n" SAVE_FILE SIGHTINGS_SUFFIX
		" are added. attach does the same\n"
		"when it creates the maps, but for the sightings.\n\n"
		"With FILE: the list becomes the saved one, in one step, recorded in the journal.\n"
		"The saved list may be empty. Expired entries are left out. With --skip-invalid\n"
		"the handsets of faulty lines are unlisted.\n\n"
		"The sightings of FILE" SIGHTINGS_SUFFIX ", if it exists, are merged with newer\n"
		"ones: first time, last time, and the count, which is the sum if the times do not\n"
		"overlap, else the larger one.\n\n"
		"examples:\n"
		"  xeir restore\n"
		"  xeir restore --dry-run before.csv\n",
	.run = run,
};
