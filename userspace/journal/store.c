// SPDX-License-Identifier: GPL-2.0-only
#include "journal/store.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "journal/schema.h"
#include "journal/schema_check.h"
#include "journal/store_copy.h"
#include "lib/opt.h"
#include "lib/say.h"

#define WAIT_US 20000
#define WAITS_SILENT 50 /* a wait of a second needs no message */

static int errno_of(int code)
{
	switch (code & 0xff) {
	case SQLITE_NOMEM:
		return -ENOMEM;
	case SQLITE_FULL:
		return -ENOSPC;
	case SQLITE_BUSY:
		return -EBUSY;
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_CANTOPEN:
		return -EACCES;
	default:
		return -EIO;
	}
}

static int failed(struct store *store)
{
	int code = sqlite3_extended_errcode(store->db);
	bool by_system = (code & 0xff) == SQLITE_CANTOPEN || (code & 0xff) == SQLITE_IOERR;
	int err = by_system ? sqlite3_system_errno(store->db) : 0;

	complain("journal %s: %s%s%s%s", store->path, sqlite3_errmsg(store->db), err ? ": " : "",
		 err ? strerror(err) : "", (code & 0xff) == SQLITE_FULL ? "; it is as it was" : "");
	return errno_of(code);
}

/* Another command writes, for as long as its directive takes. */
static int wait_for_other(void *store, int waits)
{
	if (waits == WAITS_SILENT)
		fprintf(stderr, "xeir: waiting for another command, which has %s\n",
			((struct store *)store)->path);
	usleep(WAIT_US);
	return 1;
}

/* Only the directory of the default file is made. */
static int make_directory(const char *path)
{
	char *copy;
	int err = 0;

	if (strcmp(path, STORE_FILE))
		return 0;
	copy = strdup(path);
	if (!copy || (mkdir(dirname(copy), 0700) && errno != EEXIST)) {
		err = -errno;
		complain("journal %s: its directory: %s", path, strerror(-err));
	}
	free(copy);
	return err;
}

static int open_file(struct store *store, int flags)
{
	mode_t mask = umask(077);
	int code = sqlite3_open_v2(store->path, &store->db, flags, NULL);

	umask(mask);
	if (!store->db) {
		complain("%s", strerror(ENOMEM));
		return -ENOMEM;
	}
	if (code != SQLITE_OK)
		return failed(store);
	sqlite3_busy_handler(store->db, wait_for_other, store);
	return 0;
}

/* To read only; where SQLite cannot do that on the disk, a copy. */
static int open_readable(struct store *store)
{
	int err = open_file(store, SQLITE_OPEN_READONLY);
	sqlite3 *copy;

	if (err || !store_copy_is_for(sqlite3_exec(store->db, "SELECT 1 FROM sqlite_schema", NULL,
						   NULL, NULL)))
		return err;
	copy = store_copy_open(store->path);
	/* without one, the next statement reports what is wrong */
	if (copy) {
		sqlite3_close(store->db);
		store->db = copy;
	}
	return 0;
}

/* NORMAL for the tables: without records there is nothing to lose. store_open() sets FULL. */
static int open_to_write(struct store *store)
{
	int err = make_directory(store->path);

	if (!err)
		err = open_file(store, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
	return err ? err :
		     store_run(store, "PRAGMA synchronous = NORMAL; PRAGMA journal_mode = WAL;"
				      "PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -8192;"
				      "PRAGMA foreign_keys = ON;");
}

/* Replace the open database by a temporary copy. */
static int become_copy(struct store *store)
{
	struct store copy = { .path = store->path };
	sqlite3_backup *backup;
	int code = sqlite3_open("", &copy.db), err;

	backup = code ? NULL : sqlite3_backup_init(copy.db, "main", store->db, "main");
	if (backup) {
		while ((code = sqlite3_backup_step(backup, -1)) == SQLITE_BUSY)
			usleep(WAIT_US);
		sqlite3_backup_finish(backup);
	}
	err = backup && code == SQLITE_DONE ? 0 : failed(&copy);
	sqlite3_close(store->db);
	store->db = copy.db;
	return err;
}

/* A dry run writes nothing, needs no permission to write, and blocks nobody. */
static int open_copy(struct store *store)
{
	int err;

	if (access(opt.journal, F_OK) && errno == ENOENT)
		return sqlite3_open("", &store->db) ? failed(store) : 0;
	err = open_readable(store);
	return err ? err : become_copy(store);
}

static int pragma(struct store *store, const char *sql, int *value)
{
	sqlite3_stmt *statement = store_prepare(store, sql);
	int err = statement ? store_step(store, statement) : -EIO;

	*value = err > 0 ? sqlite3_column_int(statement, 0) : 0;
	sqlite3_finalize(statement);
	return err < 0 ? err : 0;
}

/* The version, or a negative errno. */
static int version_of(struct store *store)
{
	int id, version, tables;
	/* in this order, as another command may commit all three at once in between */
	int err = pragma(store, "SELECT count(*) FROM sqlite_schema", &tables);

	if (!err)
		err = pragma(store, "PRAGMA user_version", &version);
	if (!err)
		err = pragma(store, "PRAGMA application_id", &id);
	if (err)
		return err;
	if (id != SCHEMA_APPLICATION_ID && (id || version || tables)) {
		complain("journal %s: found another program's database, expected xeir's",
			 store->path);
		return -EINVAL;
	}
	if (version > SCHEMA_VERSION) {
		complain("journal %s: found version %d, expected at most %d: a newer xeir wrote it",
			 store->path, version, SCHEMA_VERSION);
		return -EINVAL;
	}
	return version;
}

static int migrate_from(struct store *store, int version)
{
	char sql[96];
	int err = 0;

	for (int i = version; i < SCHEMA_VERSION && !err; i++)
		err = store_run(store, schema_migrations[i]);
	if (!err)
		err = schema_check(store->db, store->path);
	snprintf(sql, sizeof(sql), "PRAGMA application_id = %d; PRAGMA user_version = %d",
		 SCHEMA_APPLICATION_ID, SCHEMA_VERSION);
	return err ? err : store_run(store, sql);
}

/* Make the tables, or bring those of an older xeir to this version; refuse a newer version. */
static int migrate(struct store *store)
{
	int err, version = version_of(store);

	if (version < 0)
		return version;
	if (version == SCHEMA_VERSION)
		return schema_check(store->db, store->path);
	err = store_begin(store);
	if (err)
		return err;
	/* another tool may have been first */
	version = version_of(store);
	err = version < 0 ? version : migrate_from(store, version);
	if (!err)
		err = store_commit(store);
	store_rollback(store);
	return err;
}

/* A journal that is only read cannot be migrated. */
static int check_version(struct store *store)
{
	int version = version_of(store);

	if (version < 0)
		return version;
	if (version == SCHEMA_VERSION)
		return schema_check(store->db, store->path);
	complain("journal %s: found version %d, expected %d: the next command that changes the "
		 "list brings it there",
		 store->path, version, SCHEMA_VERSION);
	return -EINVAL;
}

/* One thread, and no memory statistics: their locks took a tenth of the time. */
void store_configure(void)
{
	sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

bool store_is_writable(void)
{
	sqlite3 *db = NULL;
	int code = sqlite3_open_v2(opt.journal, &db, SQLITE_OPEN_READWRITE, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_exec(db, "BEGIN IMMEDIATE; ROLLBACK", NULL, NULL, NULL);
	/* SQLite opens to read what it cannot open to write, and such a transaction is none */
	if (code == SQLITE_OK && sqlite3_db_readonly(db, "main") == 1)
		code = SQLITE_READONLY;
	sqlite3_close(db);
	return !store_copy_is_for(code);
}

static int open_as(struct store *store, int (*open)(struct store *store))
{
	int err;

	*store = (struct store){ .path = realpath(opt.journal, NULL) };
	if (!store->path)
		store->path = strdup(opt.journal);
	err = open(store);
	if (!err)
		err = migrate(store);
	/* a commit is on the disk when it returns */
	if (!err)
		err = store_run(store, "PRAGMA synchronous = FULL");
	if (err)
		store_close(store);
	return err;
}

int store_open(struct store *store)
{
	return open_as(store, opt.dry_run ? open_copy : open_to_write);
}

int store_open_copy(struct store *store)
{
	return open_as(store, open_copy);
}

int store_open_to_read(struct store *store)
{
	int err;

	*store = (struct store){ .path = strdup(opt.journal) };
	if (access(opt.journal, F_OK) && errno == ENOENT)
		err = -ENOENT;
	else
		err = open_readable(store);
	if (!err)
		err = check_version(store);
	if (err)
		store_close(store);
	return err;
}

/* Committed records go from the log into the file, also while others read. */
void store_close(struct store *store)
{
	if (store->db)
		sqlite3_wal_checkpoint(store->db, NULL);
	sqlite3_close(store->db);
	free(store->path);
	*store = (struct store){};
}

int store_begin(struct store *store)
{
	return store_run(store, "BEGIN IMMEDIATE");
}

int store_commit(struct store *store)
{
	return store_run(store, "COMMIT");
}

void store_rollback(struct store *store)
{
	if (!sqlite3_get_autocommit(store->db))
		sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
}

int store_run(struct store *store, const char *sql)
{
	return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : failed(store);
}

sqlite3_stmt *store_prepare(struct store *store, const char *sql)
{
	sqlite3_stmt *statement;

	if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) != SQLITE_OK) {
		failed(store);
		return NULL;
	}
	return statement;
}

int store_step(struct store *store, sqlite3_stmt *statement)
{
	switch (sqlite3_step(statement)) {
	case SQLITE_ROW:
		return 1;
	case SQLITE_DONE:
		return 0;
	default:
		return failed(store);
	}
}
