// SPDX-License-Identifier: GPL-2.0-only
/*
 * The n-th allocation of a command fails, with n = 1 upwards until a run has none left to fail.
 * What the sender is told is then true, the list is that of before or that of after the command,
 * and maps can be unbound and bound again. Needs the debug kernel, see scripts/kernel-debug.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <netlink/attr.h>
#include <netlink/msg.h>

#include "netlink/netlink_test.h"
#include "lib/tap.h"

#define BLOCK 300 /* IMEIs that are changed together: their keys fill more than a page */
#define CAPACITY (2 * BLOCK)

/* What is bound, by whom, and the client whose command fails. */
struct world {
	struct maps maps;
	int cutting, hook, sweep;
	struct client *c, *probe;
};

/* What others can see. */
struct state {
	bool bound, hooked, open, pending;
	uint32_t commits; /* since the command */
	uint32_t entries, listed;
};

struct attempted {
	const char *name;
	void (*arrange)(struct world *w);
	struct nl_msg *(*build)(struct world *w);
};

static int fail_nth = -1;

static bool write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool ok = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return ok;
}

/* All allocations count, and none that fails is reported with a trace, which scripts/vm finds. */
static bool faults_open(void)
{
	fail_nth = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	return fail_nth >= 0 && write_text("/sys/kernel/debug/failslab/ignore-gfp-wait", "N") &&
	       write_text("/sys/kernel/debug/failslab/verbose", "0") &&
	       write_text("/sys/kernel/debug/fail_page_alloc/ignore-gfp-wait", "N") &&
	       write_text("/sys/kernel/debug/fail_page_alloc/ignore-gfp-highmem", "N") &&
	       write_text("/sys/kernel/debug/fail_page_alloc/min-order", "0") &&
	       write_text("/sys/kernel/debug/fail_page_alloc/verbose", "0");
}

static void fail(unsigned int nth)
{
	char text[16];
	int n = snprintf(text, sizeof(text), "%u", nth);

	if (pwrite(fail_nth, text, n, 0) != n)
		perror("fail-nth");
}

/* No more; has the allocation failed that should? */
static bool has_failed(void)
{
	char text[16] = "";

	if (pread(fail_nth, text, sizeof(text) - 1, 0) <= 0)
		perror("fail-nth");
	fail(0);
	return !atoi(text);
}

/* --- the state that a command begins with -------------------------------------------------- */

/* A block of IMEIs; without a directive, their keys alone. */
static struct nl_msg *block(struct client *c, int cmd, unsigned int from, uint32_t directive)
{
	struct nl_msg *m = request(c, cmd, 0);
	struct xeir_side side = drop_side(directive);
	struct xeir_key key;

	for (unsigned int i = from; i < from + BLOCK; i++) {
		key = imei(i);
		add_entry(m, &key, directive ? &side : NULL);
	}
	return m;
}

static void unbound(struct world *w)
{
	command(w->probe, XEIR_CMD_UNBIND);
}

static void without_programs(struct world *w)
{
	unbound(w);
	bind_all(w->probe, &w->maps);
}

/* A block is listed by one commit, which can be reverted. */
static void bound(struct world *w)
{
	unbound(w);
	bind_sweep(w->probe, &w->maps, w->hook, w->sweep);
	command(w->probe, XEIR_CMD_BEGIN);
	command(w->probe, XEIR_CMD_FLUSH);
	command(w->probe, XEIR_CMD_COMMIT);
	command(w->probe, XEIR_CMD_BEGIN);
	exchange(w->probe, block(w->probe, XEIR_CMD_PUT, 0, 1));
	command(w->probe, XEIR_CMD_COMMIT);
}

static void begun(struct world *w)
{
	bound(w);
	command(w->c, XEIR_CMD_BEGIN);
}

static void changed(struct world *w)
{
	begun(w);
	exchange(w->c, block(w->c, XEIR_CMD_PUT, BLOCK / 2, 2));
}

/* --- the commands -------------------------------------------------------------------------- */

static struct nl_msg *build_bind(struct world *w)
{
	struct nl_msg *m = request(w->c, XEIR_CMD_BIND, 0);

	nla_put_u32(m, XEIR_A_LIST_FD, w->maps.list);
	nla_put_u32(m, XEIR_A_CONTROL_FD, w->maps.control);
	nla_put_u32(m, XEIR_A_COUNTERS_FD, w->maps.counters);
	nla_put_u32(m, XEIR_A_HOOK_FD, w->hook);
	nla_put_u32(m, XEIR_A_SWEEP_FD, w->sweep);
	return m;
}

static struct nl_msg *build_hook(struct world *w)
{
	struct nl_msg *m = request(w->c, XEIR_CMD_HOOK, 0);

	nla_put_u32(m, XEIR_A_HOOK_FD, w->hook);
	nla_put_u32(m, XEIR_A_SWEEP_FD, w->sweep);
	return m;
}

static struct nl_msg *build_unbind(struct world *w)
{
	return request(w->c, XEIR_CMD_UNBIND, 0);
}

static struct nl_msg *build_begin(struct world *w)
{
	return request(w->c, XEIR_CMD_BEGIN, 0);
}

static struct nl_msg *build_put(struct world *w)
{
	return block(w->c, XEIR_CMD_PUT, BLOCK / 2, 2);
}

static struct nl_msg *build_remove(struct world *w)
{
	return block(w->c, XEIR_CMD_REMOVE, 0, 0);
}

static struct nl_msg *build_flush(struct world *w)
{
	return request(w->c, XEIR_CMD_FLUSH, 0);
}

static struct nl_msg *build_commit(struct world *w)
{
	return request(w->c, XEIR_CMD_COMMIT, 0);
}

static struct nl_msg *build_abort(struct world *w)
{
	return request(w->c, XEIR_CMD_ABORT, 0);
}

static struct nl_msg *build_revert(struct world *w)
{
	struct nl_msg *m = request(w->c, XEIR_CMD_REVERT, 0);

	nla_put_u32(m, XEIR_A_GENERATION, maps_control(&w->maps).live);
	return m;
}

static struct nl_msg *build_get(struct world *w)
{
	struct nl_msg *m = request(w->c, XEIR_CMD_GET, 0);
	struct xeir_key key = imei(0);

	add_entry(m, &key, NULL);
	return m;
}

static struct nl_msg *build_dump(struct world *w)
{
	return request(w->c, XEIR_CMD_GET, NLM_F_DUMP);
}

static struct nl_msg *build_stats(struct world *w)
{
	return request(w->c, XEIR_CMD_STATS, 0);
}

static const struct attempted commands[] = {
	{ "BIND", unbound, build_bind },
	{ "HOOK", without_programs, build_hook },
	{ "HOOK in place of another", bound, build_hook },
	{ "BEGIN", bound, build_begin },
	{ "PUT", begun, build_put },
	{ "REMOVE", begun, build_remove },
	{ "FLUSH", begun, build_flush },
	{ "COMMIT", changed, build_commit },
	{ "ABORT", changed, build_abort },
	{ "REVERT", bound, build_revert },
	{ "GET", bound, build_get },
	{ "GET of all", bound, build_dump },
	{ "STATS", bound, build_stats },
	{ "UNBIND", changed, build_unbind },
};

/* --- what came of it ----------------------------------------------------------------------- */

static struct state state_of(struct world *w, uint32_t live)
{
	struct xeir_control control = maps_control(&w->maps);
	struct state s = { .hooked = control.reassembled,
			   .pending = control.pending,
			   .commits = control.live - live,
			   .entries = control.entries };
	struct reply a = dump(w->probe);

	s.bound = !a.error;
	s.listed = a.listed;
	reply_free(&a);
	if (s.bound) {
		a = command(w->probe, XEIR_CMD_BEGIN);
		s.open = a.error == -EBUSY;
		if (!a.error)
			command(w->probe, XEIR_CMD_ABORT);
	}
	return s;
}

static bool same(const struct state *a, const struct state *b)
{
	return a->bound == b->bound && a->hooked == b->hooked && a->open == b->open &&
	       a->pending == b->pending && a->commits == b->commits && a->entries == b->entries &&
	       a->listed == b->listed;
}

static bool print_state(const char *what, const struct state *s)
{
	printf("# %s: bound %d, hooked %d, open %d, pending %d, %u commits, %u entries, "
	       "%u listed\n",
	       what, s->bound, s->hooked, s->open, s->pending, s->commits, s->entries, s->listed);
	return false;
}

/* Ends what is open, and unbinds: the map has just what is listed, and may be bound again. */
static bool goes_on(struct world *w)
{
	struct xeir_control control;

	client_close(w->c);
	unbound(w);
	control = maps_control(&w->maps);
	if (control.pending || control.reassembled || maps_size(&w->maps) != control.entries) {
		printf("# unbound, pending %u, reassembled %u, %u entries, %u in the map\n",
		       control.pending, control.reassembled, control.entries, maps_size(&w->maps));
		return false;
	}
	return !bind_sweep(w->probe, &w->maps, w->hook, w->sweep).error;
}

/* A reply that is lost leaves @a.done unset: nobody knows then. */
static bool is_true(const struct reply *a, const struct state *before, const struct state *after,
		    const struct state *now)
{
	bool ok = a->done ? same(now, a->error ? before : after) :
			    same(now, before) || same(now, after);

	if (!ok) {
		printf("# %s, error %d \"%s\"\n", a->done ? "reported" : "nothing reported",
		       a->error, a->why);
		print_state("before", before);
		print_state("expected after success", after);
		print_state("found", now);
	}
	return ok;
}

/* One run; *more: an allocation has failed. */
static bool run(struct world *w, const struct attempted *t, unsigned int nth, struct state *after,
		bool *more)
{
	struct reply a = { .index = ANY_INDEX };
	struct state before, now;
	struct nl_msg *m;
	uint32_t live;
	bool ok;

	w->c = client_open();
	t->arrange(w);
	live = maps_control(&w->maps).live;
	before = state_of(w, live);
	m = t->build(w);
	fail(nth);
	if (nl_send_auto(w->c->sock, m) < 0) {
		a.done = true;
		a.error = -ENOBUFS;
	} else {
		while (!a.done && receive(w->c, &a))
			;
	}
	*more = has_failed() && nth;
	nlmsg_free(m);
	now = state_of(w, live);
	if (!nth)
		*after = now;
	ok = *more ? is_true(&a, &before, after, &now) : a.done && !a.error && same(&now, after);
	reply_free(&a);
	return goes_on(w) && ok;
}

static void test_command(struct world *w, const struct attempted *t)
{
	unsigned int nth = 1;
	struct state after;
	bool more, ok;

	ok = run(w, t, 0, &after, &more);
	for (more = true; ok && more; nth++)
		ok = run(w, t, nth, &after, &more);
	point(ok && nth > 2,
	      "%s: whatever allocation fails, its report is true and all goes on (%u)", t->name,
	      nth - 2);
	if (!ok)
		printf("# in run %u\n", nth - 1);
}

/* A socket that is closed in its transaction, which nobody is told of but by a notification. */
static void test_close(struct world *w)
{
	struct state before, now;
	unsigned int nth = 1;
	bool more, ok;

	for (ok = more = true; ok && more; nth++) {
		w->c = client_open();
		bound(w);
		before = state_of(w, maps_control(&w->maps).live);
		changed(w);
		fail(nth);
		client_close(w->c);
		more = has_failed();
		now = state_of(w, maps_control(&w->maps).live);
		ok = same(&now, &before) || print_state("before", &before) ||
		     print_state("found", &now);
		w->c = client_open();
		ok &= goes_on(w);
	}
	point(ok, "a socket that closes in its transaction: whatever fails, it is aborted (%u)",
	      nth - 2);
}

/* --- what remains -------------------------------------------------------------------------- */

static bool gone(int (*by_id)(__u32 id), __u32 id)
{
	for (int i = 0; i < 1000; i++) {
		int fd = by_id(id);

		if (fd < 0)
			return errno == ENOENT;
		close(fd);
		usleep(10000);
	}
	return false;
}

static __u32 map_id(int fd)
{
	struct bpf_map_info info = {};
	__u32 size = sizeof(info);

	return bpf_obj_get_info_by_fd(fd, &info, &size) ? 0 : info.id;
}

static __u32 program_id(int fd)
{
	struct bpf_prog_info info = {};
	__u32 size = sizeof(info);

	return bpf_obj_get_info_by_fd(fd, &info, &size) ? 0 : info.id;
}

static void test_references(struct world *w)
{
	__u32 list = map_id(w->maps.list), control = map_id(w->maps.control);
	__u32 counters = map_id(w->maps.counters);
	__u32 hook = program_id(w->hook), sweep = program_id(w->sweep);

	unbound(w);
	close(w->hook);
	close(w->sweep);
	close(w->cutting);
	maps_close(&w->maps);
	point(hook && sweep && gone(bpf_prog_get_fd_by_id, hook) &&
		      gone(bpf_prog_get_fd_by_id, sweep),
	      "nothing holds the programs any more");
	point(list && control && counters && gone(bpf_map_get_fd_by_id, list) &&
		      gone(bpf_map_get_fd_by_id, control) && gone(bpf_map_get_fd_by_id, counters),
	      "nor the maps");
}

int main(void)
{
	struct world w = {};

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (geteuid())
		return tap_skip_all("needs root");
	if (!faults_open())
		return tap_skip_all("the kernel cannot make allocations fail");
	new_netns();
	w.probe = client_open();
	if (!w.probe)
		return tap_skip_all("the module is not loaded");
	w.maps = maps_new(CAPACITY);
	w.cutting = cutting_new("xeir_cutting");
	w.hook = hook_new(&w.maps);
	w.sweep = sweep_new(&w.maps, w.cutting);

	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		test_command(&w, &commands[i]);
	test_close(&w);
	test_references(&w);
	client_close(w.probe);
	return points_done();
}
