// SPDX-License-Identifier: GPL-2.0-only
#include "policy/projection.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <xeir/list.h>

#include "directive/memory_list.h"
#include "host/sweep.h"
#include "lib/say.h"
#include "lib/sort.h"
#include "transport/pinned_list.h"

int projection_stamp(struct stamp *stamp)
{
	FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");
	struct xeir_control control;
	int err;

	*stamp = (struct stamp){};
	if (!file || fscanf(file, "%39s", stamp->boot) != 1)
		complain("/proc/sys/kernel/random/boot_id cannot be read");
	if (file)
		fclose(file);
	err = pinned_list_id(&stamp->list);
	if (!err)
		err = pinned_list_control(&control);
	stamp->generation = control.live;
	return err;
}

/* Boot, list and generation, from parameter @first on. */
static void bind_stamp(sqlite3_stmt *s, int first, const struct stamp *stamp)
{
	sqlite3_bind_text(s, first, stamp->boot, -1, SQLITE_STATIC);
	sqlite3_bind_int64(s, first + 1, stamp->list);
	sqlite3_bind_int64(s, first + 2, stamp->generation);
}

int projection_mark(struct store *store, uint32_t commits)
{
	sqlite3_stmt *s;
	struct stamp stamp;
	int err = projection_stamp(&stamp);

	if (err)
		return err;
	s = store_prepare(store, "INSERT INTO enforced SELECT max(id), ?, ?, ?, ?, "
				 "ifnull((SELECT looked FROM enforced ORDER BY record DESC "
				 "LIMIT 1), 0) FROM record HAVING max(id) "
				 "ON CONFLICT DO UPDATE SET boot = excluded.boot, "
				 "list = excluded.list, generation = excluded.generation");
	if (!s)
		return -EIO;
	sqlite3_bind_int64(s, 1, time(NULL));
	stamp.generation += commits;
	bind_stamp(s, 2, &stamp);
	err = store_step(store, s);
	sqlite3_finalize(s);
	return err;
}

/* Entries that expired up to @now are replaced by those that expire later. */
static int mark_ends(struct store *store, time_t now)
{
	sqlite3_stmt *s = store_prepare(store, "UPDATE enforced SET looked = ? WHERE record = "
					       "(SELECT max(record) FROM enforced)");
	int err = s ? 0 : -EIO;

	if (s) {
		sqlite3_bind_int64(s, 1, now);
		err = store_step(store, s);
	}
	sqlite3_finalize(s);
	return err;
}

/* Has an entry expired since, while another order still lists its key? */
#define GAVE_WAY                                                          \
	"EXISTS (SELECT 1 FROM listing l WHERE removed = 0 AND until > 0" \
	" AND until > e.looked AND until <= ?4 AND EXISTS (SELECT 1"      \
	"  FROM listing n WHERE n.key = l.key AND n.removed = 0"          \
	"  AND (n.until = 0 OR n.until > ?4)))"

int projection_is_marked(struct store *store)
{
	sqlite3_stmt *s;
	struct stamp stamp;
	int err = projection_stamp(&stamp), marked;

	if (err)
		return err;
	/* no later record may have changed the listing */
	s = store_prepare(store, "SELECT boot = ?1 AND list = ?2 AND generation = ?3 AND NOT EXISTS"
				 " (SELECT 1 FROM record WHERE id > e.record AND"
				 "  detail ->> 'removed' IS NOT NULL) AND NOT " GAVE_WAY
				 " FROM enforced e ORDER BY record DESC LIMIT 1");
	if (!s)
		return -EIO;
	bind_stamp(s, 1, &stamp);
	sqlite3_bind_int64(s, 4, time(NULL));
	marked = store_step(store, s);
	if (marked > 0)
		marked = sqlite3_column_int(s, 0);
	sqlite3_finalize(s);
	return marked;
}

int projection_is_filled(struct store *store)
{
	sqlite3_stmt *s;
	struct stamp stamp;
	int filled = projection_stamp(&stamp);

	if (filled)
		return filled;
	s = store_prepare(store, "SELECT 1 FROM enforced WHERE boot = ? AND list = ? "
				 "ORDER BY record DESC LIMIT 1");
	if (!s)
		return -EIO;
	sqlite3_bind_text(s, 1, stamp.boot, -1, SQLITE_STATIC);
	sqlite3_bind_int64(s, 2, stamp.list);
	filled = store_step(store, s);
	sqlite3_finalize(s);
	return filled;
}

/* Journal and maps are compared in one pass, both sorted by key. */
struct comparison {
	struct memory_list enforced;
	size_t at;
	uint32_t now;
	struct list_change *change;
};

/* Entries of the maps before @key that the journal does not list are removed. */
static int remove_unlisted(struct comparison *c, const struct xeir_key *key)
{
	int err = 0;

	while (!err && c->at < c->enforced.n) {
		const struct entry *entry = &c->enforced.entries[c->at];

		if (key && key_order(&entry->key, key) >= 0)
			break;
		if (!xeir_side_ended(&entry->side, c->now))
			err = list_change_remove(c->change, &entry->key);
		c->at++;
	}
	return err;
}

static int compare(const struct entry *entry, void *arg)
{
	struct comparison *c = arg;
	const struct entry *there;
	int err = remove_unlisted(c, &entry->key);

	if (err)
		return err;
	there = c->at < c->enforced.n ? &c->enforced.entries[c->at] : NULL;
	if (!there || key_order(&there->key, &entry->key)) {
		c->change->added++;
		return list_change_put(c->change, &entry->key, &entry->side);
	}
	c->at++;
	if (!memcmp(&there->side, &entry->side, sizeof(entry->side)))
		return 0;
	c->change->changed++;
	return list_change_put(c->change, &entry->key, &entry->side);
}

int projection_diff(struct transport *t, struct store *store, struct list_change *change)
{
	struct comparison c = { .now = time(NULL), .change = change };
	int err = memory_list_of(t, &c.enforced);

	*change = (struct list_change){};
	if (!err)
		err = ledger_iterate(store, compare, &c);
	if (!err)
		err = remove_unlisted(&c, NULL);
	memory_list_free(&c.enforced);
	if (err)
		list_change_free(change);
	return err;
}

int projection_stage(struct transport *t, const struct list_change *change)
{
	int err = 0;

	if (change->n_puts)
		err = t->ops->put(t, change->puts, change->n_puts);
	if (!err && change->n_removes)
		err = t->ops->remove(t, change->removes, change->n_removes);
	return err;
}

int projection_wait(struct transport *t)
{
	struct outcome outcome;
	int err = t->ops->begin(t);

	return err ? err : t->ops->abort(t, &outcome);
}

int projection_commit(struct transport *t, const struct list_change *change,
		      struct outcome *outcome)
{
	int err = t->ops->begin(t);

	if (err)
		return err;
	err = projection_stage(t, change);
	if (err) {
		t->ops->abort(t, outcome);
		return err;
	}
	err = t->ops->commit(t, outcome);
	return err ? err : sweep_run(outcome);
}

static bool is_empty(const struct list_change *change)
{
	return !change->n_puts && !change->n_removes;
}

/* Has the journal ever had a list? 1, 0 or a negative errno. */
static int has_listing(struct store *store)
{
	sqlite3_stmt *s = store_prepare(store, "SELECT 1 FROM record WHERE "
					       "detail ->> 'removed' IS NOT NULL LIMIT 1");
	int found = s ? store_step(store, s) : -EIO;

	sqlite3_finalize(s);
	return found;
}

/* A list from before the journal is not thrown away for it. */
static int adopt(struct transport *t, struct store *store)
{
	struct memory_list enforced = {};
	struct order order = { .verb = "adopt" };
	struct list_change change = {};
	int err = memory_list_of(t, &enforced);

	order.puts = enforced.entries;
	order.n_puts = enforced.n;
	if (!err && enforced.n) {
		err = ledger_apply(store, &order, &change);
		fprintf(stderr,
			"xeir: the %zu enforced entries become the first record of the journal "
			"%s\n",
			enforced.n, store->path);
	}
	list_change_free(&change);
	memory_list_free(&enforced);
	return err;
}

static int mend(struct transport *t, struct store *store)
{
	struct outcome outcome = {};
	struct list_change change;
	int err = projection_diff(t, store, &change);

	if (err)
		return err;
	if (!is_empty(&change)) {
		fprintf(stderr,
			"xeir: the enforced list differed from the journal: %zu added, %zu "
			"changed, "
			"%zu removed to correct it\n",
			change.added, change.changed, change.n_removes);
		err = projection_commit(t, &change, &outcome);
	}
	list_change_free(&change);
	return err;
}

int projection_restore(struct transport *t, struct store *store)
{
	time_t now = time(NULL);
	int err = projection_wait(t);

	if (!err)
		err = has_listing(store);
	if (err >= 0)
		err = err ? mend(t, store) : adopt(t, store);
	if (!err)
		err = projection_mark(store, 0);
	return err ? err : mark_ends(store, now);
}

int projection_mend(struct transport *t, struct store *store, struct stamp *stamp)
{
	time_t now = time(NULL);
	int marked = projection_is_marked(store), err;

	if (!marked) {
		err = projection_wait(t);
		marked = err ? err : projection_is_marked(store);
	}
	if (marked < 0)
		return marked;
	err = marked ? mark_ends(store, now) : projection_restore(t, store);
	return err ? err : projection_stamp(stamp);
}
