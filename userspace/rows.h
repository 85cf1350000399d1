/* SPDX-License-Identifier: GPL-2.0-only */
/* The rows of a directive while it is read: each key once, found again by its key. */
#ifndef XEIR_ROWS_H
#define XEIR_ROWS_H

#include <stdint.h>
#include <sys/types.h>
#include "directive.h"

struct rows {
	struct entry *entries;	/* action PASS: to be removed */
	unsigned int *lines;	/* where each stands in the file */
	size_t n, room;
	uint32_t *slots;	/* open addressing: 1 + index into entries, 0: free */
	size_t n_slots;		/* a power of 2, at least twice n */
};

/* The row of the same key as @entry, which is added when there was none; -1: no memory. */
ssize_t rows_add(struct rows *rows, const struct entry *entry, unsigned int line);

/* Hand them over to @directive, puts and removes apart. 0 or -ENOMEM. */
int rows_finish(struct rows *rows, struct directive *directive);
void rows_free(struct rows *rows);

#endif /* XEIR_ROWS_H */
