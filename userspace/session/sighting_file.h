/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sightings in a sidecar file of a saved list, so that the list has entries only and can be
 * restored without them. Calls return 0 or a negative errno after complain().
 */
#ifndef XEIR_SESSION_SIGHTING_FILE_H
#define XEIR_SESSION_SIGHTING_FILE_H

#include "session/sighting.h"

/* After the name of the list's file. */
#define SIGHTINGS_SUFFIX ".sightings"

/* Write them, or remove the file where they are off; with opt.dry_run only count. */
int sighting_file_save(const char *path, size_t *n);

/* Is the file valid, or not there? -EINVAL: it is faulty, unless opt.skip_invalid. */
int sighting_file_check(const char *path);

struct merged {
	size_t added;
	size_t merged;		/* were there already */
	size_t left_out;	/* the table was full */
};

/*
 * Merge the file, if it is there, with what was seen since: the first time, the last time and
 * what came with it. Counts of times that do not overlap are added; else the larger one stays,
 * so that to restore again changes nothing.
 */
int sighting_file_restore(const char *path, struct merged *merged);

#endif /* XEIR_SESSION_SIGHTING_FILE_H */
