/* SPDX-License-Identifier: GPL-2.0-only */
/* Records of the journal, as people and machines read them. */
#ifndef XEIR_CMD_JOURNAL_H
#define XEIR_CMD_JOURNAL_H

#include <jansson.h>
#include <stdint.h>

#include "journal/store.h"

/* The journal to read. 0 or a negative errno after complain(), also if there is none. */
int journal_open(struct store *store);

/* Those that are @directive's, or touched an entry of it; NULL after complain(). */
sqlite3_stmt *journal_of_directive(struct store *store, uint32_t directive);

/* The last, NULL: there is none. 0 or a negative errno after complain(). */
int journal_last(struct store *store, json_t **record);

/* The record that such a statement is at. */
json_t *journal_record_json(sqlite3_stmt *record);

/* All of them in a table; 0 or a negative errno. */
int journal_print(struct store *store, sqlite3_stmt *records);

#endif /* XEIR_CMD_JOURNAL_H */
