// SPDX-License-Identifier: GPL-2.0-only
#include "journal/schema_check.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "journal/schema.h"
#include "lib/say.h"

#define OBJECTS                                                            \
	"SELECT type, name, tbl_name, ifnull(sql, '') FROM sqlite_schema " \
	"ORDER BY type, name, tbl_name"

/* The objects of a schema, one after the other. */
struct objects {
	sqlite3 *db;
	const char *path;
	sqlite3_stmt *select;
	bool more;
};

/* SQL while it is read. */
struct sql {
	const char *at;
	char last;
	bool quoted;
};

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/*
 * The next octet that counts: outside of quotes, of any blanks one, and only between two words.
 * Versions of xeir wrote the same statements with other blanks.
 */
static char next_octet(struct sql *sql)
{
	const char *at = sql->at;

	if (!sql->quoted)
		at += strspn(at, " \t\n");
	if (at > sql->at && is_word(sql->last) && is_word(*at)) {
		sql->at = at;
		sql->last = ' ';
		return ' ';
	}
	sql->quoted ^= *at == '\'' || *at == '"';
	sql->last = *at;
	sql->at = at + !!*at;
	return *at;
}

static bool same_sql(const char *a, const char *b)
{
	struct sql left = { .at = a }, right = { .at = b };
	char octet;

	do {
		octet = next_octet(&left);
		if (octet != next_octet(&right))
			return false;
	} while (octet);
	return true;
}

static const char *column(const struct objects *objects, int column)
{
	const char *text = (const char *)sqlite3_column_text(objects->select, column);

	return text ? text : "";
}

static int failed(const struct objects *objects)
{
	complain("journal %s: %s", objects->path, sqlite3_errmsg(objects->db));
	return -EIO;
}

static int next_object(struct objects *objects)
{
	int code = sqlite3_step(objects->select);

	objects->more = code == SQLITE_ROW;
	return objects->more || code == SQLITE_DONE ? 0 : failed(objects);
}

static int open_objects(struct objects *objects)
{
	if (sqlite3_prepare_v2(objects->db, OBJECTS, -1, &objects->select, NULL) != SQLITE_OK)
		return failed(objects);
	return next_object(objects);
}

/* Which comes first; one that is at its end comes last. */
static int compare(const struct objects *a, const struct objects *b)
{
	int differ;

	if (!a->more || !b->more)
		return b->more - a->more;
	differ = strcmp(column(a, 0), column(b, 0));
	if (!differ)
		differ = strcmp(column(a, 1), column(b, 1));
	return differ ? differ : strcmp(column(a, 2), column(b, 2));
}

static int differs(const struct objects *found, const struct objects *where, const char *how)
{
	complain("journal %s: found %s %s %s; another program changed the file", found->path, how,
		 column(where, 0), column(where, 1));
	return -EINVAL;
}

static int compare_all(struct objects *found, struct objects *expected)
{
	int err = 0;

	while (!err && (found->more || expected->more)) {
		int order = compare(found, expected);

		if (order > 0)
			return differs(found, expected, "no");
		if (order < 0)
			return differs(found, found, "what no xeir makes,");
		if (!same_sql(column(found, 3), column(expected, 3)))
			return differs(found, found, "another definition than xeir's of");
		err = next_object(found);
		if (!err)
			err = next_object(expected);
	}
	return err;
}

static int make_expected(struct objects *expected)
{
	int code = sqlite3_open(":memory:", &expected->db);

	for (int i = 0; i < SCHEMA_VERSION && code == SQLITE_OK; i++)
		code = sqlite3_exec(expected->db, schema_migrations[i], NULL, NULL, NULL);
	return code == SQLITE_OK ? 0 : failed(expected);
}

int schema_check(sqlite3 *db, const char *path)
{
	struct objects found = { .db = db, .path = path }, expected = { .path = path };
	int err = make_expected(&expected);

	if (!err)
		err = open_objects(&found);
	if (!err)
		err = open_objects(&expected);
	if (!err)
		err = compare_all(&found, &expected);
	sqlite3_finalize(found.select);
	sqlite3_finalize(expected.select);
	sqlite3_close(expected.db);
	return err;
}
