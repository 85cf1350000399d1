/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The file of the journal, an SQLite database. Calls that can fail return 0 or a negative errno
 * after complain(), unless they say otherwise.
 */
#ifndef XEIR_JOURNAL_STORE_H
#define XEIR_JOURNAL_STORE_H

#include <sqlite3.h>
#include <stdbool.h>

#define STORE_FILE "/var/lib/xeir/journal.db"

struct store {
	sqlite3 *db;
	char *path;
};

/* Before any database is opened. */
void store_configure(void);

/*
 * opt.journal, made if it is not there, brought to the schema of this xeir; with opt.dry_run a copy
 * of it, or an empty one, so that the file is not changed.
 */
int store_open(struct store *store);
/* Such a copy in any case; what is written there ends with it. */
int store_open_copy(struct store *store);
/* Does the disk take what is written to opt.journal? Reports nothing. */
bool store_is_writable(void);
/* The same to read only; -ENOENT: there is none, without complain(). */
int store_open_to_read(struct store *store);
void store_close(struct store *store);

/*
 * A transaction to write, once no other tool has one; what it wrote is durable when commit
 * returns. A dry run ends by rollback. Rollback may be called where none is open.
 */
int store_begin(struct store *store);
int store_commit(struct store *store);
void store_rollback(struct store *store);

/* One or more statements without a result. */
int store_run(struct store *store, const char *sql);

/* NULL after complain(). */
sqlite3_stmt *store_prepare(struct store *store, const char *sql);

/* 1: a row, 0: no more of them, or a negative errno. */
int store_step(struct store *store, sqlite3_stmt *statement);

#endif /* XEIR_JOURNAL_STORE_H */
