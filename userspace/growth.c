// SPDX-License-Identifier: GPL-2.0-only
#include "growth.h"

#include <errno.h>
#include <time.h>

#include "ledger_rows.h"

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

/* Of an issuer, or of nobody; as they were before the last record. */
#define FORMER_KEYS(of)                                                                    \
	"SELECT DISTINCT key FROM listing WHERE origin = ?1 AND (until = 0 OR until > ?2)" \
	" AND added < (SELECT max(id) FROM record)"                                        \
	" AND (removed = 0 OR removed = (SELECT max(id) FROM record))"                     \
	" AND directive " of " ORDER BY key"

static const char of_issuer[] = FORMER_KEYS("IN (SELECT number FROM directive WHERE issuer = ?3)");
static const char of_nobody[] =
	FORMER_KEYS("NOT IN (SELECT number FROM directive WHERE issuer IS NOT NULL)");

int growth_of_issuer(struct store *store, const struct order *order, const char *issuer,
		     struct growth *growth)
{
	sqlite3_stmt *s = store_prepare(store, issuer ? of_issuer : of_nobody);
	size_t kept = 0, put = 0;
	int more;

	if (!s)
		return -EIO;
	*growth = (struct growth){};
	sqlite3_bind_int(s, 1, order->origin);
	sqlite3_bind_int64(s, 2, time(NULL));
	if (issuer)
		sqlite3_bind_text(s, 3, issuer, -1, SQLITE_STATIC);
	while ((more = store_step(store, s)) > 0) {
		struct xeir_key key = ledger_column_key(s, 0);

		growth->before++;
		while (put < order->n_puts && ledger_key_order(&order->puts[put], &key) < 0)
			put++;
		kept += put < order->n_puts && !ledger_key_order(&order->puts[put], &key);
	}
	sqlite3_finalize(s);
	growth->lost = growth->before - kept;
	growth->gained = order->n_puts - kept;
	return more;
}
