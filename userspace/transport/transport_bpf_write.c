// SPDX-License-Identifier: GPL-2.0-only
/*
 * A transaction written by bpf(2), under the lock, by its commit. Each step leaves
 * the maps such that packets meet the old list or the new one. When this process
 * dies in the middle, by a signal too, what it staged stays in the maps without ever
 * counting, and control->pending tells the next writer to undo it first.
 */
#define _GNU_SOURCE
#include <bpf/bpf.h>
#include <errno.h>
#include <linux/membarrier.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <xeir/list.h>
#include "lib/progress.h"
#include "lib/say.h"
#include "lib/sort.h"
#include "transport/map_iterate.h"
#include "transport/transport_bpf.h"

#define BATCH 4096

/* One pass over the list costs about a look-up for so many entries of it. */
#define ENTRIES_PER_LOOKUP 16
#define LOOKUPS_MAX 64

/* Elements to begin with. */
#define ROOM_MIN 1024

/* Changes to the map that wait for one system call. */
struct batch {
	struct xeir_key keys[BATCH];
	struct xeir_entry entries[BATCH];
	__u32 n;
};

static const struct xeir_side unlisted; /* action PASS */

static struct transport_bpf *of(struct transport *t)
{
	return (struct transport_bpf *)t;
}

static int failed(const char *what, int err)
{
	complain("%s: %s", what, strerror(-err));
	return err;
}

static int batch_update(struct transport_bpf *v, struct batch *batch)
{
	__u32 n = batch->n;

	batch->n = 0;
	return n ? bpf_map_update_batch(v->list, batch->keys, batch->entries, &n, NULL) : 0;
}

static int batch_delete(struct transport_bpf *v, struct batch *batch)
{
	__u32 n = batch->n;

	batch->n = 0;
	return n ? bpf_map_delete_batch(v->list, batch->keys, &n, NULL) : 0;
}

/* Add one, after @empty has made room. */
static int batch_add(struct transport_bpf *v, struct batch *batch, const struct xeir_key *key,
		     const struct xeir_entry *entry,
		     int (*empty)(struct transport_bpf *, struct batch *))
{
	int err = batch->n == BATCH ? empty(v, batch) : 0;

	batch->keys[batch->n] = *key;
	batch->entries[batch->n++] = *entry;
	return err;
}

/* Until this returns, a program may still run that has loaded the former generation. */
static void wait_for_programs(void)
{
	struct timespec long_enough = { .tv_nsec = 200 * 1000 * 1000 };

	/* Kernels with nohz_full CPUs refuse; a packet's time in XDP is microseconds. */
	if (syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0))
		nanosleep(&long_enough, NULL);
}

/* What keys and entries a rewrite of the list makes of those that a writer left. */
struct rewrite {
	struct batch update;
	struct batch delete;
};

static int rewrite_finish(struct transport_bpf *v, struct rewrite *rewrite)
{
	int err = batch_update(v, &rewrite->update);

	return err ? err : batch_delete(v, &rewrite->delete);
}

/* Undo what is staged, and free what is spent. Returns 1 when the key stays listed. */
static int rewrite_one(struct transport_bpf *v, struct rewrite *rewrite, const struct xeir_key *key,
		       struct xeir_entry *entry)
{
	__u32 live = v->control->live;
	int err;

	if (xeir_entry_reached(entry, live)) {
		if (!xeir_entry_spent(entry))
			return 1;
		err = batch_add(v, &rewrite->delete, key, entry, batch_delete);
		return err;
	}
	if (!xeir_entry_undo(entry, live))
		return batch_add(v, &rewrite->delete, key, entry, batch_delete);
	err = batch_add(v, &rewrite->update, key, entry, batch_update);
	return err ? err : 1;
}

/* A writer died: bring the list back to what is in force. */
static int recover(struct transport_bpf *v)
{
	struct rewrite *rewrite = calloc(1, sizeof(*rewrite));
	struct raw_list raw;
	__u32 entries = 0;
	int err = rewrite ? raw_list_read(v, &raw) : -ENOMEM;

	if (err) {
		free(rewrite);
		return err;
	}
	wait_for_programs();
	for (size_t i = 0; i < raw.n; i++) {
		err = rewrite_one(v, rewrite, &raw.keys[i], &raw.entries[i]);
		if (err < 0)
			break;
		entries += err;
	}
	if (err >= 0)
		err = rewrite_finish(v, rewrite);
	/*
	 * A program tells a replaced element by its address, which a second replacing could
	 * bring back under it.
	 */
	wait_for_programs();
	if (!err) {
		v->control->entries = entries;
		v->control->pending = 0;
	}
	raw_list_free(&raw);
	free(rewrite);
	return err ? failed("what a writer that died had begun cannot be undone", err) : 0;
}

void transport_bpf_end(struct transport_bpf *v)
{
	if (v->control)
		munmap(v->control, sizeof(*v->control));
	v->control = NULL;
	close(v->lock);
	v->lock = -1;
	free(v->there);
	v->there = NULL;
	v->n_puts = v->n_removes = v->n_there = v->room = 0;
	v->whole = false;
}

static int map_control(struct transport_bpf *v)
{
	static const struct xeir_key nobody;
	void *control;
	int err;

	/* No entry has kind 0: only the permission to write is asked for. */
	err = bpf_map_delete_elem(v->list, &nobody);
	if (err == -ENOENT) {
		control = mmap(NULL, sizeof(*v->control), PROT_READ | PROT_WRITE, MAP_SHARED,
			       v->control_fd, 0);
		if (control != MAP_FAILED) {
			v->control = control;
			return 0;
		}
		err = -errno;
	}
	if (err != -EPERM)
		return failed("the list cannot be written", err);
	if (transport_netlink_has_bound(v->list_id) > 0)
		complain("the list cannot be written by bpf(2): the module is its only writer; "
			 "use --transport netlink");
	else
		complain("the list cannot be written from this network namespace: the module has "
			 "it in another one; use --transport netlink there, by: "
			 "nsenter --net=/run/netns/NS");
	return err;
}

/* Another program wrote the control: by a count of none, all kinds would be taken for unlisted. */
static bool is_miscounted(const struct transport_bpf *v)
{
	struct xeir_key first;

	return !v->control->entries && !bpf_map_get_next_key(v->list, NULL, &first);
}

int transport_bpf_begin(struct transport *t)
{
	struct transport_bpf *v = of(t);
	int err;

	v->lock = transport_bpf_lock(v, true);
	if (v->lock < 0)
		return v->lock;
	err = map_control(v);
	if (!err && (v->control->pending || is_miscounted(v)))
		err = recover(v);
	if (err) {
		transport_bpf_end(v);
		return err;
	}
	xeir_list_begins(v->control);
	return 0;
}

static int add_there(const void *key, const void *entry, void *arg)
{
	struct transport_bpf *v = arg;

	if (v->n_there == v->room) {
		size_t room = v->room ? v->room * 2 : ROOM_MIN;
		struct element *there = reallocarray(v->there, room, sizeof(*there));

		if (!there)
			return -ENOMEM;
		v->there = there;
		v->room = room;
	}
	memcpy(&v->there[v->n_there].key, key, sizeof(struct xeir_key));
	memcpy(&v->there[v->n_there++].entry, entry, sizeof(struct xeir_entry));
	return 0;
}

static int look_up(struct transport_bpf *v, const struct xeir_key *key)
{
	struct xeir_entry entry;
	int err = bpf_map_lookup_elem(v->list, key, &entry);

	if (err)
		return err == -ENOENT ? 0 : err;
	return add_there(key, &entry, v);
}

/*
 * What the map has of @n keys, @stride octets apart: a system call for each, or one pass over the
 * list, whichever is less.
 */
static int read_there(struct transport_bpf *v, const void *keys, size_t stride, size_t n)
{
	bool pass = n > LOOKUPS_MAX && n > v->control->entries / ENTRIES_PER_LOOKUP;
	int err = 0;

	if (v->whole)
		return 0;
	if (pass) {
		v->n_there = 0;
		err = map_iterate(v->list, add_there, v);
		v->whole = !err;
	}
	for (size_t i = 0; i < n && !err && !pass; i++)
		err = look_up(v, (const void *)((const char *)keys + i * stride));
	sort_by_key(v->there, v->n_there, sizeof(*v->there));
	return err ? failed("the list cannot be read", err) : 0;
}

/* What the transaction makes of the list, one key after another. */
struct staging {
	struct transport_bpf *v;
	size_t at; /* of what is there */
	/* 0 to go on */
	int (*each)(struct staging *s, const struct xeir_key *key, const struct xeir_entry *entry);
	struct outcome *outcome;
	struct batch *batch;
	size_t done;
};

static int stage(struct staging *s, const struct xeir_key *key, const struct xeir_side *side)
{
	const struct transport_bpf *v = s->v;
	struct xeir_entry entry = {};
	int order = -1;

	while (s->at < v->n_there && (order = memcmp(&v->there[s->at].key, key, sizeof(*key))) < 0)
		s->at++;
	if (!order)
		entry = v->there[s->at].entry;
	xeir_entry_stage(&entry, v->control->live, side);
	return xeir_entry_change(&entry) == XEIR_UNCHANGED ? 0 : s->each(s, key, &entry);
}

static int stage_removes(struct staging *s)
{
	const struct transport_bpf *v = s->v;
	int err = 0;

	s->at = 0;
	for (size_t i = 0; i < v->n_removes && !err; i++)
		err = stage(s, &v->removes[i], &unlisted);
	return err;
}

static int stage_all(struct staging *s)
{
	const struct transport_bpf *v = s->v;
	int err = 0;

	for (size_t i = 0; i < v->n_puts && !err; i++)
		err = stage(s, &v->puts[i].key, &v->puts[i].side);
	return err ? err : stage_removes(s);
}

static int count_one(struct staging *s, const struct xeir_key *key, const struct xeir_entry *entry)
{
	enum xeir_change change = xeir_entry_change(entry);

	(void)key;
	s->outcome->added += change == XEIR_ADDED;
	s->outcome->changed += change == XEIR_CHANGED;
	s->outcome->removed += change == XEIR_REMOVED;
	return 0;
}

static void count(struct transport_bpf *v, struct outcome *outcome)
{
	struct staging s = { .v = v, .each = count_one, .outcome = outcome };

	memset(outcome, 0, sizeof(*outcome));
	stage_all(&s);
}

static int full(const struct transport_bpf *v)
{
	complain("the list is full: it has room for %u entries, with those that a transaction "
		 "takes away until its commit",
		 v->capacity);
	return -ENOSPC;
}

int transport_bpf_put(struct transport *t, const struct entry *entries, size_t n)
{
	struct transport_bpf *v = of(t);
	struct outcome outcome;
	int err = read_there(v, &entries->key, sizeof(*entries), n);

	if (err)
		return err;
	v->puts = entries;
	v->n_puts = n;
	count(v, &outcome);
	return outcome.added > v->capacity - v->control->entries ? full(v) : 0;
}

int transport_bpf_remove(struct transport *t, const struct xeir_key *keys, size_t n)
{
	struct transport_bpf *v = of(t);
	int err = read_there(v, keys, sizeof(*keys), n);

	if (err)
		return err;
	v->removes = keys;
	v->n_removes = n;
	return 0;
}

static int write_one(struct staging *s, const struct xeir_key *key, const struct xeir_entry *entry)
{
	const struct outcome *outcome = s->outcome;

	progress_tell("entries", ++s->done, outcome->added + outcome->changed + outcome->removed);
	xeir_list_gets(s->v->control, key->kind);
	return batch_add(s->v, s->batch, key, entry, batch_update);
}

/* Bring what is staged into the map, where it does not count yet. */
static int write_staged(struct staging *s)
{
	int err;

	s->each = write_one;
	err = stage_all(s);
	return err ? err : batch_update(s->v, s->batch);
}

static int sweep_one(struct staging *s, const struct xeir_key *key, const struct xeir_entry *entry)
{
	return batch_add(s->v, s->batch, key, entry, batch_delete);
}

/* After the commit: free the entries that it took away. */
static int sweep(struct staging *s)
{
	int err;

	s->each = sweep_one;
	err = stage_removes(s);
	return err ? err : batch_delete(s->v, s->batch);
}

static void set(__u32 *word, __u32 value)
{
	__atomic_store_n(word, value, __ATOMIC_SEQ_CST);
}

static int write_all(struct transport_bpf *v, struct outcome *outcome, struct batch *batch)
{
	struct staging s = { .v = v, .outcome = outcome, .batch = batch };
	int err;

	set(&v->control->pending, 1);
	err = write_staged(&s);
	if (err) {
		recover(v);
		return err == -E2BIG ? full(v) : failed("the list cannot be written", err);
	}
	set(&v->control->live, v->control->live + 1);
	v->control->entries += outcome->added - outcome->removed;
	wait_for_programs();
	/* The list is in force whatever becomes of the sweep, which the next writer can redo. */
	if (!sweep(&s))
		set(&v->control->pending, 0);
	return 0;
}

static void conclude(struct transport_bpf *v, struct outcome *outcome)
{
	outcome->generation = v->control->live;
	outcome->entries = v->control->entries;
	transport_bpf_end(v);
}

int transport_bpf_commit(struct transport *t, struct outcome *outcome)
{
	struct transport_bpf *v = of(t);
	struct batch *batch = malloc(sizeof(*batch));
	int err = 0;

	count(v, outcome);
	if (!batch) {
		err = failed("the list cannot be written", -ENOMEM);
	} else if (outcome->added || outcome->changed || outcome->removed) {
		batch->n = 0;
		err = write_all(v, outcome, batch);
	} else {
		set(&v->control->live, v->control->live + 1);
	}
	free(batch);
	conclude(v, outcome);
	return err;
}

int transport_bpf_abort(struct transport *t, struct outcome *outcome)
{
	struct transport_bpf *v = of(t);

	count(v, outcome);
	conclude(v, outcome);
	return 0;
}

static void count_reverted(enum xeir_change change, struct outcome *outcome)
{
	outcome->added += change == XEIR_REMOVED;
	outcome->changed += change == XEIR_CHANGED;
	outcome->removed += change == XEIR_ADDED;
}

/*
 * In place, as programs take these entries for what they were before already: nothing is staged
 * that would count once more until the commit, or for good if that never came.
 */
static int revert_all(struct transport_bpf *v, struct raw_list *raw, uint32_t generation,
		      struct rewrite *rewrite, struct outcome *outcome)
{
	int err = 0;

	for (size_t i = 0; i < raw->n && err >= 0; i++) {
		struct xeir_entry *entry = &raw->entries[i];

		if (!xeir_entry_is_of(entry, generation, v->control->live))
			continue;
		count_reverted(xeir_entry_change(entry), outcome);
		if (xeir_entry_undo(entry, v->control->live))
			err = batch_add(v, &rewrite->update, &raw->keys[i], entry, batch_update);
		else
			err = batch_add(v, &rewrite->delete, &raw->keys[i], entry, batch_delete);
	}
	return err < 0 ? err : rewrite_finish(v, rewrite);
}

/* Until it is done, the next writer would count the entries anew. */
static int revert_locked(struct transport_bpf *v, uint32_t generation, struct outcome *outcome)
{
	struct rewrite *rewrite = calloc(1, sizeof(*rewrite));
	struct raw_list raw;
	int err = rewrite ? raw_list_read(v, &raw) : -ENOMEM;

	if (!err) {
		set(&v->control->pending, 1);
		wait_for_programs();
		err = revert_all(v, &raw, generation, rewrite, outcome);
		raw_list_free(&raw);
	}
	free(rewrite);
	if (err)
		return failed("the list cannot be put back", err);
	set(&v->control->live, v->control->live + 1);
	v->control->entries += outcome->added - outcome->removed;
	wait_for_programs();
	set(&v->control->pending, 0);
	return 0;
}

int transport_bpf_revert(struct transport *t, uint32_t generation, struct outcome *outcome)
{
	struct transport_bpf *v = of(t);
	int err = transport_bpf_begin(t);

	memset(outcome, 0, sizeof(*outcome));
	if (err)
		return err;
	err = revert_locked(v, generation, outcome);
	conclude(v, outcome);
	return err;
}
