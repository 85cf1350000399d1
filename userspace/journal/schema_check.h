/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Is the schema of a journal the one that the migrations make? Keys of issuers, settings,
 * directives and protected handsets are views: whoever redefines a view changes what is trusted,
 * and the hashes of records and rows do not show it. A trigger could change rows.
 */
#ifndef XEIR_JOURNAL_SCHEMA_CHECK_H
#define XEIR_JOURNAL_SCHEMA_CHECK_H

#include <sqlite3.h>

/*
 * The database @db, at @path, is a journal of SCHEMA_VERSION. 0, or a negative errno after
 * complain(): -EINVAL if it differs.
 */
int schema_check(sqlite3 *db, const char *path);

#endif /* XEIR_JOURNAL_SCHEMA_CHECK_H */
