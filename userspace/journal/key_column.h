/* SPDX-License-Identifier: GPL-2.0-only */
/* An identifier as a column of the journal: as long as its kind requires, empty for none. */
#ifndef XEIR_JOURNAL_KEY_COLUMN_H
#define XEIR_JOURNAL_KEY_COLUMN_H

#include <sqlite3.h>
#include <xeir/maps.h>

/* @key must stay valid until the statement is done. */
int key_column_bind(sqlite3_stmt *statement, int column, const struct xeir_key *key);

/* Zeros for an empty column. */
struct xeir_key key_column_read(sqlite3_stmt *statement, int column);

#endif /* XEIR_JOURNAL_KEY_COLUMN_H */
