// SPDX-License-Identifier: GPL-2.0-only
#include "journal/chain.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "journal/actor.h"
#include "lib/say.h"

/* Seconds: time daemons step a clock by up to so much, which needs no warning. */
#define BEHIND_MAX 60

/* The last record; its id is 0 where there is none. */
struct last {
	int64_t id, time;
	unsigned char hash[CHAIN_OCTETS];
};

static int read_last(struct store *store, struct last *last)
{
	sqlite3_stmt *select =
		store_prepare(store, "SELECT id, time, hash FROM record ORDER BY id DESC LIMIT 1");
	int more = select ? store_step(store, select) : -EIO;

	*last = (struct last){};
	if (more > 0) {
		last->id = sqlite3_column_int64(select, 0);
		last->time = sqlite3_column_int64(select, 1);
		if (sqlite3_column_bytes(select, 2) == CHAIN_OCTETS)
			memcpy(last->hash, sqlite3_column_blob(select, 2), CHAIN_OCTETS);
	}
	sqlite3_finalize(select);
	return more < 0 ? more : 0;
}

/* Records are ordered by their id, but deadlines and expiry depend on the clock. */
static void warn_if_behind(const struct last *last)
{
	int64_t behind = last->time - time(NULL);

	if (behind > BEHIND_MAX)
		fprintf(stderr,
			"xeir: warning: the clock is %" PRId64
			" seconds behind the last record of the journal\n",
			behind);
}

int chain_begin(struct chain *chain, struct store *store)
{
	struct last last;
	int err = read_last(store, &last);

	if (err)
		return err;
	warn_if_behind(&last);
	chain->store = store;
	chain->record = last.id + 1;
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
	sqlite3_bind_text(insert, 3, row->actor, -1, SQLITE_STATIC);
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
	char *text = json_dumps(detail, JSON_COMPACT), actor[ACTOR_TEXT];
	struct record_row row = {
		.id = chain->record,
		.time = time(NULL),
		.directive = directive,
		.actor = actor_text(actor),
		.verb = verb,
		.detail = text,
	};
	unsigned char hash[CHAIN_OCTETS];
	struct last last;
	int err = read_last(chain->store, &last);

	if (!text) {
		complain("%s", strerror(ENOMEM));
		return -ENOMEM;
	}
	chain_hash_content(chain->streams, row.content);
	chain_hash_record(last.hash, &row, hash);
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

int chain_is_empty(struct store *store)
{
	sqlite3_stmt *s = store_prepare(store, "SELECT 1 FROM record LIMIT 1");
	int there = s ? store_step(store, s) : -EIO;

	sqlite3_finalize(s);
	return there < 0 ? there : !there;
}
