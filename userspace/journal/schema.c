// SPDX-License-Identifier: GPL-2.0-only
#include "journal/schema.h"

#include <errno.h>
#include <stdio.h>

#include "lib/say.h"

/* "xeir", so that file(1) and we know it from other databases. */
#define APPLICATION_ID 0x78656972

/* The statements are laid out as SQL. */
/* clang-format off */

/* What the records of directive f say of @name, in the view of them. */
#define SAID(name, order)						\
	"  (SELECT detail ->> '" name "' FROM record"			\
	"   WHERE directive = f.directive AND verb IN ('load', 'sync')"	\
	"   AND detail ->> '" name "' IS NOT NULL"			\
	"   ORDER BY id " order " LIMIT 1) AS " name
#define FIRST_SAID(name) SAID(name, "ASC")

/*
 * Each brings the tables to the next version. A `key` is what struct xeir_key has, as long as its
 * kind asks for. Times are seconds since 1970, UTC.
 */
static const char *const migrations[] = {
	"CREATE TABLE record ("		/* what was done, or refused */
	"  id INTEGER PRIMARY KEY,"	/* 1, 2, 3 and on */
	"  time INTEGER NOT NULL,"
	"  who TEXT NOT NULL,"
	"  verb TEXT NOT NULL,"
	"  directive INTEGER NOT NULL,"	/* 0: none, or several */
	"  detail TEXT NOT NULL,"	/* a JSON object */
	"  content BLOB NOT NULL,"	/* SHA-256 of the rows that it added and removed */
	"  hash BLOB NOT NULL"		/* SHA-256 of the former record's and of this one */
	") STRICT;"

	"CREATE TABLE listing ("	/* what must be enforced, and what had to be */
	"  key BLOB NOT NULL,"
	"  directive INTEGER NOT NULL,"
	"  origin INTEGER NOT NULL,"	/* enum origin */
	"  added INTEGER NOT NULL,"
	"  removed INTEGER NOT NULL,"
	"  action INTEGER NOT NULL,"
	"  until INTEGER NOT NULL,"	/* 0: for ever */
	"  PRIMARY KEY (key, directive, origin, added)"
	") STRICT, WITHOUT ROWID;"

	"CREATE TABLE enforced ("	/* records that the maps have taken over */
	"  record INTEGER PRIMARY KEY REFERENCES record,"
	"  time INTEGER NOT NULL,"
	"  boot TEXT NOT NULL,"
	"  list INTEGER NOT NULL,"	/* id of the list's map in that boot */
	"  generation INTEGER NOT NULL"
	") STRICT;"

	/* A directive is what the records say of it; the first that names a thing holds. */
	"CREATE VIEW directive AS"
	"  SELECT directive AS number, min(id) AS record, min(time) AS received,"
	"  detail ->> 'issuer' AS issuer"
	"  FROM record"
	"  WHERE directive AND verb IN ('load', 'sync')"
	"  GROUP BY directive;"

	"CREATE VIEW setting AS"
	"  SELECT e.key AS name, e.atom AS value, max(r.id) AS record"
	"  FROM record r, json_each(r.detail) e"
	"  WHERE r.verb = 'set'"
	"  GROUP BY e.key;",

	"CREATE INDEX record_directive ON record (directive, id);"
	"DROP VIEW directive;"
	/* Of issuer, reference and issued the first word holds, of due the last. */
	"CREATE VIEW directive AS"
	"  SELECT f.directive AS number, f.id AS record, f.time AS received, f.who AS who,"
	FIRST_SAID("issuer") ","
	FIRST_SAID("reference") ","
	FIRST_SAID("issued") ","
	SAID("due", "DESC")
	"  FROM record f"
	"  WHERE f.id IN"
	"    (SELECT min(id) FROM record"
	"     WHERE directive AND verb IN ('load', 'sync')"
	"     GROUP BY directive);",

	"CREATE VIEW issuer_key AS"
	"  SELECT detail ->> 'issuer' AS issuer, detail ->> 'key_id' AS key_id,"
	"  detail ->> 'key' AS key, time AS added"
	"  FROM record a"
	"  WHERE verb = 'key' AND detail ->> 'op' = 'add' AND NOT EXISTS"
	"    (SELECT 1 FROM record d"
	"     WHERE d.verb = 'key' AND d.detail ->> 'op' = 'del' AND d.id > a.id"
	"     AND d.detail ->> 'issuer' = a.detail ->> 'issuer'"
	"     AND d.detail ->> 'key_id' = a.detail ->> 'key_id');",

	"CREATE TABLE number ("		/* the register: how far each is, under each directive */
	"  msisdn BLOB NOT NULL,"
	"  directive INTEGER NOT NULL,"
	"  added INTEGER NOT NULL,"
	"  removed INTEGER NOT NULL,"
	"  state INTEGER NOT NULL,"	/* enum number_state */
	"  due INTEGER NOT NULL,"
	"  date INTEGER NOT NULL,"	/* when its operator found so; 0: not told */
	"  why TEXT NOT NULL,"
	"  PRIMARY KEY (msisdn, directive, added, state)"
	") STRICT, WITHOUT ROWID;"

	"CREATE TABLE link ("		/* what a number was seen with: why it is in the register */
	"  msisdn BLOB NOT NULL,"
	"  directive INTEGER NOT NULL,"
	"  imsi BLOB NOT NULL,"		/* empty: it was not said */
	"  imei BLOB NOT NULL,"
	"  added INTEGER NOT NULL,"
	"  removed INTEGER NOT NULL,"
	"  PRIMARY KEY (msisdn, directive, imsi, imei, added)"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX link_imsi ON link (imsi, directive);",

	/* The last word on a handset holds. */
	"CREATE VIEW protected AS"
	"  SELECT imei, record FROM"
	"    (SELECT e.atom AS imei, o.key AS word, max(r.id) AS record"
	"     FROM record r, json_each(r.detail) o, json_each(o.value) e"
	"     WHERE r.verb = 'protect'"
	"     GROUP BY e.atom)"
	"  WHERE word = 'add';",

	/* what ended up to then has been looked at: another order may list the key yet */
	"ALTER TABLE enforced ADD COLUMN looked INTEGER NOT NULL DEFAULT 0;"
	"CREATE INDEX listing_until ON listing (until) WHERE removed = 0 AND until > 0;",
};

/* clang-format on */

#define VERSION ((int)(sizeof(migrations) / sizeof(*migrations)))

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
	/* in this order, as another tool may make all three by one commit in between */
	int err = pragma(store, "SELECT count(*) FROM sqlite_schema", &tables);

	if (!err)
		err = pragma(store, "PRAGMA user_version", &version);
	if (!err)
		err = pragma(store, "PRAGMA application_id", &id);
	if (err)
		return err;
	if (id != APPLICATION_ID && (id || version || tables)) {
		complain("journal %s: found another program's database, expected xeir's",
			 store->path);
		return -EINVAL;
	}
	if (version > VERSION) {
		complain("journal %s: found version %d, expected at most %d: a newer xeir wrote it",
			 store->path, version, VERSION);
		return -EINVAL;
	}
	return version;
}

static int migrate_from(struct store *store, int version)
{
	char sql[96];
	int err = 0;

	for (int i = version; i < VERSION && !err; i++)
		err = store_run(store, migrations[i]);
	snprintf(sql, sizeof(sql), "PRAGMA application_id = %d; PRAGMA user_version = %d",
		 APPLICATION_ID, VERSION);
	return err ? err : store_run(store, sql);
}

int schema_migrate(struct store *store)
{
	int err, version = version_of(store);

	if (version < 0 || version == VERSION)
		return version < 0 ? version : 0;
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

int schema_check(struct store *store)
{
	int version = version_of(store);

	if (version < 0)
		return version;
	if (version == VERSION)
		return 0;
	complain("journal %s: found version %d, expected %d: the next command that changes the "
		 "list brings it there",
		 store->path, version, VERSION);
	return -EINVAL;
}
