// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include "directive/directive_rows.h"

const struct directive_row *directive_rows_add(struct directive_rows *rows,
					       const struct directive_row *row)
{
	ssize_t at = key_set_add(&rows->keys, row, sizeof(*row));

	return at < 0 ? NULL : (const struct directive_row *)rows->keys.all + at;
}

/* In place: entries move to the front, and the memory behind them is given back. */
static void split(struct directive_rows *rows, struct directive *directive)
{
	const struct directive_row *all = rows->keys.all;
	struct entry *puts = rows->keys.all;

	for (size_t i = 0; i < rows->keys.n; i++) {
		const struct entry entry = all[i].entry;

		if (entry.side.action == XEIR_ACTION_PASS)
			directive->removes[directive->n_removes++] = entry.key;
		else
			puts[directive->n_puts++] = entry;
	}
	rows->keys.all = NULL;
	directive->puts = reallocarray(puts, directive->n_puts + 1, sizeof(*puts)) ?: puts;
}

int directive_rows_finish(struct directive_rows *rows, struct directive *directive)
{
	const struct directive_row *all = rows->keys.all;
	size_t n_removes = 0;

	for (size_t i = 0; i < rows->keys.n; i++)
		n_removes += all[i].entry.side.action == XEIR_ACTION_PASS;
	if (n_removes) {
		directive->removes = calloc(n_removes, sizeof(*directive->removes));
		if (!directive->removes)
			return -ENOMEM;
	}
	split(rows, directive);
	return 0;
}

void directive_rows_free(struct directive_rows *rows)
{
	key_set_free(&rows->keys);
}
