// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/report_rows.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "journal/key_column.h"
#include "lib/dates.h"
#include "lib/enum_names.h"
#include "lib/identifier.h"
#include "lib/say.h"

static bool is_time(const char *column)
{
	static const char *const times[] = { "time",	 "began",	 "moment", "received",
					     "deadline", "last_attempt", "expiry", "listed" };

	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++)
		if (!strcmp(times[i], column))
			return true;
	return false;
}

static json_t *integer_json(sqlite3_stmt *s, int column)
{
	const char *name = sqlite3_column_name(s, column);
	sqlite3_int64 value = sqlite3_column_int64(s, column);
	char text[DATE_TEXT];

	if (is_time(name))
		return value ? json_string(date_text(value, text)) : json_null();
	if (!strcmp(name, "action"))
		return json_string(action_name(value));
	return json_integer(value);
}

static json_t *key_json(sqlite3_stmt *s, int column)
{
	struct xeir_key key = key_column_read(s, column);
	char digits[IDENTIFIER_TEXT], text[IDENTIFIER_TEXT + 16];

	identifier_text(&key, digits);
	if (!strcmp(sqlite3_column_name(s, column), "msisdn"))
		return json_string(digits);
	snprintf(text, sizeof(text), "%s %s",
		 kind_name(key.kind == XEIR_KIND_EXCEPTION ? XEIR_KIND_IMEI : key.kind), digits);
	return json_string(text);
}

json_t *report_column_json(sqlite3_stmt *s, int column)
{
	switch (sqlite3_column_type(s, column)) {
	case SQLITE_INTEGER:
		return integer_json(s, column);
	case SQLITE_FLOAT:
		return json_real(sqlite3_column_double(s, column));
	case SQLITE_TEXT:
		return json_of_text((const char *)sqlite3_column_text(s, column));
	case SQLITE_BLOB:
		return key_json(s, column);
	default:
		return json_null();
	}
}

json_t *report_rows_json(const struct report_query *query, const char *sql)
{
	sqlite3_stmt *s = report_prepare(query, sql);
	json_t *rows = json_array();
	int more = s ? 1 : -EIO;

	while (more > 0 && (more = store_step(query->store, s)) > 0) {
		json_t *row = json_object();

		for (int i = 0; i < sqlite3_column_count(s); i++)
			json_object_set_new(row, sqlite3_column_name(s, i),
					    report_column_json(s, i));
		json_array_append_new(rows, row);
	}
	sqlite3_finalize(s);
	if (more)
		json_decref(rows);
	return more ? NULL : rows;
}
