// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xeir/list.h>
#include "transport/transport_bpf.h"
#include "lib/say.h"
#include "transport/pins.h"

#define READ_CHUNK 65536u
#define READ_TRIES 10

/* Hash buckets come whole, so that a bucket wants some room behind the last entry. */
#define READ_SLACK 1024

static struct transport_bpf *of(struct transport *t)
{
	return (struct transport_bpf *)t;
}

int raw_list_read(struct transport_bpf *v, struct raw_list *raw)
{
	size_t room = (size_t)v->capacity + READ_SLACK;
	__u32 batch = 0, count;
	int err = 0;

	raw->n = 0;
	raw->keys = calloc(room, sizeof(*raw->keys));
	raw->entries = calloc(room, sizeof(*raw->entries));
	if (!raw->keys || !raw->entries)
		err = -ENOMEM;
	while (!err && raw->n < room) {
		count = room - raw->n < READ_CHUNK ? room - raw->n : READ_CHUNK;
		err = bpf_map_lookup_batch(v->list, raw->n ? &batch : NULL, &batch,
					   raw->keys + raw->n, raw->entries + raw->n, &count, NULL);
		if (!err || err == -ENOENT)
			raw->n += count;
		if (!err && !raw->n)
			break;
	}
	if (!err || err == -ENOENT)
		return 0;
	complain("the list cannot be read: %s", strerror(-err));
	raw_list_free(raw);
	return err;
}

void raw_list_free(struct raw_list *raw)
{
	free(raw->keys);
	free(raw->entries);
	memset(raw, 0, sizeof(*raw));
}

/* What is pinned may come from another version of the programs. */
static int check_list(struct transport_bpf *v)
{
	struct bpf_map_info info = { 0 };
	__u32 len = sizeof(info);
	int err = bpf_obj_get_info_by_fd(v->list, &info, &len);

	if (err) {
		complain("the list's map tells nothing of itself: %s", strerror(-err));
		return err;
	}
	if (info.type != BPF_MAP_TYPE_HASH || info.key_size != sizeof(struct xeir_key) ||
	    info.value_size != sizeof(struct xeir_entry)) {
		complain("the pinned list has keys of %u and values of %u octets, expected %zu and "
			 "%zu: it is another version's; detach and attach again",
			 info.key_size, info.value_size, sizeof(struct xeir_key),
			 sizeof(struct xeir_entry));
		return -EINVAL;
	}
	v->list_id = info.id;
	v->capacity = info.max_entries;
	return 0;
}

static void close_maps(struct transport_bpf *v)
{
	if (v->list >= 0)
		close(v->list);
	if (v->control_fd >= 0)
		close(v->control_fd);
	v->list = v->control_fd = -1;
}

static int open_maps(struct transport_bpf *v)
{
	v->list = pins_open(PIN_NAME(XEIR_MAP_LIST));
	if (v->list < 0)
		return v->list;
	v->control_fd = pins_open(PIN_NAME(XEIR_MAP_CONTROL));
	return v->control_fd < 0 ? v->control_fd : check_list(v);
}

int transport_bpf_lock(struct transport_bpf *v, bool exclusive)
{
	int err, lock = pins_lock(exclusive);

	if (lock < 0)
		return lock;
	/* While it was waited for, others may have been pinned in place of those that are open. */
	close_maps(v);
	err = open_maps(v);
	if (!err)
		return lock;
	close(lock);
	return err;
}

static int read_control(struct transport_bpf *v, struct xeir_control *control)
{
	__u32 zero = 0;
	int err = bpf_map_lookup_elem(v->control_fd, &zero, control);

	if (err)
		complain("the control map cannot be read: %s", strerror(-err));
	return err;
}

/* An entry says what the live generation says only while that one stays live. */
static int get(struct transport *t, const struct xeir_key *key, struct xeir_side *side)
{
	struct transport_bpf *v = of(t);
	struct xeir_control before, after;
	struct xeir_entry entry;
	int err, found;

	do {
		if ((err = read_control(v, &before)))
			return err;
		found = bpf_map_lookup_elem(v->list, key, &entry);
		if (found && found != -ENOENT) {
			complain("the list cannot be read: %s", strerror(-found));
			return found;
		}
		if ((err = read_control(v, &after)))
			return err;
	} while (before.live != after.live);
	if (found)
		return 0;
	*side = *xeir_entry_side(&entry, after.live);
	return side->action != XEIR_ACTION_PASS;
}

static int each_in_force(const struct raw_list *raw, __u32 live,
			 int (*each)(const struct entry *entry, void *arg), void *arg)
{
	int err = 0;

	for (size_t i = 0; i < raw->n && !err; i++) {
		struct entry entry = { raw->keys[i], *xeir_entry_side(&raw->entries[i], live) };

		if (entry.side.action != XEIR_ACTION_PASS)
			err = each(&entry, arg);
	}
	return err;
}

/*
 * The lock keeps other tools out; the module, which writes without it, is
 * noticed by the generation.
 */
static int iterate(struct transport *t, int (*each)(const struct entry *entry, void *arg),
		   void *arg)
{
	struct transport_bpf *v = of(t);
	struct xeir_control before, after;
	struct raw_list raw;
	int err, lock = transport_bpf_lock(v, false);

	if (lock < 0)
		return lock;
	for (int i = 0; i < READ_TRIES; i++) {
		if ((err = read_control(v, &before)) || (err = raw_list_read(v, &raw)))
			goto out;
		err = read_control(v, &after);
		if (!err && before.live == after.live) {
			err = each_in_force(&raw, after.live, each, arg);
			raw_list_free(&raw);
			goto out;
		}
		raw_list_free(&raw);
		if (err)
			goto out;
	}
	err = -EAGAIN;
	complain("the list changed in each of %d readings; try again", READ_TRIES);
out:
	close(lock);
	return err;
}

static int sum_counters(int fd, struct xeir_counter *sums)
{
	int cpus = libbpf_num_possible_cpus(), err = 0;
	struct xeir_counter *values;

	if (cpus < 0)
		return cpus;
	values = calloc(cpus, sizeof(*values));
	if (!values)
		return -ENOMEM;
	for (__u32 rule = 0; rule <= XEIR_RULE_MAX && !err; rule++) {
		err = bpf_map_lookup_elem(fd, &rule, values);
		for (int cpu = 0; cpu < cpus && !err; cpu++) {
			for (int action = 0; action <= XEIR_ACTION_MAX; action++)
				sums[rule].packets[action] += values[cpu].packets[action];
			sums[rule].lost += values[cpu].lost;
			sums[rule].not_enforced += values[cpu].not_enforced;
		}
	}
	free(values);
	return err;
}

static int figures(struct transport *t, struct figures *figures)
{
	struct transport_bpf *v = of(t);
	struct xeir_control control;
	int err, fd;

	memset(figures, 0, sizeof(*figures));
	err = read_control(v, &control);
	if (err)
		return err;
	figures->generation = control.live;
	figures->entries = control.entries;
	figures->capacity = v->capacity;
	fd = pins_open(PIN_NAME(XEIR_MAP_COUNTERS));
	if (fd < 0)
		return fd;
	err = sum_counters(fd, figures->counters);
	if (err)
		complain("the counters cannot be read: %s", strerror(-err));
	close(fd);
	return err;
}

static void close_transport(struct transport *t)
{
	struct transport_bpf *v = of(t);

	if (v->control)
		transport_bpf_end(v);
	close_maps(v);
	free(v);
}

static const struct transport_ops ops = {
	.name = "bpf",
	.begin = transport_bpf_begin,
	.put = transport_bpf_put,
	.remove = transport_bpf_remove,
	.commit = transport_bpf_commit,
	.abort = transport_bpf_abort,
	.revert = transport_bpf_revert,
	.get = get,
	.iterate = iterate,
	.figures = figures,
	.close = close_transport,
};

struct transport *transport_bpf_open(void)
{
	struct transport_bpf *v = calloc(1, sizeof(*v));

	if (!v) {
		complain("%s", strerror(ENOMEM));
		return NULL;
	}
	v->t.ops = &ops;
	v->lock = v->list = v->control_fd = -1;
	if (open_maps(v)) {
		close_transport(&v->t);
		return NULL;
	}
	return &v->t;
}
