// SPDX-License-Identifier: GPL-2.0-only
#include "journal/key_column.h"

#include <string.h>
#include <xeir/list.h>

struct xeir_key key_column_read(sqlite3_stmt *statement, int column)
{
	struct xeir_key key = {};
	size_t len = sqlite3_column_bytes(statement, column);

	if (len && len <= sizeof(key))
		memcpy(&key, sqlite3_column_blob(statement, column), len);
	return key;
}

int key_column_bind(sqlite3_stmt *statement, int column, const struct xeir_key *key)
{
	return sqlite3_bind_blob(statement, column, key,
				 key->kind ? 1 + xeir_key_octets(key->kind) : 0, SQLITE_STATIC);
}
