// SPDX-License-Identifier: GPL-2.0-only
#include "load.h"
#include "save.h"
#include "sighting_file.h"
#include "xeir.h"

static int run(int argc, char **argv)
{
	if (argc > 2)
		return bad_usage(&verb_restore, "restore takes one file, - for stdin");
	return load_file(argc == 2 ? argv[1] : SAVE_FILE, LOAD_RESTORE);
}

const struct verb verb_restore = {
	.name = "restore",
	.usage = "[FILE|-]",
	.summary = "make the list what save wrote, and add its sightings",
	.help = "Makes the list equal to a saved one (" SAVE_FILE " when none is\n"
		"named), in one step, as sync does; a saved list may be empty. Entries whose end\n"
		"has passed since are left out. With --skip-invalid the handsets of faulty lines\n"
		"are unlisted.\n\n"
		"The sightings in FILE" SIGHTINGS_SUFFIX ", if it is there, are brought together "
		"with those\n"
		"seen since: seen first, last, and the count, which is the sum where the times do\n"
		"not overlap, else the larger one.\n\n"
		"examples:\n"
		"  xeir restore\n"
		"  xeir restore --dry-run before.csv\n",
	.run = run,
};
