/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XEIR_CMD_LOAD_H
#define XEIR_CMD_LOAD_H

enum load_mode {
	LOAD_ONTO, /* what the file does not name stays listed */
	LOAD_SYNC, /* the list becomes the file, which must list something */
	LOAD_RESTORE, /* the same, of a saved list, which may be empty */
};

/* Read @path, apply it in one transaction, and answer; returns the exit status. */
int load_file(const char *path, enum load_mode mode);

#endif /* XEIR_CMD_LOAD_H */
