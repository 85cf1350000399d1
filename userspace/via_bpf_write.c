// SPDX-License-Identifier: GPL-2.0-only
/*
 * A transaction written by bpf(2). Each step leaves the maps such that packets
 * meet the old list or the new one. When this process dies in the middle, by a
 * signal too, what it staged stays in the maps without ever counting, and
 * control->pending tells the next writer to undo it first.
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
#include "pins.h"
#include "via_bpf.h"
#include "xeir.h"

#define BATCH 4096

/* Changes to the map that wait for one system call. */
struct batch {
	struct xeir_key keys[BATCH];
	struct xeir_entry entries[BATCH];
	__u32 n;
};

static const struct xeir_side unlisted;	/* action PASS */

static struct via_bpf *of(struct transport *t)
{
	return (struct via_bpf *)t;
}

static int failed(const char *what, int err)
{
	complain("%s: %s", what, strerror(-err));
	return err;
}

static int batch_update(struct via_bpf *v, struct batch *batch)
{
	__u32 n = batch->n;

	batch->n = 0;
	return n ? bpf_map_update_batch(v->list, batch->keys, batch->entries, &n, NULL) : 0;
}

static int batch_delete(struct via_bpf *v, struct batch *batch)
{
	__u32 n = batch->n;

	batch->n = 0;
	return n ? bpf_map_delete_batch(v->list, batch->keys, &n, NULL) : 0;
}

/* Add one, after @empty has made room. */
static int batch_add(struct via_bpf *v, struct batch *batch, const struct xeir_key *key,
		     const struct xeir_entry *entry, int (*empty)(struct via_bpf *, struct batch *))
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

static int rewrite_finish(struct via_bpf *v, struct rewrite *rewrite)
{
	int err = batch_update(v, &rewrite->update);

	return err ? err : batch_delete(v, &rewrite->delete);
}

/* Undo what is staged, and free what is spent. Returns 1 when the key stays listed. */
static int rewrite_one(struct via_bpf *v, struct rewrite *rewrite, const struct xeir_key *key,
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
static int recover(struct via_bpf *v)
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
	if (!err) {
		v->control->entries = entries;
		v->control->pending = 0;
	}
	raw_list_free(&raw);
	free(rewrite);
	return err ? failed("what a writer that died had begun cannot be undone", err) : 0;
}

static void end(struct via_bpf *v)
{
	if (v->control)
		munmap(v->control, sizeof(*v->control));
	v->control = NULL;
	close(v->lock);
	v->lock = -1;
	free(v->touched);
	v->touched = NULL;
	v->n_touched = v->room = 0;
}

static int map_control(struct via_bpf *v)
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
	complain("the list cannot be written by bpf(2): the module is its only writer; "
		 "use --via netlink");
	return err;
}

int via_bpf_begin(struct transport *t)
{
	struct via_bpf *v = of(t);
	int err;

	v->lock = pins_lock(true);
	if (v->lock < 0)
		return v->lock;
	err = map_control(v);
	if (!err && v->control->pending)
		err = recover(v);
	if (err) {
		end(v);
		return err;
	}
	memset(&v->outcome, 0, sizeof(v->outcome));
	v->unlists = false;
	__atomic_store_n(&v->control->pending, 1, __ATOMIC_SEQ_CST);
	return 0;
}

static void count(struct via_bpf *v, const struct xeir_entry *entry, int by)
{
	switch (xeir_entry_change(entry)) {
	case XEIR_ADDED:
		v->outcome.added += by;
		break;
	case XEIR_CHANGED:
		v->outcome.changed += by;
		break;
	case XEIR_REMOVED:
		v->outcome.removed += by;
		break;
	case XEIR_UNCHANGED:
		break;
	}
}

static int touch(struct via_bpf *v, const struct xeir_key *key)
{
	if (v->n_touched == v->room) {
		size_t room = v->room ? v->room * 2 : BATCH;
		struct xeir_key *touched = reallocarray(v->touched, room, sizeof(*touched));

		if (!touched)
			return -ENOMEM;
		v->touched = touched;
		v->room = room;
	}
	v->touched[v->n_touched++] = *key;
	return 0;
}

/* Make @entry, as the map has it (zero: it has not), say @side, and have it written. */
static int stage(struct via_bpf *v, struct batch *batch, const struct xeir_key *key,
		 struct xeir_entry *entry, bool fresh, const struct xeir_side *side)
{
	__u32 live = v->control->live;
	int err;

	if (!fresh && !xeir_entry_reached(entry, live)) {
		count(v, entry, -1);
	} else if (!memcmp(&entry->after, side, sizeof(*side))) {
		return 0;
	} else {
		err = touch(v, key);
		if (err)
			return err;
	}
	xeir_entry_stage(entry, live, side);
	count(v, entry, 1);
	v->unlists |= side->action == XEIR_ACTION_PASS;
	return batch_add(v, batch, key, entry, batch_update);
}

static int stage_failed(struct via_bpf *v, int err)
{
	if (err != -E2BIG)
		return failed("the list cannot be written", err);
	complain("the list is full: it has room for %u entries, with those that a transaction "
		 "takes away until its commit", v->capacity);
	return -ENOSPC;
}

/* @absent: the map cannot hold the key, which saves a system call. */
static int put_key(struct via_bpf *v, struct batch *batch, const struct entry *put, bool absent)
{
	struct xeir_entry entry = { 0 };
	int err = absent ? -ENOENT : bpf_map_lookup_elem(v->list, &put->key, &entry);

	if (err && err != -ENOENT)
		return err;
	return stage(v, batch, &put->key, &entry, err, &put->side);
}

static int remove_key(struct via_bpf *v, struct batch *batch, const struct xeir_key *key)
{
	struct xeir_entry entry;
	int err = bpf_map_lookup_elem(v->list, key, &entry);

	if (err)
		return err == -ENOENT ? 0 : err;
	return stage(v, batch, key, &entry, false, &unlisted);
}

static int stage_finish(struct via_bpf *v, struct batch *batch, int err)
{
	if (!err)
		err = batch_update(v, batch);
	free(batch);
	return err ? stage_failed(v, err) : 0;
}

int via_bpf_put(struct transport *t, const struct entry *entries, size_t n)
{
	struct via_bpf *v = of(t);
	bool empty = !v->control->entries && !v->n_touched;
	struct batch *batch = calloc(1, sizeof(*batch));
	int err = batch ? 0 : -ENOMEM;

	for (size_t i = 0; i < n && !err; i++)
		err = put_key(v, batch, &entries[i], empty);
	return stage_finish(v, batch, err);
}

int via_bpf_remove(struct transport *t, const struct xeir_key *keys, size_t n)
{
	struct batch *batch = calloc(1, sizeof(*batch));
	int err = batch ? 0 : -ENOMEM;

	for (size_t i = 0; i < n && !err; i++)
		err = remove_key(of(t), batch, &keys[i]);
	return stage_finish(of(t), batch, err);
}

int via_bpf_flush(struct transport *t)
{
	struct via_bpf *v = of(t);
	struct batch *batch = calloc(1, sizeof(*batch));
	struct raw_list raw;
	int err = batch ? raw_list_read(v, &raw) : -ENOMEM;

	if (err) {
		free(batch);
		return err;
	}
	for (size_t i = 0; i < raw.n && !err; i++)
		err = stage(v, batch, &raw.keys[i], &raw.entries[i], false, &unlisted);
	raw_list_free(&raw);
	return stage_finish(v, batch, err);
}

/* After a commit this frees what is spent, after none it undoes what is staged. */
static int settle(struct via_bpf *v)
{
	struct rewrite *rewrite = calloc(1, sizeof(*rewrite));
	int err = rewrite ? 0 : -ENOMEM;

	for (size_t i = 0; i < v->n_touched && err >= 0; i++) {
		struct xeir_entry entry;

		err = bpf_map_lookup_elem(v->list, &v->touched[i], &entry);
		if (!err)
			err = rewrite_one(v, rewrite, &v->touched[i], &entry);
		else if (err == -ENOENT)	/* the update that failed would have made it */
			err = 0;
	}
	if (err >= 0)
		err = rewrite_finish(v, rewrite);
	free(rewrite);
	if (!err)
		__atomic_store_n(&v->control->pending, 0, __ATOMIC_SEQ_CST);
	return err;
}

static void conclude(struct via_bpf *v, struct outcome *outcome)
{
	*outcome = v->outcome;
	outcome->generation = v->control->live;
	outcome->entries = v->control->entries;
	end(v);
}

int via_bpf_commit(struct transport *t, struct outcome *outcome)
{
	struct via_bpf *v = of(t);

	__atomic_store_n(&v->control->live, v->control->live + 1, __ATOMIC_SEQ_CST);
	v->control->entries += v->outcome.added - v->outcome.removed;
	wait_for_programs();
	/* The list is in force whatever becomes of the sweep, which the next writer can redo. */
	if (v->unlists)
		settle(v);
	else
		__atomic_store_n(&v->control->pending, 0, __ATOMIC_SEQ_CST);
	conclude(v, outcome);
	return 0;
}

int via_bpf_abort(struct transport *t, struct outcome *outcome)
{
	struct via_bpf *v = of(t);
	int err = settle(v);

	conclude(v, outcome);
	return err ? failed("what was staged is left for the next writer to undo", err) : 0;
}
