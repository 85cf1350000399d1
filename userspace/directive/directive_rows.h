/* SPDX-License-Identifier: GPL-2.0-only */
/* The rows of a directive while it is read: each identifier once, found by its key. */
#ifndef XEIR_DIRECTIVE_DIRECTIVE_ROWS_H
#define XEIR_DIRECTIVE_DIRECTIVE_ROWS_H

#include "directive/directive.h"
#include "lib/key_set.h"

struct directive_row {
	struct entry entry;	/* action PASS: to be removed */
	unsigned int line;	/* in the file */
};

struct directive_rows {
	struct key_set keys;	/* of directive_rows */
};

/* The row of the same key as @row, which is added when there was none; NULL: no memory. */
const struct directive_row *directive_rows_add(struct directive_rows *rows,
					       const struct directive_row *row);

/* Move them to @directive, puts and removes apart. 0 or -ENOMEM. */
int directive_rows_finish(struct directive_rows *rows, struct directive *directive);
void directive_rows_free(struct directive_rows *rows);

#endif /* XEIR_DIRECTIVE_DIRECTIVE_ROWS_H */
