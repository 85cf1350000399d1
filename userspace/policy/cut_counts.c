// SPDX-License-Identifier: GPL-2.0-only
#include "policy/cut_counts.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "journal/chain.h"
#include "lib/say.h"
#include "policy/projection.h"
#include "transport/map_iterate.h"
#include "transport/pins.h"

struct reading {
	struct store *store;
	struct stamp stamp;
	sqlite3_stmt *recorded; /* how many are, of a directive */
	json_t *found;
};

static int each_count(const void *key, const void *value, void *arg)
{
	const struct reading *r = arg;
	uint64_t counted;
	uint32_t directive;
	json_int_t newly;
	int err;

	memcpy(&directive, key, sizeof(directive));
	memcpy(&counted, value, sizeof(counted));
	sqlite3_bind_int64(r->recorded, 1, directive);
	err = store_step(r->store, r->recorded);
	newly = (json_int_t)counted - sqlite3_column_int64(r->recorded, 0);
	sqlite3_reset(r->recorded);
	if (err < 0)
		return err;
	if (newly > 0)
		json_array_append_new(r->found,
				      json_pack("{s:I, s:I}", "directive", (json_int_t)directive,
						"newly_cut", newly));
	return 0;
}

static int read_pinned(struct reading *r)
{
	int fd = pins_open(PIN_NAME(XEIR_MAP_CUT_COUNTS)), err;

	if (fd < 0)
		return fd;
	err = map_iterate(fd, each_count, r);
	close(fd);
	if (err)
		complain("%s cannot be read: %s", PIN_NAME(XEIR_MAP_CUT_COUNTS), strerror(-err));
	return err;
}

static int read_counts(struct reading *r)
{
	int err = projection_stamp(&r->stamp);

	if (err)
		return err;
	r->recorded =
		store_prepare(r->store, "SELECT ifnull(sum(detail ->> 'newly_cut'), 0) FROM record"
					" WHERE directive = ? AND verb = 'sessions'"
					" AND detail ->> 'boot' = ? AND detail ->> 'list' = ?");
	if (!r->recorded)
		return -EIO;
	sqlite3_bind_text(r->recorded, 2, r->stamp.boot, -1, SQLITE_STATIC);
	sqlite3_bind_int64(r->recorded, 3, r->stamp.list);
	err = read_pinned(r);
	sqlite3_finalize(r->recorded);
	return err;
}

json_t *cut_counts_read(struct store *store)
{
	struct reading r = { .store = store, .found = json_array() };

	/* programs of former versions do not count them */
	if (pins_has(PIN_NAME(XEIR_MAP_CUT_COUNTS)) && read_counts(&r)) {
		json_decref(r.found);
		return NULL;
	}
	return r.found;
}

/* The counts are of this list in this boot. */
static json_t *detail_of(json_int_t newly, const struct stamp *stamp)
{
	return json_pack("{s:I, s:s, s:I}", "newly_cut", newly, "boot", stamp->boot, "list",
			 (json_int_t)stamp->list);
}

static int write_record(struct store *store, uint32_t directive, json_t *detail)
{
	struct chain chain;
	int err = chain_begin(&chain, store);

	if (!err)
		err = chain_end(&chain, "sessions", directive, detail);
	json_decref(detail);
	return err;
}

/* The record of the order: there is one as well if it only freed or deleted sessions. */
static int write_order(struct store *store, const struct order *order, json_int_t newly,
		       const struct stamp *stamp, const struct outcome *outcome)
{
	json_t *detail;

	if (!newly && !outcome->freed && !outcome->deleted)
		return 0;
	detail = detail_of(newly, stamp);
	json_object_set_new(detail, "cut", json_integer(outcome->cut));
	json_object_set_new(detail, "freed", json_integer(outcome->freed));
	json_object_set_new(detail, "deleted", json_integer(outcome->deleted));
	json_object_set_new(detail, "unanswered", json_integer(outcome->unanswered));
	return write_record(store, order->directive, detail);
}

static int write_all(struct store *store, const struct order *order, const json_t *counts,
		     struct outcome *outcome)
{
	json_int_t of_order = 0;
	const json_t *count;
	struct stamp stamp;
	int err = projection_stamp(&stamp);
	size_t i;

	json_array_foreach(counts, i, count) {
		uint32_t directive = json_integer_value(json_object_get(count, "directive"));
		json_int_t newly = json_integer_value(json_object_get(count, "newly_cut"));

		outcome->newly_cut += newly;
		if (order && order->directive == directive)
			of_order = newly;
		else if (!err)
			err = write_record(store, directive, detail_of(newly, &stamp));
	}
	if (!err && order)
		err = write_order(store, order, of_order, &stamp, outcome);
	return err;
}

int cut_counts_record(struct store *store, const struct order *order, struct outcome *outcome)
{
	int err = store_begin(store);
	json_t *counts;

	if (err)
		return err;
	counts = cut_counts_read(store);
	err = counts ? write_all(store, order, counts, outcome) : -EIO;
	if (!err)
		err = store_commit(store);
	store_rollback(store);
	json_decref(counts);
	return err;
}
