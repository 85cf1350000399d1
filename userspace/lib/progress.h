/* SPDX-License-Identifier: GPL-2.0-only */
/* How far a long work is, on stderr, for one who waits at a terminal. */
#ifndef XEIR_LIB_PROGRESS_H
#define XEIR_LIB_PROGRESS_H

#include <stddef.h>

/* @done things of @all, or (0) of nobody knows how many; it says so now and then, and at the end.
 */
void progress_tell(const char *what, size_t done, size_t all);

#endif /* XEIR_LIB_PROGRESS_H */
