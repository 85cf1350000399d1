// SPDX-License-Identifier: GPL-2.0-only
#include "policy/protection.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "journal/chain.h"
#include "lib/identifier.h"
#include "lib/say.h"

static int no_memory(void)
{
	complain("%s", strerror(ENOMEM));
	return -ENOMEM;
}

int protection_add(struct protection *protection, const struct xeir_key *imei)
{
	struct xeir_key *more = reallocarray(protection->imeis, protection->n + 1, sizeof(*more));

	if (!more)
		return no_memory();
	protection->imeis = more;
	more[protection->n++] = *imei;
	return 0;
}

static int add_text(struct protection *protection, const char *text)
{
	struct identifier_error error;
	struct xeir_key imei;

	if (identifier_imei(text, strlen(text), &imei, &error)) {
		complain("the protect list: found %s, expected %s", error.found, error.expected);
		return -EINVAL;
	}
	return protection_add(protection, &imei);
}

int protection_read(struct store *store, struct protection *protection)
{
	sqlite3_stmt *s = store_prepare(store, "SELECT imei FROM protected ORDER BY imei");
	int more = s ? 1 : -EIO;

	while (more > 0 && (more = store_step(store, s)) > 0) {
		int err = add_text(protection, (const char *)sqlite3_column_text(s, 0));

		more = err ? err : more;
	}
	sqlite3_finalize(s);
	return more;
}

void protection_free(struct protection *protection)
{
	free(protection->imeis);
	*protection = (struct protection){};
}

int64_t protection_listed_by(struct store *store, const struct xeir_key *key)
{
	sqlite3_stmt *s = store_prepare(store, "SELECT directive FROM listing WHERE key = ? AND "
					       "removed = 0 AND action > ? AND "
					       "(until = 0 OR until > ?) ORDER BY added DESC");
	int64_t found = s ? 0 : -EIO;

	if (!s)
		return found;
	sqlite3_bind_blob(s, 1, key, 1 + xeir_key_octets(key->kind), SQLITE_STATIC);
	sqlite3_bind_int(s, 2, XEIR_ACTION_WATCH);
	sqlite3_bind_int64(s, 3, time(NULL));
	found = store_step(store, s);
	if (found >= 0)
		found = found ? sqlite3_column_int64(s, 0) : -ENOENT;
	sqlite3_finalize(s);
	return found;
}

bool protection_has(const struct protection *protection, const struct xeir_key *imei)
{
	for (size_t i = 0; i < protection->n; i++)
		if (!memcmp(&protection->imeis[i], imei, sizeof(*imei)))
			return true;
	return false;
}

int protection_record(struct store *store, const char *op, json_t *texts)
{
	json_t *detail = json_pack("{s:O}", op, texts);
	int err = chain_note(store, "protect", 0, detail);

	json_decref(detail);
	return err;
}
