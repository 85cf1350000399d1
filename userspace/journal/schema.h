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

/*
 * The entries that are listed at ?2 and how each came to be, `way`: by a file, by hand or by the
 * register of numbers. One that an undone order listed again has the way that it had before.
 */
#define SCHEMA_LISTED                                                                        \
	"(SELECT l.key, l.directive, l.added, l.action, l.until, CASE WHEN l.origin = 1"     \
	" THEN 'register' WHEN (CASE WHEN r.verb IN ('rollback', 'breaker', 'restore')"      \
	"  THEN (SELECT b.verb FROM listing o JOIN record b ON b.id = o.added"               \
	"   WHERE o.key = l.key AND o.directive = l.directive AND o.origin = l.origin"       \
	"   AND b.verb NOT IN ('rollback', 'breaker', 'restore') AND o.added < l.added"      \
	"   ORDER BY o.added DESC LIMIT 1) ELSE r.verb END) IN ('block', 'except', 'adopt')" \
	" THEN 'hand' ELSE 'file' END AS way"                                                \
	" FROM listing l JOIN record r ON r.id = l.added"                                    \
	" WHERE l.removed = 0 AND (l.until = 0 OR l.until > ?2))"

/* Records before 2026-12 call the SHA-256 of a file `digest`. */
#define SCHEMA_SHA256 "ifnull(detail ->> 'sha256', detail ->> 'digest')"

/*
 * The arrivals of each directive: its files and orders, and the files that were refused, which may
 * have come without its number. Who gave the order may have given an earlier time of receipt.
 */
#define SCHEMA_ARRIVALS                                                                    \
	"(WITH arrival AS MATERIALIZED (SELECT id, time, verb, directive, detail,"         \
	" " SCHEMA_SHA256 " AS sha256 FROM record WHERE verb IN ('load', 'sync', 'block'," \
	" 'except') OR (verb = 'refused' AND detail ->> 'file' IS NOT NULL)),"             \
	" loaded AS MATERIALIZED (SELECT DISTINCT directive, sha256 FROM arrival"          \
	"  WHERE verb IN ('load', 'sync') AND directive)"                                  \
	" SELECT directive, id, time, verb, detail FROM arrival WHERE directive"           \
	" UNION SELECT loaded.directive, id, time, verb, detail FROM arrival JOIN loaded"  \
	"  ON loaded.sha256 = arrival.sha256 WHERE verb = 'refused')"
#define SCHEMA_ARRIVED "min(time, ifnull(unixepoch(detail ->> 'received'), time))"

/* Statement N makes version N + 1 of version N. */
extern const char *const schema_migrations[SCHEMA_VERSION];

#endif /* XEIR_JOURNAL_SCHEMA_H */
