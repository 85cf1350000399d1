// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <libmnl/libmnl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "lib/progress.h"
#include "lib/say.h"
#include "transport/netlink_message.h"
#include "transport/transport_netlink.h"

#define DUMP_TRIES 10
#define BEGIN_TRIES 600 /* of BEGIN_PAUSE each: a minute */
#define BEGIN_PAUSE (100 * 1000 * 1000)

struct transport_netlink {
	struct transport t;
	struct genl genl;
};

static struct transport_netlink *of(struct transport *t)
{
	return (struct transport_netlink *)t;
}

/* The entry that the kernel refused, among @n from @keys on, @stride octets apart. */
static const struct xeir_key *culprit(const struct genl *genl, const void *keys, size_t stride,
				      size_t n)
{
	if (!genl->has_index || genl->index >= n)
		return NULL;
	return (const void *)((const char *)keys + genl->index * stride);
}

static int put(struct transport *t, const struct entry *entries, size_t n)
{
	struct genl *genl = &of(t)->genl;

	for (size_t i = 0, end; i < n; i = end) {
		struct nlmsghdr *nlh = genl_request(genl, XEIR_CMD_PUT, 0);
		int err;

		for (end = i; end < n && netlink_message_put_entry(nlh, &entries[end].key,
								   &entries[end].side);)
			progress_show("entries", ++end, n);
		err = genl_talk(genl, nlh, NULL, NULL);
		if (err)
			return netlink_message_refused(
				genl, culprit(genl, &entries[i].key, sizeof(*entries), end - i),
				err);
	}
	return 0;
}

static int remove_keys(struct transport *t, const struct xeir_key *keys, size_t n)
{
	struct genl *genl = &of(t)->genl;

	for (size_t i = 0, end; i < n; i = end) {
		struct nlmsghdr *nlh = genl_request(genl, XEIR_CMD_REMOVE, 0);
		int err;

		for (end = i; end < n && netlink_message_put_entry(nlh, &keys[end], NULL);)
			end++;
		err = genl_talk(genl, nlh, NULL, NULL);
		if (err)
			return netlink_message_refused(
				genl, culprit(genl, &keys[i], sizeof(*keys), end - i), err);
	}
	return 0;
}

/* One transaction is open at a time: wait for another's end, as the lock of bpf does. */
static int begin(struct transport *t)
{
	struct timespec pause = { .tv_nsec = BEGIN_PAUSE };
	struct genl *genl = &of(t)->genl;
	int err = -EBUSY;

	for (int i = 0; i < BEGIN_TRIES && err == -EBUSY; i++) {
		if (i)
			nanosleep(&pause, NULL);
		err = genl_talk(genl, genl_request(genl, XEIR_CMD_BEGIN, 0), NULL, NULL);
	}
	return err ? netlink_message_refused(genl, NULL, err) : 0;
}

static int revert(struct transport *t, uint32_t generation, struct outcome *outcome)
{
	struct timespec pause = { .tv_nsec = BEGIN_PAUSE };
	struct genl *genl = &of(t)->genl;
	int err = -EBUSY;

	memset(outcome, 0, sizeof(*outcome));
	for (int i = 0; i < BEGIN_TRIES && err == -EBUSY; i++) {
		struct nlmsghdr *nlh = genl_request(genl, XEIR_CMD_REVERT, 0);

		if (i)
			nanosleep(&pause, NULL);
		mnl_attr_put_u32(nlh, XEIR_A_GENERATION, generation);
		err = genl_talk(genl, nlh, netlink_message_read_outcome, outcome);
	}
	return err ? netlink_message_refused(genl, NULL, err) : 0;
}

static int finish(struct transport *t, __u8 cmd, struct outcome *outcome)
{
	struct genl *genl = &of(t)->genl;
	int err;

	memset(outcome, 0, sizeof(*outcome));
	err = genl_talk(genl, genl_request(genl, cmd, 0), netlink_message_read_outcome, outcome);
	return err ? netlink_message_refused(genl, NULL, err) : 0;
}

static int commit(struct transport *t, struct outcome *outcome)
{
	return finish(t, XEIR_CMD_COMMIT, outcome);
}

static int abort_all(struct transport *t, struct outcome *outcome)
{
	return finish(t, XEIR_CMD_ABORT, outcome);
}

struct entries {
	struct entry *all;
	size_t n, capacity;
};

static int read_entries(const struct nlmsghdr *nlh, void *arg)
{
	struct entries *entries = arg;
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, GENL_HDRLEN) {
		if (mnl_attr_get_type(attr) != XEIR_A_ENTRY)
			continue;
		if (entries->n == entries->capacity) {
			size_t capacity = entries->capacity ? entries->capacity * 2 : 1024;
			struct entry *all = reallocarray(entries->all, capacity, sizeof(*all));

			if (!all)
				return -ENOMEM;
			entries->all = all;
			entries->capacity = capacity;
		}
		memset(&entries->all[entries->n], 0, sizeof(*entries->all));
		mnl_attr_parse_nested(attr, netlink_message_read_entry,
				      &entries->all[entries->n++]);
	}
	return 0;
}

static int get(struct transport *t, const struct xeir_key *key, struct xeir_side *side)
{
	struct genl *genl = &of(t)->genl;
	struct nlmsghdr *nlh = genl_request(genl, XEIR_CMD_GET, 0);
	struct entries entries = { 0 };
	int err;

	netlink_message_put_entry(nlh, key, NULL);
	err = genl_talk(genl, nlh, read_entries, &entries);
	if (!err && entries.n)
		*side = entries.all[0].side;
	else if (!err)
		err = -EPROTO;
	free(entries.all);
	if (err == -ENOENT)
		return 0;
	return err ? netlink_message_refused(genl, key, err) : 1;
}

static int iterate(struct transport *t, int (*each)(const struct entry *entry, void *arg),
		   void *arg)
{
	struct genl *genl = &of(t)->genl;
	struct entries entries = { 0 };
	int err = -EINTR;

	for (int i = 0; i < DUMP_TRIES && err == -EINTR; i++) {
		entries.n = 0;
		err = genl_talk(genl, genl_request(genl, XEIR_CMD_GET, NLM_F_DUMP), read_entries,
				&entries);
	}
	if (err == -EINTR)
		complain("the list changed in each of %d readings; try again", DUMP_TRIES);
	else if (err)
		netlink_message_refused(genl, NULL, err);
	for (size_t i = 0; i < entries.n && !err; i++)
		err = each(&entries.all[i], arg);
	free(entries.all);
	return err;
}

static int figures(struct transport *t, struct figures *figures)
{
	struct genl *genl = &of(t)->genl;
	struct netlink_stats stats = { 0 };
	int err = genl_talk(genl, genl_request(genl, XEIR_CMD_STATS, 0), netlink_message_read_stats,
			    &stats);

	if (err)
		return netlink_message_refused(genl, NULL, err);
	*figures = stats.figures;
	return 0;
}

/* The kernel aborts what this socket has not committed. */
static void close_socket(struct transport *t)
{
	genl_close(&of(t)->genl);
	free(t);
}

static const struct transport_ops ops = {
	.name = "netlink",
	.begin = begin,
	.put = put,
	.remove = remove_keys,
	.commit = commit,
	.abort = abort_all,
	.revert = revert,
	.get = get,
	.iterate = iterate,
	.figures = figures,
	.close = close_socket,
};

struct transport *transport_netlink_open(void)
{
	struct transport_netlink *v = calloc(1, sizeof(*v));
	int err = v ? genl_open(&v->genl, XEIR_GENL_NAME) : -ENOMEM;

	if (!err) {
		v->t.ops = &ops;
		return &v->t;
	}
	if (err == -ENOENT)
		netlink_message_no_module();
	else
		complain("netlink: %s", strerror(-err));
	free(v);
	return NULL;
}
