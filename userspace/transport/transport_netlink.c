// SPDX-License-Identifier: GPL-2.0-only
/* Messages of the family (uapi/linux/xeir.h) from plain structs, and back. */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "lib/identifier.h"
#include "lib/opt.h"
#include "lib/progress.h"
#include "lib/say.h"
#include "transport/genl.h"
#include "transport/transport.h"

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

static int no_module(void)
{
	complain("the kernel has no netlink family \"%s\": load the module (modprobe xeir) or use "
		 "--transport bpf",
		 XEIR_GENL_NAME);
	return -ENOENT;
}

/* Say why the kernel refused. @key: the entry concerned, or NULL. */
static int refused(const struct genl *genl, const struct xeir_key *key, int err)
{
	const char *why = genl->sentence[0] ? genl->sentence : strerror(-err);
	char number[IDENTIFIER_TEXT];

	if (err == -EPERM && !genl->sentence[0])
		why = "not permitted; root (CAP_NET_ADMIN) is needed";
	if (key) {
		identifier_text(key, number);
		complain("%s: %s", number, why);
	} else {
		complain("the module refused: %s", why);
	}
	return err;
}

static int put_key(struct nlmsghdr *nlh, const struct xeir_key *key)
{
	size_t len = xeir_key_octets(key->kind);

	return mnl_attr_put_u32_check(nlh, GENL_ROOM, XEIR_ENTRY_A_KIND, key->kind) &&
	       mnl_attr_put_check(nlh, GENL_ROOM, XEIR_ENTRY_A_KEY, len, key->id);
}

static int put_side(struct nlmsghdr *nlh, const struct xeir_side *side)
{
	return mnl_attr_put_u32_check(nlh, GENL_ROOM, XEIR_ENTRY_A_ACTION, side->action) &&
	       (!side->directive ||
		mnl_attr_put_u32_check(nlh, GENL_ROOM, XEIR_ENTRY_A_DIRECTIVE, side->directive)) &&
	       (!side->expiry ||
		mnl_attr_put_u32_check(nlh, GENL_ROOM, XEIR_ENTRY_A_EXPIRY, side->expiry));
}

/* @side NULL: the key alone. 0: it does not fit, and the message is as before. */
static int put_entry(struct nlmsghdr *nlh, const struct xeir_key *key, const struct xeir_side *side)
{
	struct nlattr *nest = mnl_attr_nest_start_check(nlh, GENL_ROOM, XEIR_A_ENTRY);

	if (!nest)
		return 0;
	if (!put_key(nlh, key) || (side && !put_side(nlh, side))) {
		mnl_attr_nest_cancel(nlh, nest);
		return 0;
	}
	mnl_attr_nest_end(nlh, nest);
	return 1;
}

/* The entry that the kernel's error tells of, among @n from @keys on, @stride octets apart. */
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

		for (end = i; end < n && put_entry(nlh, &entries[end].key, &entries[end].side);)
			progress_tell("entries", ++end, n);
		err = genl_talk(genl, nlh, NULL, NULL);
		if (err)
			return refused(genl,
				       culprit(genl, &entries[i].key, sizeof(*entries), end - i),
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

		for (end = i; end < n && put_entry(nlh, &keys[end], NULL);)
			end++;
		err = genl_talk(genl, nlh, NULL, NULL);
		if (err)
			return refused(genl, culprit(genl, &keys[i], sizeof(*keys), end - i), err);
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
	return err ? refused(genl, NULL, err) : 0;
}

static int read_outcome(const struct nlmsghdr *nlh, void *arg)
{
	struct outcome *outcome = arg;
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, GENL_HDRLEN) {
		uint32_t *to = NULL;

		switch (mnl_attr_get_type(attr)) {
		case XEIR_A_GENERATION:
			to = &outcome->generation;
			break;
		case XEIR_A_ADDED:
			to = &outcome->added;
			break;
		case XEIR_A_CHANGED:
			to = &outcome->changed;
			break;
		case XEIR_A_REMOVED:
			to = &outcome->removed;
			break;
		case XEIR_A_ENTRIES:
			to = &outcome->entries;
			break;
		case XEIR_A_CUT:
			to = &outcome->cut;
			outcome->swept = true;
			break;
		case XEIR_A_FREED:
			to = &outcome->freed;
			break;
		}
		if (to && mnl_attr_validate(attr, MNL_TYPE_U32) >= 0)
			*to = mnl_attr_get_u32(attr);
	}
	return 0;
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
		err = genl_talk(genl, nlh, read_outcome, outcome);
	}
	return err ? refused(genl, NULL, err) : 0;
}

static int finish(struct transport *t, __u8 cmd, struct outcome *outcome)
{
	struct genl *genl = &of(t)->genl;
	int err;

	memset(outcome, 0, sizeof(*outcome));
	err = genl_talk(genl, genl_request(genl, cmd, 0), read_outcome, outcome);
	return err ? refused(genl, NULL, err) : 0;
}

static int commit(struct transport *t, struct outcome *outcome)
{
	return finish(t, XEIR_CMD_COMMIT, outcome);
}

static int abort_all(struct transport *t, struct outcome *outcome)
{
	return finish(t, XEIR_CMD_ABORT, outcome);
}

static int read_entry_attr(const struct nlattr *attr, void *arg)
{
	struct entry *entry = arg;
	size_t len = mnl_attr_get_payload_len(attr);
	int type = mnl_attr_get_type(attr);

	if (type == XEIR_ENTRY_A_KEY && len <= sizeof(entry->key.id))
		memcpy(entry->key.id, mnl_attr_get_payload(attr), len);
	else if (mnl_attr_validate(attr, MNL_TYPE_U32) < 0)
		return MNL_CB_OK;
	else if (type == XEIR_ENTRY_A_KIND)
		entry->key.kind = mnl_attr_get_u32(attr);
	else if (type == XEIR_ENTRY_A_ACTION)
		entry->side.action = mnl_attr_get_u32(attr);
	else if (type == XEIR_ENTRY_A_DIRECTIVE)
		entry->side.directive = mnl_attr_get_u32(attr);
	else if (type == XEIR_ENTRY_A_EXPIRY)
		entry->side.expiry = mnl_attr_get_u32(attr);
	return MNL_CB_OK;
}

struct entries {
	struct entry *all;
	size_t n, room;
};

static int read_entries(const struct nlmsghdr *nlh, void *arg)
{
	struct entries *entries = arg;
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, GENL_HDRLEN) {
		if (mnl_attr_get_type(attr) != XEIR_A_ENTRY)
			continue;
		if (entries->n == entries->room) {
			size_t room = entries->room ? entries->room * 2 : 1024;
			struct entry *all = reallocarray(entries->all, room, sizeof(*all));

			if (!all)
				return -ENOMEM;
			entries->all = all;
			entries->room = room;
		}
		memset(&entries->all[entries->n], 0, sizeof(*entries->all));
		mnl_attr_parse_nested(attr, read_entry_attr, &entries->all[entries->n++]);
	}
	return 0;
}

static int get(struct transport *t, const struct xeir_key *key, struct xeir_side *side)
{
	struct genl *genl = &of(t)->genl;
	struct nlmsghdr *nlh = genl_request(genl, XEIR_CMD_GET, 0);
	struct entries entries = { 0 };
	int err;

	put_entry(nlh, key, NULL);
	err = genl_talk(genl, nlh, read_entries, &entries);
	if (!err && entries.n)
		*side = entries.all[0].side;
	else if (!err)
		err = -EPROTO;
	free(entries.all);
	if (err == -ENOENT)
		return 0;
	return err ? refused(genl, key, err) : 1;
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
		refused(genl, NULL, err);
	for (size_t i = 0; i < entries.n && !err; i++)
		err = each(&entries.all[i], arg);
	free(entries.all);
	return err;
}

struct counter {
	uint32_t rule;
	struct xeir_counter values;
};

static int read_counter_attr(const struct nlattr *attr, void *arg)
{
	struct counter *counter = arg;
	int type = mnl_attr_get_type(attr);

	if (type == XEIR_COUNTER_A_RULE && mnl_attr_validate(attr, MNL_TYPE_U32) >= 0)
		counter->rule = mnl_attr_get_u32(attr);
	if (mnl_attr_validate(attr, MNL_TYPE_U64) < 0)
		return MNL_CB_OK;
	if (type >= XEIR_COUNTER_A_PASS && type <= XEIR_COUNTER_A_DROP)
		counter->values.packets[type - XEIR_COUNTER_A_PASS] = mnl_attr_get_u64(attr);
	else if (type == XEIR_COUNTER_A_LOST)
		counter->values.lost = mnl_attr_get_u64(attr);
	else if (type == XEIR_COUNTER_A_NOT_ENFORCED)
		counter->values.not_enforced = mnl_attr_get_u64(attr);
	return MNL_CB_OK;
}

struct stats {
	struct figures figures;
	uint32_t list_id;
};

static int read_stats(const struct nlmsghdr *nlh, void *arg)
{
	struct stats *stats = arg;
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, GENL_HDRLEN) {
		struct counter counter = { .rule = UINT32_MAX };
		int type = mnl_attr_get_type(attr);

		if (type == XEIR_A_COUNTER) {
			mnl_attr_parse_nested(attr, read_counter_attr, &counter);
			if (counter.rule <= XEIR_RULE_MAX)
				stats->figures.counters[counter.rule] = counter.values;
		} else if (mnl_attr_validate(attr, MNL_TYPE_U32) < 0) {
			continue;
		} else if (type == XEIR_A_GENERATION) {
			stats->figures.generation = mnl_attr_get_u32(attr);
		} else if (type == XEIR_A_ENTRIES) {
			stats->figures.entries = mnl_attr_get_u32(attr);
		} else if (type == XEIR_A_CAPACITY) {
			stats->figures.capacity = mnl_attr_get_u32(attr);
		} else if (type == XEIR_A_LIST_ID) {
			stats->list_id = mnl_attr_get_u32(attr);
		}
	}
	return 0;
}

static int figures(struct transport *t, struct figures *figures)
{
	struct genl *genl = &of(t)->genl;
	struct stats stats = { 0 };
	int err = genl_talk(genl, genl_request(genl, XEIR_CMD_STATS, 0), read_stats, &stats);

	if (err)
		return refused(genl, NULL, err);
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
		no_module();
	else
		complain("netlink: %s", strerror(-err));
	free(v);
	return NULL;
}

bool transport_netlink_present(void)
{
	struct genl genl;

	if (genl_open(&genl, XEIR_GENL_NAME))
		return false;
	genl_close(&genl);
	return true;
}

int transport_netlink_has_bound(uint32_t list_id)
{
	struct stats stats = { 0 };
	struct genl genl;
	int err = genl_open(&genl, XEIR_GENL_NAME);

	if (err)
		return err == -ENOENT ? 0 : err;
	err = genl_talk(&genl, genl_request(&genl, XEIR_CMD_STATS, 0), read_stats, &stats);
	genl_close(&genl);
	if (err)
		return err == -ENXIO ? 0 : err;
	return !list_id || stats.list_id == list_id;
}

/* One request on a socket of its own, with @n attributes from @first on; its refusal is told. */
static int talk_once(__u8 cmd, __u16 first, const int *fds, size_t n)
{
	struct nlmsghdr *nlh;
	struct genl genl;
	int err = genl_open(&genl, XEIR_GENL_NAME);

	if (err)
		return err == -ENOENT ? no_module() : err;
	nlh = genl_request(&genl, cmd, 0);
	for (size_t i = 0; i < n; i++)
		mnl_attr_put_u32(nlh, first + i, fds[i]);
	err = genl_talk(&genl, nlh, NULL, NULL);
	if (err)
		refused(&genl, NULL, err);
	genl_close(&genl);
	return err;
}

int transport_netlink_bind(const int *fds)
{
	return talk_once(XEIR_CMD_BIND, XEIR_A_LIST_FD, fds, TRANSPORT_NETLINK_FDS);
}

int transport_netlink_unbind(void)
{
	return talk_once(XEIR_CMD_UNBIND, 0, NULL, 0);
}

int transport_netlink_hook(const int *fds)
{
	return talk_once(XEIR_CMD_HOOK, XEIR_A_HOOK_FD, fds, 2);
}
