// SPDX-License-Identifier: GPL-2.0-only
#include "growth.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "ledger_rows.h"

int growth_of_enforced(struct store *store, const struct change *change, struct growth *growth)
{
	sqlite3_stmt *s = store_prepare(store, "SELECT count(DISTINCT key) FROM listing WHERE "
					       "removed = 0 AND (until = 0 OR until > ?)");
	int more = s ? 0 : -EIO;

	if (s) {
		sqlite3_bind_int64(s, 1, time(NULL));
		more = store_step(store, s);
	}
	if (more > 0) {
		growth->gained = change->added;
		growth->lost = change->n_removes - change->ended;
		growth->before = sqlite3_column_int64(s, 0) + growth->lost - growth->gained;
	}
	sqlite3_finalize(s);
	return more < 0 ? more : 0;
}

/* Of an issuer, or of nobody; as they were before the last record. */
#define FORMER_KEYS(of)                                                                    \
	"SELECT DISTINCT key FROM listing WHERE origin = ?1 AND (until = 0 OR until > ?2)" \
	" AND added < (SELECT max(id) FROM record)"                                        \
	" AND (removed = 0 OR removed = (SELECT max(id) FROM record))"                     \
	" AND directive " of

static const char of_issuer[] = FORMER_KEYS("IN (SELECT number FROM directive WHERE issuer = ?3)");
static const char of_nobody[] =
	FORMER_KEYS("NOT IN (SELECT number FROM directive WHERE issuer IS NOT NULL)");

int growth_of_issuer(struct store *store, const struct order *order, const char *issuer,
		     struct growth *growth)
{
	sqlite3_stmt *s = store_prepare(store, issuer ? of_issuer : of_nobody);
	size_t kept = 0;
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
		kept += order->n_puts && bsearch(&key, order->puts, order->n_puts,
						 sizeof(*order->puts), ledger_key_order);
	}
	sqlite3_finalize(s);
	growth->lost = growth->before - kept;
	growth->gained = order->n_puts - kept;
	return more;
}
