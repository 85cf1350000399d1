// SPDX-License-Identifier: GPL-2.0-only
#include "journal/schema.h"
/* clang-format off */

/* The view of directives: the value of @name in the records of directive f. */
#define VALUE(name, order)						\
	"  (SELECT detail ->> '" name "' FROM record"			\
	"   WHERE directive = f.directive AND verb IN ('load', 'sync')"	\
	"   AND detail ->> '" name "' IS NOT NULL"			\
	"   ORDER BY id " order " LIMIT 1) AS " name
#define FIRST_VALUE(name) VALUE(name, "ASC")

/*
 * A `key` is struct xeir_key, cut to the length of its kind. Times are seconds since 1970, UTC.
 */
const char *const schema_migrations[SCHEMA_VERSION] = {
	"CREATE TABLE record ("		/* what was done, or refused */
	"  id INTEGER PRIMARY KEY,"	/* 1, 2, 3 and on */
	"  time INTEGER NOT NULL,"
	"  who TEXT NOT NULL,"
	"  verb TEXT NOT NULL,"
	"  directive INTEGER NOT NULL,"	/* 0: none, or several */
	"  detail TEXT NOT NULL,"	/* a JSON object */
	"  content BLOB NOT NULL,"	/* SHA-256 of the rows that it added and removed */
	"  hash BLOB NOT NULL"		/* SHA-256 of the previous record's and of this record */
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

	/* A directive is a view of its records: the first value of each member is valid. */
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
	/* The first issuer, reference and issued are valid, and the last due. */
	"CREATE VIEW directive AS"
	"  SELECT f.directive AS number, f.id AS record, f.time AS received, f.who AS who,"
	FIRST_VALUE("issuer") ","
	FIRST_VALUE("reference") ","
	FIRST_VALUE("issued") ","
	VALUE("due", "DESC")
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
	"  date INTEGER NOT NULL,"	/* when the operator found so; 0: not known */
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

	/* The last record of a handset is valid. */
	"CREATE VIEW protected AS"
	"  SELECT imei, record FROM"
	"    (SELECT e.atom AS imei, o.key AS word, max(r.id) AS record"
	"     FROM record r, json_each(r.detail) o, json_each(o.value) e"
	"     WHERE r.verb = 'protect'"
	"     GROUP BY e.atom)"
	"  WHERE word = 'add';",

	/* looked: entries that expired up to then were replaced by those that still list the key */
	"ALTER TABLE enforced ADD COLUMN looked INTEGER NOT NULL DEFAULT 0;"
	"CREATE INDEX listing_until ON listing (until) WHERE removed = 0 AND until > 0;",
};

/* clang-format on */
