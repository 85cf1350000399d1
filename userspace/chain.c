// SPDX-License-Identifier: GPL-2.0-only
#include "chain.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "chain_hash.h"
#include "who.h"
#include "xeir.h"

/* The last record's id, 0: there is none, or a negative errno; its hash too. */
static int64_t last_record(struct store *store, unsigned char hash[CHAIN_OCTETS])
{
	sqlite3_stmt *select =
		store_prepare(store, "SELECT id, hash FROM record ORDER BY id DESC LIMIT 1");
	int64_t id = select ? store_step(store, select) : -EIO;

	memset(hash, 0, CHAIN_OCTETS);
	if (id > 0) {
		id = sqlite3_column_int64(select, 0);
		if (sqlite3_column_bytes(select, 1) == CHAIN_OCTETS)
			memcpy(hash, sqlite3_column_blob(select, 1), CHAIN_OCTETS);
	}
	sqlite3_finalize(select);
	return id;
}

int chain_begin(struct chain *chain, struct store *store)
{
	unsigned char hash[CHAIN_OCTETS];
	int64_t last = last_record(store, hash);

	if (last < 0)
		return last;
	chain->store = store;
	chain->record = last + 1;
	chain_hash_begin(chain->streams);
	return 0;
}

void chain_add(struct chain *chain, enum stream stream, const struct chain_row *row)
{
	chain_hash_row(&chain->streams[stream], row);
}

static int insert(struct store *store, const struct record_row *row,
		  const unsigned char hash[CHAIN_OCTETS])
{
	sqlite3_stmt *insert =
		store_prepare(store, "INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
	int err = insert ? 0 : -EIO;

	if (err)
		return err;
	sqlite3_bind_int64(insert, 1, row->id);
	sqlite3_bind_int64(insert, 2, row->time);
	sqlite3_bind_text(insert, 3, row->who, -1, SQLITE_STATIC);
	sqlite3_bind_text(insert, 4, row->verb, -1, SQLITE_STATIC);
	sqlite3_bind_int64(insert, 5, row->directive);
	sqlite3_bind_text(insert, 6, row->detail, -1, SQLITE_STATIC);
	sqlite3_bind_blob(insert, 7, row->content, CHAIN_OCTETS, SQLITE_STATIC);
	sqlite3_bind_blob(insert, 8, hash, CHAIN_OCTETS, SQLITE_STATIC);
	err = store_step(store, insert);
	sqlite3_finalize(insert);
	return err;
}

int chain_end(struct chain *chain, const char *verb, uint32_t directive, const json_t *detail)
{
	char *text = json_dumps(detail, JSON_COMPACT), who[WHO_TEXT];
	struct record_row row = {
		.id = chain->record,
		.time = time(NULL),
		.directive = directive,
		.who = who_text(who),
		.verb = verb,
		.detail = text,
	};
	unsigned char former[CHAIN_OCTETS], hash[CHAIN_OCTETS];
	int64_t last = last_record(chain->store, former);
	int err = last < 0 ? last : 0;

	if (!text) {
		complain("%s", strerror(ENOMEM));
		return -ENOMEM;
	}
	chain_hash_content(chain->streams, row.content);
	chain_hash_record(former, &row, hash);
	if (!err)
		err = insert(chain->store, &row, hash);
	free(text);
	return err;
}

int chain_note(struct store *store, const char *verb, uint32_t directive, const json_t *detail)
{
	struct chain chain;
	int err = store_begin(store);

	if (!err)
		err = chain_begin(&chain, store);
	if (!err)
		err = chain_end(&chain, verb, directive, detail);
	if (!err)
		err = store_commit(store);
	store_rollback(store);
	return err;
}
