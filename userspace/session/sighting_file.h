/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sightings in a file beside that of a saved list, so that the list stays one of entries and a
 * file without it restores too. Calls return 0 or a negative errno, said why.
 */
#ifndef XEIR_SESSION_SIGHTING_FILE_H
#define XEIR_SESSION_SIGHTING_FILE_H

#include "session/sighting.h"

/* Behind the name of the list's file. */
#define SIGHTINGS_SUFFIX ".sightings"

/* Write them, or where they are off see to it that none are there; with opt.dry_run only count. */
int sighting_file_save(const char *path, size_t *n);

/* Is the file in order, or not there? -EINVAL: it is faulty, unless opt.skip_invalid. */
int sighting_file_check(const char *path);

struct merged {
	size_t added;
	size_t merged;		/* were there already */
	size_t left_out;	/* for want of room */
};

/*
 * Bring what the file has, if it is there, together with what was seen since: the first time,
 * the last time and what came with it. Counts of times that do not overlap are added; else the
 * larger one holds, so that to restore again changes nothing.
 */
int sighting_file_restore(const char *path, struct merged *merged);

#endif /* XEIR_SESSION_SIGHTING_FILE_H */
