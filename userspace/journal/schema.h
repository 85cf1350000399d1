/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tables of the journal, version by version.
 *
 * Each row is valid from the record `added` to the record `removed` (0: it is still valid). No row
 * is ever changed otherwise, and none is deleted: so the hashes of the records cover all rows.
 */
#ifndef XEIR_JOURNAL_SCHEMA_H
#define XEIR_JOURNAL_SCHEMA_H

/* "xeir": distinguishes a journal from other SQLite databases, also for file(1). */
#define SCHEMA_APPLICATION_ID 0x78656972

#define SCHEMA_VERSION 6

/*
 * The column due of the view directive: versions before 2026-11-30 wrote the midnight that begins
 * the day, and meant its end.
 */
#define SCHEMA_DUE "iif(unixepoch(due) % 86400, due, date(due) || 'T23:59:59Z')"

/* Statement N makes version N + 1 of version N. */
extern const char *const schema_migrations[SCHEMA_VERSION];

#endif /* XEIR_JOURNAL_SCHEMA_H */
