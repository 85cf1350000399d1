// SPDX-License-Identifier: GPL-2.0-only
#include "policy/change_size.h"

#include <errno.h>
#include <time.h>

#include "numbers/register.h"

struct change_size change_size_of(const struct list_change *change)
{
	return (struct change_size){
		.gained = change->added,
		.lost = change->n_removes - change->ended,
	};
}

int change_size_enforced(struct store *store, size_t enough, struct change_size *size)
{
	sqlite3_stmt *s = store_prepare(store, "SELECT count(*) FROM (SELECT DISTINCT key FROM "
					       "listing WHERE removed = 0 AND (until = 0 OR "
					       "until > ?) LIMIT ?)");
	int more = s ? 0 : -EIO;

	if (s) {
		sqlite3_bind_int64(s, 1, time(NULL));
		sqlite3_bind_int64(s, 2, enough + size->gained);
		more = store_step(store, s);
	}
	if (more > 0)
		size->before = sqlite3_column_int64(s, 0) + size->lost - size->gained;
	sqlite3_finalize(s);
	return more < 0 ? more : 0;
}

int change_size_connected(struct store *store, struct change_size *size)
{
	sqlite3_stmt *s = store_prepare(
		store, "WITH last AS (SELECT max(id) AS id FROM record)"
		       " SELECT count(*) FILTER (WHERE added < last.id AND state <> ?1),"
		       " count(*) FILTER (WHERE added = last.id AND state = ?1)"
		       " FROM number, last WHERE removed = 0 OR removed = last.id");
	int more = s ? 0 : -EIO;

	*size = (struct change_size){};
	if (s) {
		sqlite3_bind_int(s, 1, NUMBER_DISCONNECTED);
		more = store_step(store, s);
	}
	if (more > 0) {
		size->before = sqlite3_column_int64(s, 0);
		size->lost = sqlite3_column_int64(s, 1);
	}
	sqlite3_finalize(s);
	return more < 0 ? more : 0;
}
