/* SPDX-License-Identifier: GPL-2.0-only */
/* Progress of long work, on stderr, if that is a terminal. */
#ifndef XEIR_LIB_PROGRESS_H
#define XEIR_LIB_PROGRESS_H

#include <stddef.h>

/* @done things of @all (0: unknown); printed now and then, and at the end. */
void progress_show(const char *what, size_t done, size_t all);

#endif /* XEIR_LIB_PROGRESS_H */
