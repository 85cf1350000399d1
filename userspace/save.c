// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "names.h"
#include "number.h"
#include "save.h"
#include "listing.h"
#include "until.h"
#include "xeir.h"

static void print_csv(FILE *to, const struct snapshot *listing)
{
	static const __u8 columns[] = { XEIR_KIND_IMEI, XEIR_KIND_TAC, XEIR_KIND_IMSI,
					XEIR_KIND_MSISDN };

	fputs("imei,tac,imsi,msisdn,action,directive,until\n", to);
	for (size_t i = 0; i < listing->n; i++) {
		const struct entry *entry = &listing->entries[i];
		char number[NUMBER_TEXT], until[UNTIL_TEXT], directive[16] = "";

		for (size_t c = 0; c < sizeof(columns); c++)
			fprintf(to, "%s,", number_of_kind(&entry->key, columns[c], number));
		if (entry->side.directive)
			snprintf(directive, sizeof(directive), "%u", entry->side.directive);
		fprintf(to, "%s,%s,%s\n", entry_action(entry->key.kind, entry->side.action),
			directive, until_text(entry->side.until, until));
	}
}

static int write_out(int fd, const struct snapshot *listing)
{
	FILE *to = fdopen(fd, "w");
	int err = 0;

	if (!to) {
		err = -errno;
		close(fd);
		return err;
	}
	print_csv(to, listing);
	/* a pipe or a terminal keeps nothing that could be synced */
	if (fflush(to) || ferror(to) || (fsync(fd) && errno != EINVAL))
		err = -errno;
	if (fclose(to) && !err)
		err = -errno;
	return err;
}

/* A file's name is as durable as its directory. */
static int sync_directory(const char *path)
{
	char copy[PATH_MAX];
	int fd, err;

	snprintf(copy, sizeof(copy), "%s", path);
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = fsync(fd) ? -errno : 0;
	close(fd);
	return err;
}

/* Whoever reads @path finds the former list or this one, also after a power cut. */
static int replace_file(const char *path, const struct snapshot *listing)
{
	char temporary[PATH_MAX + sizeof(".XXXXXX")];
	int fd, err;

	snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path);
	fd = mkstemp(temporary); /* mode 0600 */
	if (fd < 0)
		return -errno;
	err = write_out(fd, listing);
	if (!err && rename(temporary, path))
		err = -errno;
	if (err)
		unlink(temporary);
	return err ? err : sync_directory(path);
}

/* A rename would put a file in the place of a device, a FIFO or a symbolic link. */
static int write_file(const char *path, const struct snapshot *listing)
{
	char real[PATH_MAX];
	struct stat st;
	int fd;

	if (lstat(path, &st))
		return errno == ENOENT ? replace_file(path, listing) : -errno;
	if (stat(path, &st))
		return -errno;
	if (S_ISREG(st.st_mode))
		return realpath(path, real) ? replace_file(real, listing) : -errno;
	fd = open(path, O_WRONLY | O_CLOEXEC);
	return fd < 0 ? -errno : write_out(fd, listing);
}

static void print_answer(const char *path, const struct snapshot *listing)
{
	json_t *object;

	if (!opt.json) {
		printf("%zu %ssaved in %s\n", listing->n, opt.dry_run ? "would be " : "", path);
		return;
	}
	object = json_pack("{s:I, s:s, s:b}", "entries", (json_int_t)listing->n, "file", path,
			   "dry_run", (int)opt.dry_run);
	json_dumpf(object, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(object);
}

static int save(const char *path, const struct snapshot *listing)
{
	int err = 0;

	if (!strcmp(path, "-")) {
		print_csv(stdout, listing);
		return EXIT_DONE;
	}
	if (!opt.dry_run)
		err = write_file(path, listing);
	if (err) {
		complain("%s: %s", path, strerror(-err));
		return EXIT_FAILED;
	}
	print_answer(path, listing);
	return EXIT_DONE;
}

static int run(int argc, char **argv)
{
	struct snapshot listing;
	int status;

	if (argc > 2)
		return bad_usage(&verb_save, "save takes one file, - for stdout");
	if (listing_read(&listing))
		return EXIT_FAILED;
	if (argc == 1 && !opt.dry_run && mkdir(SAVE_DIR, 0700) && errno != EEXIST) {
		complain(SAVE_DIR ": %s", strerror(errno));
		status = EXIT_FAILED;
	} else {
		status = save(argc == 2 ? argv[1] : SAVE_FILE, &listing);
	}
	snapshot_free(&listing);
	return status;
}

const struct verb verb_save = {
	.name = "save",
	.usage = "[FILE|-]",
	.summary = "write the list to a file that restore and sync read",
	.help = "Writes the entries in force as CSV, sorted, to FILE (" SAVE_FILE "\n"
		"when none is named). The file is replaced as a whole, durably, with mode 0600.\n"
		"What is no regular file, as a FIFO, is written to.\n\n"
		"examples:\n"
		"  xeir save\n"
		"  xeir save - | wc -l\n",
	.run = run,
};
