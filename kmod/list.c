// SPDX-License-Identifier: GPL-2.0-only
#include <linux/gfp.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>

#include <xeir/list.h>

#include "list.h"
#include "sweep.h"

/* The keys that a transaction touched, a page of them at a time. */
struct xeir_touched {
	struct list_head node;
	u32 n;
	struct xeir_key key[];
};

#define XEIR_TOUCHED_MAX \
	((PAGE_SIZE - offsetof(struct xeir_touched, key)) / sizeof(struct xeir_key))

static const struct xeir_side unlisted = { .action = XEIR_ACTION_PASS };

/*
 * Wait until all programs that run now have ended. A program reads the live generation,
 * then looks keys up, each twice: to see whether the element that it read was replaced
 * meanwhile, and used again for another key. That is sufficient only if
 *	- all entries of a generation are in the map before that generation is live,
 *	- former values stay readable until no program uses the former generation,
 *	- no key is replaced twice while one program runs, as its second lookup might then
 *	  return the same element, which another key had in between.
 * The sweep is such a program too, but may sleep, so that a grace period does not wait for it.
 */
static void wait_for_programs(const struct xeir_list *list)
{
	synchronize_rcu_expedited();
	xeir_sweep_wait(list->sweep);
}

static void bump(struct xeir_list *list)
{
	if (!++list->seq)
		list->seq = 1;
}

void xeir_list_init(struct xeir_list *list, struct xeir_sweep *sweep)
{
	list->sweep = sweep;
	list->seq = 1;
	INIT_LIST_HEAD(&list->touched);
}

/*
 * Give every entry its final state, and count. A writer that died in a transaction left
 * entries that are not reached; one that died after its commit left spent ones.
 */
static int recover(struct xeir_list *list)
{
	struct xeir_maps *maps = &list->maps;
	u32 live = xeir_list_live(list), entries = 0;
	struct xeir_key key, next;
	struct xeir_entry entry;
	bool more, keep;
	int err = 0;

	/* No program may still read what is undone here, see xeir_list_commit(). */
	wait_for_programs(list);
	bump(list);
	for (more = xeir_maps_next(maps, NULL, &key); more; key = next) {
		/* Before anything else, as the key may be deleted below. */
		more = xeir_maps_next(maps, &key, &next);
		cond_resched();
		if (!xeir_maps_get(maps, &key, &entry))
			continue;

		if (xeir_entry_reached(&entry, live)) {
			keep = !xeir_entry_spent(&entry);
		} else {
			keep = xeir_entry_undo(&entry, live);
			if (keep)
				err = xeir_maps_set(maps, &key, &entry);
		}
		if (keep)
			entries++;
		else
			err = xeir_maps_delete(maps, &key);
		if (err)
			return err;
	}
	wait_for_programs(list);
	WRITE_ONCE(maps->control->entries, entries);
	WRITE_ONCE(maps->control->pending, 0);
	return 0;
}

/* Recovers whether or not @pending is set, so that the count is right too. */
int xeir_list_bind(struct xeir_list *list, const u32 fd[XEIR_MAPS], struct xeir_map_refusal *no)
{
	int err;

	err = xeir_maps_bind(&list->maps, fd, no);
	if (err)
		return err;

	err = recover(list);
	if (err) {
		no->map = XEIR_THE_LIST;
		no->why = "the list holds an unfinished transaction that cannot be undone";
		xeir_maps_unbind(&list->maps);
	}
	return err;
}

void xeir_list_unbind(struct xeir_list *list)
{
	if (list->open)
		xeir_list_abort(list);
	xeir_maps_unbind(&list->maps);
	bump(list);
}

int xeir_list_begin(struct xeir_list *list, u32 owner)
{
	struct xeir_control *control = list->maps.control;
	int err;

	/* The last transaction could not clean up. */
	if (control->pending) {
		err = recover(list);
		if (err)
			return err;
	}
	xeir_list_begins(control);
	WRITE_ONCE(control->pending, 1);
	WRITE_ONCE(list->owner, owner);
	WRITE_ONCE(list->open, true);
	return 0;
}

/* Make sure that one more key can be noted; it is noted only when its entry is in the map. */
static struct xeir_touched *reserve(struct xeir_list *list)
{
	struct xeir_touched *touched;

	if (!list_empty(&list->touched)) {
		touched = list_last_entry(&list->touched, struct xeir_touched, node);
		if (touched->n < XEIR_TOUCHED_MAX)
			return touched;
	}
	touched = (struct xeir_touched *)__get_free_page(GFP_KERNEL_ACCOUNT);
	if (!touched)
		return NULL;
	touched->n = 0;
	list_add_tail(&touched->node, &list->touched);
	return touched;
}

/* @entry is the value of @key in the map; @known: @key is in the map. */
static int stage(struct xeir_list *list, const struct xeir_key *key, struct xeir_entry *entry,
		 bool known, const struct xeir_side *side)
{
	u32 live = xeir_list_live(list);
	struct xeir_touched *touched;
	int err;

	/* Not replaced a second time; see wait_for_programs(). */
	if (known && entry->generation == live + 1) {
		xeir_maps_amend(&list->maps, key, side);
		return 0;
	}

	touched = reserve(list);
	if (!touched)
		return -ENOMEM;
	xeir_entry_stage(entry, live, side);
	xeir_list_gets(list->maps.control, key->kind);
	err = xeir_maps_set(&list->maps, key, entry);
	if (err)
		return err;
	touched->key[touched->n++] = *key;
	bump(list);
	return 0;
}

int xeir_list_put(struct xeir_list *list, const struct xeir_key *key, const struct xeir_side *side)
{
	struct xeir_entry entry = {};
	bool known = xeir_maps_get(&list->maps, key, &entry);

	return stage(list, key, &entry, known, side);
}

int xeir_list_remove(struct xeir_list *list, const struct xeir_key *key)
{
	struct xeir_entry entry;

	if (!xeir_maps_get(&list->maps, key, &entry))
		return 0;
	return stage(list, key, &entry, true, &unlisted);
}

int xeir_list_flush(struct xeir_list *list)
{
	struct xeir_maps *maps = &list->maps;
	struct xeir_key key, next;
	struct xeir_entry entry;
	bool more;
	int err;

	for (more = xeir_maps_next(maps, NULL, &key); more; key = next) {
		/*
		 * Before anything else, as an entry that is replaced moves to the head
		 * of its bucket, in front of those already iterated over.
		 */
		more = xeir_maps_next(maps, &key, &next);
		cond_resched();
		if (!xeir_maps_get(maps, &key, &entry) || entry.after.action == XEIR_ACTION_PASS)
			continue;
		err = stage(list, &key, &entry, true, &unlisted);
		if (err)
			return err;
	}
	return 0;
}

static void count(const struct xeir_entry *entry, struct xeir_counts *counts)
{
	switch (xeir_entry_change(entry)) {
	case XEIR_ADDED:
		counts->added++;
		break;
	case XEIR_CHANGED:
		counts->changed++;
		break;
	case XEIR_REMOVED:
		counts->removed++;
		break;
	case XEIR_UNCHANGED:
		break;
	}
}

/* Call @each for every key that the transaction touched; returns the first error. */
static int for_touched(struct xeir_list *list, struct xeir_counts *counts,
		       int (*each)(struct xeir_list *list, const struct xeir_key *key,
				   struct xeir_entry *entry, struct xeir_counts *counts))
{
	struct xeir_touched *touched;
	struct xeir_entry entry;
	int err = 0, e;
	u32 i;

	list_for_each_entry(touched, &list->touched, node) {
		for (i = 0; i < touched->n; i++) {
			if (!xeir_maps_get(&list->maps, &touched->key[i], &entry))
				continue;
			e = each(list, &touched->key[i], &entry, counts);
			if (!err)
				err = e;
		}
		cond_resched();
	}
	return err;
}

static int count_one(struct xeir_list *list, const struct xeir_key *key, struct xeir_entry *entry,
		     struct xeir_counts *counts)
{
	count(entry, counts);
	return 0;
}

static int sweep_one(struct xeir_list *list, const struct xeir_key *key, struct xeir_entry *entry,
		     struct xeir_counts *counts)
{
	return xeir_entry_spent(entry) ? xeir_maps_delete(&list->maps, key) : 0;
}

static int undo_one(struct xeir_list *list, const struct xeir_key *key, struct xeir_entry *entry,
		    struct xeir_counts *counts)
{
	count(entry, counts);
	if (xeir_entry_undo(entry, xeir_list_live(list)))
		return xeir_maps_set(&list->maps, key, entry);
	return xeir_maps_delete(&list->maps, key);
}

/* If @err, @pending stays set, and the next BEGIN or BIND recovers the list. */
static void close_transaction(struct xeir_list *list, int err)
{
	struct xeir_touched *touched, *next;

	list_for_each_entry_safe(touched, next, &list->touched, node)
		free_page((unsigned long)touched);
	INIT_LIST_HEAD(&list->touched);
	WRITE_ONCE(list->open, false);
	bump(list);
	if (!err)
		WRITE_ONCE(list->maps.control->pending, 0);
}

struct xeir_counts xeir_list_commit(struct xeir_list *list)
{
	struct xeir_control *control = list->maps.control;
	struct xeir_counts counts = {};

	for_touched(list, &counts, count_one);
	wait_for_programs(list);
	/* The commit. */
	smp_store_release(&control->live, control->live + 1);
	wait_for_programs(list);
	WRITE_ONCE(control->entries, control->entries + counts.added - counts.removed);
	close_transaction(list, for_touched(list, NULL, sweep_one));
	return counts;
}

struct xeir_counts xeir_list_abort(struct xeir_list *list)
{
	struct xeir_counts counts = {};
	int err;

	wait_for_programs(list);
	err = for_touched(list, &counts, undo_one);
	wait_for_programs(list);
	close_transaction(list, err);
	return counts;
}

static int revert_one(struct xeir_list *list, const struct xeir_key *key, struct xeir_entry *entry,
		      struct xeir_counts *counts)
{
	struct xeir_entry now = { .before = entry->after, .after = entry->before };

	count(&now, counts);
	if (xeir_entry_undo(entry, xeir_list_live(list)))
		return xeir_maps_set(&list->maps, key, entry);
	return xeir_maps_delete(&list->maps, key);
}

/*
 * In place, as programs already use the former values of these entries. Staging would make the
 * present values valid again until the commit, or for good if the commit never came.
 */
int xeir_list_revert(struct xeir_list *list, u32 generation, struct xeir_counts *counts)
{
	struct xeir_control *control = list->maps.control;
	struct xeir_key key, next;
	struct xeir_entry entry;
	bool more;
	int err;

	/* If this does not finish, the next BEGIN counts the entries again. */
	WRITE_ONCE(control->pending, 1);
	wait_for_programs(list);
	for (more = xeir_maps_next(&list->maps, NULL, &key); more; key = next) {
		/* Before anything else, as the key may be deleted below. */
		more = xeir_maps_next(&list->maps, &key, &next);
		cond_resched();
		if (!xeir_maps_get(&list->maps, &key, &entry) ||
		    !xeir_entry_is_of(&entry, generation, control->live))
			continue;
		err = revert_one(list, &key, &entry, counts);
		if (err)
			return err;
	}
	smp_store_release(&control->live, control->live + 1);
	wait_for_programs(list);
	bump(list);
	WRITE_ONCE(control->entries, control->entries + counts->added - counts->removed);
	WRITE_ONCE(control->pending, 0);
	return 0;
}

bool xeir_list_get(const struct xeir_list *list, const struct xeir_key *key, struct xeir_side *side)
{
	struct xeir_entry entry;

	if (!xeir_maps_get(&list->maps, key, &entry))
		return false;
	*side = *xeir_entry_side(&entry, xeir_list_live(list));
	return side->action != XEIR_ACTION_PASS;
}

bool xeir_list_next(const struct xeir_list *list, const struct xeir_key *after,
		    struct xeir_key *key, struct xeir_side *side)
{
	struct xeir_key from;

	while (xeir_maps_next(&list->maps, after, key)) {
		if (xeir_list_get(list, key, side))
			return true;
		from = *key;
		after = &from;
	}
	return false;
}

bool xeir_list_holds(const struct xeir_list *list, const struct xeir_key *key)
{
	struct xeir_entry entry;

	return xeir_maps_get(&list->maps, key, &entry);
}
