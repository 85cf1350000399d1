// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <jansson.h>
#include <string.h>
#include <sys/stat.h>
#include "cmd/save.h"
#include "cmd/verb.h"
#include "directive/listing.h"
#include "lib/csv_write.h"
#include "lib/dates.h"
#include "lib/enum_names.h"
#include "lib/identifier.h"
#include "lib/opt.h"
#include "lib/outfile.h"
#include "lib/say.h"
#include "session/sighting_file.h"

static int print_csv(FILE *to, void *arg)
{
	const struct memory_list *listing = arg;
	static const __u8 kinds[] = { XEIR_KIND_IMEI, XEIR_KIND_TAC, XEIR_KIND_IMSI,
				      XEIR_KIND_MSISDN };
	enum { KINDS = sizeof(kinds) };

	fputs("imei,tac,imsi,msisdn,action,directive,expiry\n", to);
	for (size_t i = 0; i < listing->n; i++) {
		const struct entry *entry = &listing->entries[i];
		char ids[KINDS][IDENTIFIER_TEXT], expiry[DATE_TEXT], directive[16] = "";
		const char *fields[KINDS + 3];

		for (size_t k = 0; k < KINDS; k++)
			fields[k] = identifier_of_kind(&entry->key, kinds[k], ids[k]);
		if (entry->side.directive)
			snprintf(directive, sizeof(directive), "%u", entry->side.directive);
		fields[KINDS] = entry_action(entry->key.kind, entry->side.action);
		fields[KINDS + 1] = directive;
		fields[KINDS + 2] = date_text(entry->side.expiry, expiry);
		csv_write_row(to, fields, KINDS + 3);
	}
	return 0;
}

/* What was saved, or with opt.dry_run would be. */
struct saved {
	const char *path;
	size_t entries;
	bool with_sightings;
	size_t sightings;
};

static void print_answer(const struct saved *saved)
{
	const char *would = opt.dry_run ? "would be " : "";
	json_t *object;

	if (opt.json) {
		object = json_pack(
			"{s:I, s:o, s:s, s:b}", "entries", (json_int_t)saved->entries, "sightings",
			saved->with_sightings ? json_integer(saved->sightings) : json_null(),
			"file", saved->path, "dry_run", (int)opt.dry_run);
		json_dumpf(object, stdout, JSON_COMPACT);
		putchar('\n');
		json_decref(object);
		return;
	}
	printf("%zu %ssaved in %s\n", saved->entries, would, saved->path);
	if (saved->with_sightings)
		printf("%zu sightings %ssaved in %s" SIGHTINGS_SUFFIX "\n", saved->sightings, would,
		       saved->path);
}

static int save_list(const char *path, struct saved *saved)
{
	struct memory_list listing;
	int err = 0;

	if (listing_read(&listing))
		return EXIT_FAILED;
	saved->entries = listing.n;
	if (!strcmp(path, "-"))
		print_csv(stdout, &listing);
	else if (!opt.dry_run)
		err = outfile_write(path, print_csv, &listing);
	memory_list_free(&listing);
	if (err)
		complain("%s: %s", path, strerror(-err));
	return err ? EXIT_FAILED : EXIT_DONE;
}

static int save(const char *path)
{
	struct saved saved = { .path = path };
	int status = save_list(path, &saved);

	if (status || !strcmp(path, "-"))
		return status;
	saved.with_sightings = sightings_supported() && outfile_is_regular(path);
	if (saved.with_sightings && sighting_file_save(path, &saved.sightings))
		return EXIT_FAILED;
	print_answer(&saved);
	return EXIT_DONE;
}

static int run(int argc, char **argv)
{
	if (argc > 2)
		return bad_usage(&verb_save, "save takes one file, - for stdout");
	if (argc == 1 && !opt.dry_run && mkdir(SAVE_DIR, 0700) && errno != EEXIST) {
		complain(SAVE_DIR ": %s", strerror(errno));
		return EXIT_FAILED;
	}
	return save(argc == 2 ? argv[1] : SAVE_FILE);
}

const struct verb verb_save = {
	.name = "save",
	.usage = "[FILE|-]",
	.summary = "write list and sightings to files for restore",
	.help = "Writes the active entries as sorted CSV to FILE (default\n"
		"" SAVE_FILE "), and the sightings to FILE" SIGHTINGS_SUFFIX ", as\n"
		"xeir sightings --csv prints them. If sightings are off, that file is deleted.\n"
		"Each file is replaced as a whole, durably, with mode 0600. To stdout or a FIFO\n"
		"only the list is written.\n\n"
		"examples:\n"
		"  xeir save\n"
		"  xeir save - | wc -l\n",
	.run = run,
};
