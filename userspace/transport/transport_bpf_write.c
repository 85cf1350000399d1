// SPDX-License-Identifier: GPL-2.0-only
#include "transport/transport_bpf_write.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xeir/list.h>

#include "lib/progress.h"
#include "lib/say.h"
#include "lib/sort.h"
#include "transport/map_iterate.h"
#include "transport/netlink_module.h"
#include "transport/transport_bpf_batch.h"
#include "transport/transport_bpf_rewrite.h"

/* One pass over the list costs about a look-up for so many entries of it. */
#define ENTRIES_PER_LOOKUP 16
#define LOOKUPS_MAX 64

/* Elements to begin with. */
#define THERE_MIN 1024

static const struct xeir_side unlisted; /* action PASS */

static struct transport_bpf *of(struct transport *t)
{
	return (struct transport_bpf *)t;
}

void transport_bpf_write_end(struct transport_bpf *v)
{
	if (v->control)
		munmap(v->control, sizeof(*v->control));
	v->control = NULL;
	close(v->lock);
	v->lock = -1;
	free(v->there);
	v->there = NULL;
	v->n_puts = v->n_removes = v->n_there = v->there_capacity = 0;
	v->is_all = false;
}

static int map_control(struct transport_bpf *v)
{
	static const struct xeir_key nobody;
	void *control;
	int err;

	/* No entry has kind 0: this only tests the permission to write. */
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
		return transport_bpf_list_failed("the list cannot be written", err);
	if (netlink_module_has_bound(v->list_id) > 0)
		complain("the list cannot be written by bpf(2): the module is its only writer; "
			 "use --transport netlink");
	else
		complain("the list cannot be written from this network namespace: the module has "
			 "it in another one; use --transport netlink there, with: "
			 "nsenter --net=/run/netns/NS");
	return err;
}

/* Another program wrote the control: with a count of 0, nothing would be looked up. */
static bool is_miscounted(const struct transport_bpf *v)
{
	struct xeir_key first;

	return !v->control->entries && !bpf_map_get_next_key(v->list, NULL, &first);
}

int transport_bpf_write_begin(struct transport *t)
{
	struct transport_bpf *v = of(t);
	int err;

	v->lock = transport_bpf_list_lock(v, true);
	if (v->lock < 0)
		return v->lock;
	err = map_control(v);
	if (!err && (v->control->pending || is_miscounted(v)))
		err = transport_bpf_rewrite_recover(v);
	if (err) {
		transport_bpf_write_end(v);
		return err;
	}
	xeir_list_begins(v->control);
	return 0;
}

static int add_there(const void *key, const void *entry, void *arg)
{
	struct transport_bpf *v = arg;

	if (v->n_there == v->there_capacity) {
		size_t capacity = v->there_capacity ? v->there_capacity * 2 : THERE_MIN;
		struct element *there = reallocarray(v->there, capacity, sizeof(*there));

		if (!there)
			return -ENOMEM;
		v->there = there;
		v->there_capacity = capacity;
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

	if (v->is_all)
		return 0;
	if (pass) {
		v->n_there = 0;
		err = map_iterate(v->list, add_there, v);
		v->is_all = !err;
	}
	for (size_t i = 0; i < n && !err && !pass; i++)
		err = look_up(v, (const void *)((const char *)keys + i * stride));
	sort_by_key(v->there, v->n_there, sizeof(*v->there));
	return err ? transport_bpf_list_failed("the list cannot be read", err) : 0;
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
	complain("the list is full: it holds %u entries, with those that a transaction "
		 "takes away until its commit",
		 v->capacity);
	return -ENOSPC;
}

int transport_bpf_write_put(struct transport *t, const struct entry *entries, size_t n)
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

int transport_bpf_write_remove(struct transport *t, const struct xeir_key *keys, size_t n)
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

	progress_show("entries", ++s->done, outcome->added + outcome->changed + outcome->removed);
	xeir_list_gets(s->v->control, key->kind);
	return transport_bpf_batch_add(s->v, s->batch, key, entry, transport_bpf_batch_update);
}

/* Bring what is staged into the map, where it does not count yet. */
static int write_staged(struct staging *s)
{
	int err;

	s->each = write_one;
	err = stage_all(s);
	return err ? err : transport_bpf_batch_update(s->v, s->batch);
}

static int sweep_one(struct staging *s, const struct xeir_key *key, const struct xeir_entry *entry)
{
	return transport_bpf_batch_add(s->v, s->batch, key, entry, transport_bpf_batch_delete);
}

/* After the commit: free the entries that it took away. */
static int sweep(struct staging *s)
{
	int err;

	s->each = sweep_one;
	err = stage_removes(s);
	return err ? err : transport_bpf_batch_delete(s->v, s->batch);
}

static int write_all(struct transport_bpf *v, struct outcome *outcome, struct batch *batch)
{
	struct staging s = { .v = v, .outcome = outcome, .batch = batch };
	int err;

	transport_bpf_list_set(&v->control->pending, 1);
	err = write_staged(&s);
	if (err) {
		transport_bpf_rewrite_recover(v);
		return err == -E2BIG ? full(v) :
				       transport_bpf_list_failed("the list cannot be written", err);
	}
	transport_bpf_list_set(&v->control->live, v->control->live + 1);
	v->control->entries += outcome->added - outcome->removed;
	transport_bpf_list_wait();
	/* The list is enforced even if the sweep fails, which the next writer repeats. */
	if (!sweep(&s))
		transport_bpf_list_set(&v->control->pending, 0);
	return 0;
}

static void conclude(struct transport_bpf *v, struct outcome *outcome)
{
	outcome->generation = v->control->live;
	outcome->entries = v->control->entries;
	transport_bpf_write_end(v);
}

int transport_bpf_write_commit(struct transport *t, struct outcome *outcome)
{
	struct transport_bpf *v = of(t);
	struct batch *batch = malloc(sizeof(*batch));
	int err = 0;

	count(v, outcome);
	if (!batch) {
		err = transport_bpf_list_failed("the list cannot be written", -ENOMEM);
	} else if (outcome->added || outcome->changed || outcome->removed) {
		batch->n = 0;
		err = write_all(v, outcome, batch);
	} else {
		transport_bpf_list_set(&v->control->live, v->control->live + 1);
	}
	free(batch);
	conclude(v, outcome);
	return err;
}

int transport_bpf_write_abort(struct transport *t, struct outcome *outcome)
{
	struct transport_bpf *v = of(t);

	count(v, outcome);
	conclude(v, outcome);
	return 0;
}

int transport_bpf_write_revert(struct transport *t, uint32_t generation, struct outcome *outcome)
{
	struct transport_bpf *v = of(t);
	int err = transport_bpf_write_begin(t);

	memset(outcome, 0, sizeof(*outcome));
	if (err)
		return err;
	err = transport_bpf_rewrite_revert(v, generation, outcome);
	conclude(v, outcome);
	return err;
}
