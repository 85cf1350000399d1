/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XEIR_CMD_LOAD_H
#define XEIR_CMD_LOAD_H

#include <jansson.h>

#include "session/sighting_file.h"

enum load_mode {
	LOAD_ONTO, /* what the file does not name stays listed */
	LOAD_SYNC, /* the list becomes the file, which must list something */
	LOAD_RESTORE, /* the same, of a saved list, which may be empty */
};

/* Read @path, apply it in one transaction, and answer; returns the exit status. */
int load_file(const char *path, enum load_mode mode);

/* What became of the sightings next to a restored list. */
json_t *load_merged_json(const struct merged *merged);

#endif /* XEIR_CMD_LOAD_H */
