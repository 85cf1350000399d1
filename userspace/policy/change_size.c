// SPDX-License-Identifier: GPL-2.0-only
#include "policy/change_size.h"

#include <errno.h>
#include <time.h>

#include "numbers/register.h"

struct growth growth_of_change(const struct change *change)
{
	return (struct growth){
		.gained = change->added,
		.lost = change->n_removes - change->ended,
	};
}

int growth_of_enforced(struct store *store, size_t enough, struct growth *growth)
{
	sqlite3_stmt *s = store_prepare(store, "SELECT count(*) FROM (SELECT DISTINCT key FROM "
					       "listing WHERE removed = 0 AND (until = 0 OR "
					       "until > ?) LIMIT ?)");
	int more = s ? 0 : -EIO;

	if (s) {
		sqlite3_bind_int64(s, 1, time(NULL));
		sqlite3_bind_int64(s, 2, enough + growth->gained);
		more = store_step(store, s);
	}
	if (more > 0)
		growth->before = sqlite3_column_int64(s, 0) + growth->lost - growth->gained;
	sqlite3_finalize(s);
	return more < 0 ? more : 0;
}

int growth_of_connected(struct store *store, struct growth *growth)
{
	sqlite3_stmt *s = store_prepare(
		store, "WITH last AS (SELECT max(id) AS id FROM record)"
		       " SELECT count(*) FILTER (WHERE added < last.id AND state <> ?1),"
		       " count(*) FILTER (WHERE added = last.id AND state = ?1)"
		       " FROM number, last WHERE removed = 0 OR removed = last.id");
	int more = s ? 0 : -EIO;

	*growth = (struct growth){};
	if (s) {
		sqlite3_bind_int(s, 1, NUMBER_DISCONNECTED);
		more = store_step(store, s);
	}
	if (more > 0) {
		growth->before = sqlite3_column_int64(s, 0);
		growth->lost = sqlite3_column_int64(s, 1);
	}
	sqlite3_finalize(s);
	return more < 0 ? more : 0;
}
