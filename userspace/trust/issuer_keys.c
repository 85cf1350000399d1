// SPDX-License-Identifier: GPL-2.0-only
#include "trust/issuer_keys.h"

#include <errno.h>
#include <stdio.h>

#include "journal/chain.h"
#include "lib/say.h"

static int take(sqlite3_stmt *row, struct issuer_key *key)
{
	const char *issuer = (const char *)sqlite3_column_text(row, 0);
	const char *octets = (const char *)sqlite3_column_text(row, 1);

	if (!issuer || !octets || minisign_key_of_text(octets, &key->key))
		return -EINVAL;
	snprintf(key->issuer, sizeof(key->issuer), "%s", issuer);
	key->added = sqlite3_column_int64(row, 2);
	return 0;
}

int issuer_keys_iterate(struct store *store, int (*each)(const struct issuer_key *key, void *arg),
			void *arg)
{
	sqlite3_stmt *select = store_prepare(store, "SELECT issuer, key, added FROM issuer_key"
						    " ORDER BY issuer, added");
	struct issuer_key key;
	int err = select ? 0 : -EIO;

	while (!err && (err = store_step(store, select)) == 1) {
		err = take(select, &key);
		if (err)
			complain("journal %s: found a record of a key that is none", store->path);
		else
			err = each(&key, arg);
	}
	sqlite3_finalize(select);
	return err;
}

int issuer_keys_record(struct store *store, const char *op, const struct issuer_key *key)
{
	char id[MINISIGN_ID_TEXT], octets[MINISIGN_KEY_TEXT];
	json_t *detail = json_pack("{s:s, s:s, s:s, s:s}", "op", op, "issuer", key->issuer,
				   "key_id", minisign_id_text(key->key.id, id), "key",
				   minisign_key_text(&key->key, octets));
	struct chain chain;
	int err = chain_begin(&chain, store);

	if (!err)
		err = chain_end(&chain, "key", 0, detail);
	json_decref(detail);
	return err;
}
