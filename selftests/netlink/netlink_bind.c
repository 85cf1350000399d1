// SPDX-License-Identifier: GPL-2.0-only
/* BIND and UNBIND, and who may write while the maps are bound. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <netlink/attr.h>

#include "netlink/netlink_test.h"

/* How a map differs from what is expected; 0 stands for "as expected". */
struct wrong_map {
	const char *what, *why;
	enum bpf_map_type type;
	unsigned int key, value, entries, flags;
};

static const struct wrong_map wrong_lists[] = {
	{ "a list of another type", "type", .type = BPF_MAP_TYPE_LRU_HASH },
	{ "a list with another key size", "16 octets", .key = 7 },
	{ "a list with another value size", "28 octets", .value = 32 },
	{ "a list that is not preallocated", "preallocated", .flags = BPF_F_NO_PREALLOC },
};

static const struct wrong_map wrong_controls[] = {
	{ "a control of another type", "type", .type = BPF_MAP_TYPE_HASH },
	{ "a control with another value size", "20 octets", .value = 24, .flags = BPF_F_MMAPABLE },
	{ "a control of two elements", "elements", .entries = 2, .flags = BPF_F_MMAPABLE },
	{ "a control that cannot be mapped", "BPF_F_MMAPABLE", .entries = 1 },
};

static const struct wrong_map wrong_counters[] = {
	{ "counters of another type", "type", .type = BPF_MAP_TYPE_ARRAY },
	{ "counters with another value size", "48 octets", .value = 8 },
	{ "too few counters", "rules", .entries = XEIR_RULE_MAX },
};

static int make(const struct wrong_map *w, const struct wrong_map *usual)
{
	LIBBPF_OPTS(bpf_map_create_opts, opts, .map_flags = w->flags);

	return bpf_map_create(w->type ? w->type : usual->type, "wrong",
			      w->key ? w->key : usual->key, w->value ? w->value : usual->value,
			      w->entries ? w->entries : usual->entries, &opts);
}

static void refuse_shapes(struct client *c, struct maps *m)
{
	static const struct wrong_map usual[] = {
		{ .type = BPF_MAP_TYPE_HASH, .key = 16, .value = 28, .entries = 8 },
		{ .type = BPF_MAP_TYPE_ARRAY, .key = 4, .value = 20, .entries = 1 },
		{ .type = BPF_MAP_TYPE_PERCPU_ARRAY,
		  .key = 4,
		  .value = 48,
		  .entries = XEIR_RULE_MAX + 1 },
	};
	static const struct {
		const struct wrong_map *w;
		size_t n;
	} sets[] = {
		{ wrong_lists, sizeof(wrong_lists) / sizeof(*wrong_lists) },
		{ wrong_controls, sizeof(wrong_controls) / sizeof(*wrong_controls) },
		{ wrong_counters, sizeof(wrong_counters) / sizeof(*wrong_counters) },
	};

	for (int s = 0; s < 3; s++) {
		for (size_t i = 0; i < sets[s].n; i++) {
			int fd[3] = { m->list, m->control, m->counters };
			const struct wrong_map *w = &sets[s].w[i];
			struct reply a;

			fd[s] = make(w, &usual[s]);
			a = bind_maps(c, fd[0], fd[1], fd[2]);
			is_refused(a, EINVAL, w->why, w->what);
			/* Header and genl header first, then the descriptors in order. */
			point(a.attr == 20 + 8 * s, "%s: the attribute at fault is reported",
			      w->what);
			close(fd[s]);
		}
	}
}

static void refuse_descriptors(struct client *c, struct maps *m)
{
	LIBBPF_OPTS(bpf_map_create_opts, rdonly, .map_flags = BPF_F_RDONLY);
	struct nl_msg *msg;
	int fd;

	is_refused(bind_maps(c, 999, m->control, m->counters), EBADF, "descriptor",
		   "a descriptor that is not open");
	is_refused(bind_maps(c, m->list, 0, m->counters), EBADF, "descriptor",
		   "a descriptor of something else");

	fd = bpf_map_create(BPF_MAP_TYPE_HASH, "rdonly", 16, 28, 8, &rdonly);
	is_refused(bind_maps(c, fd, m->control, m->counters), EPERM, "writing",
		   "a descriptor for reading only");
	close(fd);

	msg = request(c, XEIR_CMD_BIND, 0);
	nla_put_u32(msg, XEIR_A_LIST_FD, m->list);
	is_refused(exchange(c, msg), EINVAL, "descriptors", "BIND without the other two maps");

	msg = request(c, XEIR_CMD_BIND, 0);
	nla_put_u64(msg, XEIR_A_LIST_FD, m->list);
	is_refused(exchange(c, msg), EINVAL, "", "a descriptor of 8 octets");

	msg = request(c, XEIR_CMD_BIND, 0);
	nla_put_u32(msg, XEIR_A_GENERATION, 1);
	is_refused(exchange(c, msg), EINVAL, "nknown", "BIND with an attribute not its own");
}

static void refuse_shared(struct client *c, struct maps *m)
{
	int frozen = bpf_map_create(BPF_MAP_TYPE_HASH, "frozen", 16, 28, 8, NULL);
	struct xeir_control *page;

	bpf_map_freeze(frozen);
	is_refused(bind_maps(c, frozen, m->control, m->counters), EBUSY, "frozen", "a frozen list");
	close(frozen);

	page = mmap(NULL, sizeof(*page), PROT_READ | PROT_WRITE, MAP_SHARED, m->control, 0);
	is_refused(bind_all(c, m), EBUSY, "mapped", "a control that is mapped for writing");
	munmap(page, sizeof(*page));
}

static bool writable(const struct maps *m)
{
	struct xeir_control control = maps_control(m);
	struct xeir_entry entry = {};
	struct xeir_key key = imei(1);
	__u32 first = 0;
	int list = maps_write(m, &key, &entry);

	bpf_map_delete_elem(m->list, &key);
	return !list && !bpf_map_update_elem(m->control, &first, &control, BPF_ANY);
}

static void one_writer(struct client *c, struct maps *m)
{
	struct xeir_entry entry = {};
	struct xeir_key key = imei(1);
	struct xeir_control *page;
	__u32 first = 0;

	point(writable(m), "what was refused can be written by bpf(2) still");
	is_done(bind_all(c, m), "BIND");
	is_refused(bind_all(c, m), EBUSY, "already", "BIND while bound");

	point(maps_write(m, &key, &entry) && errno == EPERM, "bpf(2) cannot write the bound list");
	point(bpf_map_update_elem(m->control, &first, &entry, BPF_ANY) && errno == EPERM,
	      "nor the control");
	page = mmap(NULL, sizeof(*page), PROT_READ | PROT_WRITE, MAP_SHARED, m->control, 0);
	point(page == MAP_FAILED, "nor map the control for writing");
	page = mmap(NULL, sizeof(*page), PROT_READ, MAP_SHARED, m->control, 0);
	point(page != MAP_FAILED, "but map it for reading");
	munmap(page, sizeof(*page));
}

static void two_namespaces(struct client *c, struct maps *m)
{
	struct maps other = maps_new(8);
	struct xeir_side side = drop_side(7);
	struct xeir_key key = imei(3);
	struct client *d;
	struct reply a;

	new_netns();
	d = client_open();
	is_refused(command(d, XEIR_CMD_STATS), ENXIO, "no maps", "another namespace has no maps");
	is_refused(bind_all(d, m), EBUSY, "frozen", "BIND of maps that another namespace has");
	is_done(bind_all(d, &other), "BIND of other maps");

	is_done(command(c, XEIR_CMD_BEGIN), "a transaction in one namespace");
	is_done(command(d, XEIR_CMD_BEGIN), "and one in the other");
	is_done(put(d, &key, &side), "PUT in the other");
	a = command(c, XEIR_CMD_COMMIT);
	point(!a.error && !a.value[XEIR_A_ADDED], "the first commits nothing");
	a = command(d, XEIR_CMD_COMMIT);
	point(!a.error && a.value[XEIR_A_ADDED] == 1, "the other its own entry");
	is_refused(get(c, &key), ENOENT, "not listed", "which the first does not have");
	is_done(command(d, XEIR_CMD_UNBIND), "UNBIND of the other");
	is_done(command(c, XEIR_CMD_STATS), "leaves the first as it is");
	client_close(d);
	maps_close(&other);
}

/* A writer that died left a new, a changed, a removed and a spent entry. */
static void recovery(void)
{
	struct xeir_side old = drop_side(1), new = drop_side(2), none = {};
	const struct xeir_entry left[] = {
		{ .generation = 6, .before = none, .after = new },
		{ .generation = 6, .before = old, .after = new },
		{ .generation = 6, .before = old, .after = none },
		{ .generation = 5, .before = old, .after = none },
		{ .generation = 3, .before = none, .after = old },
	};
	struct xeir_control control = { .live = 5, .pending = 1, .entries = 99 };
	struct maps m = maps_new(8);
	struct xeir_entry entry;
	struct xeir_key key;
	struct client *c;
	__u32 first = 0;
	int i;

	for (i = 0; i < 5; i++) {
		key = imei(i);
		maps_write(&m, &key, &left[i]);
	}
	bpf_map_update_elem(m.control, &first, &control, BPF_ANY);
	c = client_bound(&m);

	point(maps_size(&m) == 3, "BIND drops what a dead writer added, and what is spent");
	key = imei(1);
	point(maps_entry(&m, &key, &entry) && entry.generation == 5 && entry.after.directive == 1,
	      "undoes what it changed");
	key = imei(2);
	point(maps_entry(&m, &key, &entry) && entry.generation == 5 &&
		      entry.after.action == XEIR_ACTION_DROP,
	      "and what it removed");
	key = imei(4);
	point(maps_entry(&m, &key, &entry) && entry.generation == 3, "keeps the rest");
	control = maps_control(&m);
	point(control.live == 5 && !control.pending && control.entries == 3,
	      "and counts what is enforced");
	client_close(c);
	maps_close(&m);
}

void test_bind(void)
{
	struct maps m = maps_new(8);
	struct client *c;
	int cmd;

	new_netns();
	c = client_open();
	for (cmd = XEIR_CMD_UNBIND; cmd <= XEIR_CMD_STATS; cmd++)
		if (cmd != XEIR_CMD_PUT && cmd != XEIR_CMD_REMOVE)
			is_refused(command(c, cmd), ENXIO, "no maps", "a command without maps");
	is_refused(dump(c), ENXIO, "no maps", "a dump without maps");

	refuse_shapes(c, &m);
	refuse_descriptors(c, &m);
	refuse_shared(c, &m);
	one_writer(c, &m);
	two_namespaces(c, &m);
	is_done(command(c, XEIR_CMD_UNBIND), "UNBIND");
	point(writable(&m), "after which bpf(2) can write again");
	is_refused(command(c, XEIR_CMD_UNBIND), ENXIO, "no maps", "UNBIND twice");
	client_close(c);
	maps_close(&m);
	recovery();
}
