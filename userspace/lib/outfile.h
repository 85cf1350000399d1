/* SPDX-License-Identifier: GPL-2.0-only */
/* A file that is written completely or not at all. */
#ifndef XEIR_LIB_OUTFILE_H
#define XEIR_LIB_OUTFILE_H

#include <stdbool.h>
#include <stdio.h>

/* Is @path a file, or nothing that would keep one from being there? */
bool outfile_is_regular(const char *path);

/*
 * Whoever reads @path finds what was there before or what @write writes, also after a power
 * cut; mode 0600. What is no regular file is written to. 0 or -errno; @write returns likewise.
 */
int outfile_write(const char *path, int (*write)(FILE *to, void *arg), void *arg);

#endif /* XEIR_LIB_OUTFILE_H */
