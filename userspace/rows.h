/* SPDX-License-Identifier: GPL-2.0-only */
/* The rows of a directive while it is read: each number once, found again by its key. */
#ifndef XEIR_ROWS_H
#define XEIR_ROWS_H

#include "directive.h"
#include "keys.h"

struct rows {
	struct keys keys;
	struct entry *entries;	/* action PASS: to be removed */
	unsigned int *lines;	/* where each stands in the file */
	size_t room;
};

/* The row of the same number as @entry, which is added when there was none; -1: no memory. */
ssize_t rows_add(struct rows *rows, const struct entry *entry, unsigned int line);

/* Hand them over to @directive, puts and removes apart. 0 or -ENOMEM. */
int rows_finish(struct rows *rows, struct directive *directive);
void rows_free(struct rows *rows);

#endif /* XEIR_ROWS_H */
