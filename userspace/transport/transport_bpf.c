// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xeir/list.h>
#include "lib/say.h"
#include "transport/pins.h"
#include "transport/transport_bpf.h"
#include "transport/transport_bpf_write.h"

#define READ_TRIES 10

static struct transport_bpf *of(struct transport *t)
{
	return (struct transport_bpf *)t;
}

static int read_control(struct transport_bpf *v, struct xeir_control *control)
{
	__u32 zero = 0;
	int err = bpf_map_lookup_elem(v->control_fd, &zero, control);

	if (err)
		complain("the control map cannot be read: %s", strerror(-err));
	return err;
}

/* An entry is of the live generation only while that one stays live. */
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

static int each_live(const struct raw_list *raw, __u32 live,
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
 * The lock keeps other tools out; a change by the module, which writes without it,
 * shows in the generation.
 */
static int iterate(struct transport *t, int (*each)(const struct entry *entry, void *arg),
		   void *arg)
{
	struct transport_bpf *v = of(t);
	struct xeir_control before, after;
	struct raw_list raw;
	int err, lock = transport_bpf_list_lock(v, false);

	if (lock < 0)
		return lock;
	for (int i = 0; i < READ_TRIES; i++) {
		if ((err = read_control(v, &before)) || (err = transport_bpf_list_read(v, &raw)))
			goto out;
		err = read_control(v, &after);
		if (!err && before.live == after.live) {
			err = each_live(&raw, after.live, each, arg);
			transport_bpf_list_free(&raw);
			goto out;
		}
		transport_bpf_list_free(&raw);
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
		transport_bpf_write_end(v);
	transport_bpf_list_close(v);
	free(v);
}

static const struct transport_ops ops = {
	.name = "bpf",
	.begin = transport_bpf_write_begin,
	.put = transport_bpf_write_put,
	.remove = transport_bpf_write_remove,
	.commit = transport_bpf_write_commit,
	.abort = transport_bpf_write_abort,
	.revert = transport_bpf_write_revert,
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
	if (transport_bpf_list_open(v)) {
		close_transport(&v->t);
		return NULL;
	}
	return &v->t;
}
