// SPDX-License-Identifier: GPL-2.0-only
/*
 * The program that cuts sessions, which BIND may bring along, and when it is run. The one
 * here only counts that; e2e/cut.sh has the real one.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <linux/bpf.h>
#include <netlink/attr.h>

#include "netlink/netlink_test.h"

#define PERIOD 60
#define CUT 7

/* How a program differs from what is expected. */
struct wrong_sweep {
	const char *what, *why;
	enum bpf_prog_type type;
	const char *name, *found; /* found: the name of the map with what it found */
	bool reads; /* a context */
};

static const struct wrong_sweep expected = {
	.type = BPF_PROG_TYPE_SYSCALL,
	.name = XEIR_SWEEP_NAME,
	.found = "xeir_cutting",
};

int cutting_new(const char *name)
{
	return bpf_map_create(BPF_MAP_TYPE_ARRAY, name, sizeof(__u32), sizeof(struct xeir_cutting),
			      1, NULL);
}

/* Counts its runs as @sessions, says that CUT are cut, and uses @list besides. */
static int program_new(const struct wrong_sweep *w, int list, int cutting)
{
	const struct bpf_insn insns[] = {
		{ .code = w->reads ? BPF_LDX | BPF_MEM | BPF_DW : BPF_ALU64 | BPF_MOV | BPF_X,
		  .dst_reg = BPF_REG_6,
		  .src_reg = BPF_REG_1 },
		{ .code = BPF_LD | BPF_DW | BPF_IMM,
		  .dst_reg = BPF_REG_2,
		  .src_reg = BPF_PSEUDO_MAP_FD,
		  .imm = list },
		{},
		{ .code = BPF_LD | BPF_DW | BPF_IMM,
		  .dst_reg = BPF_REG_1,
		  .src_reg = BPF_PSEUDO_MAP_VALUE,
		  .imm = cutting },
		{},
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_3, .imm = 1 },
		{ .code = BPF_STX | BPF_ATOMIC | BPF_W,
		  .dst_reg = BPF_REG_1,
		  .src_reg = BPF_REG_3,
		  .off = offsetof(struct xeir_cutting, sessions),
		  .imm = BPF_ADD },
		{ .code = BPF_ST | BPF_MEM | BPF_W,
		  .dst_reg = BPF_REG_1,
		  .off = offsetof(struct xeir_cutting, cut),
		  .imm = CUT },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	LIBBPF_OPTS(bpf_prog_load_opts, opts);

	if (w->type == BPF_PROG_TYPE_SYSCALL)
		opts.prog_flags = BPF_F_SLEEPABLE;
	return bpf_prog_load(w->type, w->name, "GPL", insns, sizeof(insns) / sizeof(*insns), &opts);
}

int sweep_new(const struct maps *m, int cutting)
{
	return program_new(&expected, m->list, cutting);
}

struct reply bind_sweep(struct client *c, const struct maps *m, int hook, int sweep)
{
	struct nl_msg *msg = request(c, XEIR_CMD_BIND, 0);

	nla_put_u32(msg, XEIR_A_LIST_FD, m->list);
	nla_put_u32(msg, XEIR_A_CONTROL_FD, m->control);
	nla_put_u32(msg, XEIR_A_COUNTERS_FD, m->counters);
	if (hook >= 0)
		nla_put_u32(msg, XEIR_A_HOOK_FD, hook);
	nla_put_u32(msg, XEIR_A_SWEEP_FD, sweep);
	return exchange(c, msg);
}

static struct reply change_sweep(struct client *c, int hook, int sweep)
{
	struct nl_msg *msg = request(c, XEIR_CMD_HOOK, 0);

	nla_put_u32(msg, XEIR_A_HOOK_FD, hook);
	nla_put_u32(msg, XEIR_A_SWEEP_FD, sweep);
	return exchange(c, msg);
}

static struct reply revert(struct client *c, uint32_t generation)
{
	struct nl_msg *msg = request(c, XEIR_CMD_REVERT, 0);

	nla_put_u32(msg, XEIR_A_GENERATION, generation);
	return exchange(c, msg);
}

static void refused_and_closed(struct client *c, const struct maps *m, int sweep, int error,
			       const char *why, const char *what)
{
	struct reply a = bind_sweep(c, m, -1, sweep);

	is_refused(a, error, why, what);
	/* Header and genl header first, then the descriptors in order. */
	point(a.attr == 20 + 8 * 3, "%s: the attribute at fault is reported", what);
	close(sweep);
}

static void refuse_programs(struct client *c, const struct maps *m)
{
	static const struct wrong_sweep wrong[] = {
		{ "a sweep of another type", "BPF_PROG_TYPE_SYSCALL", BPF_PROG_TYPE_SCHED_CLS,
		  XEIR_SWEEP_NAME, "xeir_cutting", false },
		{ "a sweep of another name", XEIR_SWEEP_NAME, BPF_PROG_TYPE_SYSCALL, "other",
		  "xeir_cutting", false },
		{ "a sweep that reads a context", "context", BPF_PROG_TYPE_SYSCALL, XEIR_SWEEP_NAME,
		  "xeir_cutting", true },
		{ "a sweep that does not report what it found", "xeir_cutting",
		  BPF_PROG_TYPE_SYSCALL, XEIR_SWEEP_NAME, "other", false },
	};
	struct maps other = maps_new(8);
	int hook, cutting;

	refused_and_closed(c, m, 999, EBADF, "descriptor", "a sweep that is not open");
	refused_and_closed(c, m, dup(other.list), EINVAL, "descriptor", "a sweep that is a map");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		cutting = cutting_new(wrong[i].found);
		refused_and_closed(c, m, program_new(&wrong[i], m->list, cutting), EINVAL,
				   wrong[i].why, wrong[i].what);
		close(cutting);
	}
	cutting = cutting_new(expected.found);
	refused_and_closed(c, m, program_new(&expected, other.list, cutting), EINVAL,
			   "another list", "a sweep with another list");
	close(cutting);

	hook = hook_new(m);
	is_refused(bind_sweep(c, m, hook, 999), EBADF, "sweep", "a hook, and a sweep not open");
	point(!maps_control(m).reassembled, "of which neither is there");
	is_refused(command(c, XEIR_CMD_STATS), ENXIO, "no maps", "nor are the maps bound then");
	close(hook);
	maps_close(&other);
}

static unsigned int runs(int cutting)
{
	struct xeir_cutting found = {};
	__u32 first = 0;

	bpf_map_lookup_elem(cutting, &first, &found);
	return found.sessions;
}

/* The program may run a moment later than what made it run, and takes a moment. */
static bool runs_become(int cutting, unsigned int n, int seconds)
{
	struct timespec pause = { .tv_nsec = 10000000 };

	for (int i = 0; i < seconds * 100 && runs(cutting) != n; i++)
		nanosleep(&pause, NULL);
	return runs(cutting) == n;
}

struct reply list_and(struct client *c, unsigned int n, int cmd)
{
	struct xeir_side side = drop_side(1);
	struct xeir_key key = imei(n);

	command(c, XEIR_CMD_BEGIN);
	put(c, &key, &side);
	return command(c, cmd);
}

static void killed_after_commit(int cutting, unsigned int before)
{
	pid_t child = fork();

	if (!child) {
		struct client *c = client_open();
		struct xeir_side side = drop_side(1);
		struct xeir_key key = imei(3);

		if (!command(c, XEIR_CMD_BEGIN).error && !put(c, &key, &side).error)
			submit(c, request(c, XEIR_CMD_COMMIT, 0));
		raise(SIGKILL);
	}
	waitpid(child, NULL, 0);
	point(runs(cutting) == before + 1, "it is run though the client is killed after COMMIT");
}

/* The sessions of one namespace, not of another. */
static void commits(struct client *c, int cutting)
{
	struct reply a = list_and(c, 1, XEIR_CMD_COMMIT);

	point(!a.error && runs(cutting) == 1, "COMMIT has run it once when it responds");
	point(a.has[XEIR_A_CUT] && a.value[XEIR_A_CUT] == CUT && a.has[XEIR_A_FREED] &&
		      !a.value[XEIR_A_FREED],
	      "and reports what it found");
	a = list_and(c, 2, XEIR_CMD_ABORT);
	point(!a.error && runs(cutting) == 1 && !a.has[XEIR_A_CUT], "ABORT does not");
	killed_after_commit(cutting, 1);
	a = revert(c, 1);
	point(!a.error && runs(cutting) == 3 && a.value[XEIR_A_CUT] == CUT, "REVERT does");
}

static void replaced(struct client *c, const struct maps *m, int former)
{
	int cutting = cutting_new(expected.found), sweep = sweep_new(m, cutting);
	int hook = hook_new(m);
	unsigned int before = runs(former);

	is_refused(change_sweep(c, hook, hook), EINVAL, "SYSCALL", "HOOK with a wrong sweep");
	list_and(c, 5, XEIR_CMD_COMMIT);
	point(runs(former) == before + 1, "leaves the former in its place");
	is_done(change_sweep(c, hook, sweep), "HOOK with another");
	list_and(c, 6, XEIR_CMD_COMMIT);
	point(runs(former) == before + 1 && runs(cutting) == 1, "puts that in its place");
	close(cutting);
	close(sweep);
	close(hook);
}

/* Two minutes of waiting, for `make check-long`. */
static void periods(struct client *c, const struct maps *m, int sweep, int cutting)
{
	unsigned int before = runs(cutting);

	point(runs_become(cutting, before + 1, PERIOD + 10), "it is run again within %d seconds",
	      PERIOD);
	is_done(command(c, XEIR_CMD_UNBIND), "UNBIND");
	point(!runs_become(cutting, before + 2, PERIOD + 10), "after which it is not");
	is_done(bind_sweep(c, m, -1, sweep), "BIND with it again");
}

void test_sweep(void)
{
	struct maps m = maps_new(8);
	int cutting, sweep;
	struct client *c;
	struct reply a;

	new_netns();
	c = client_open();
	refuse_programs(c, &m);

	cutting = cutting_new(expected.found);
	sweep = sweep_new(&m, cutting);
	is_done(bind_sweep(c, &m, -1, sweep), "BIND with a sweep");
	commits(c, cutting);
	if (getenv("XEIR_LONG"))
		periods(c, &m, sweep, cutting);
	replaced(c, &m, cutting);
	close(sweep);
	is_done(command(c, XEIR_CMD_UNBIND), "UNBIND");
	is_done(bind_all(c, &m), "BIND without a sweep");
	a = list_and(c, 4, XEIR_CMD_COMMIT);
	point(!a.error && !a.has[XEIR_A_CUT], "whose COMMIT cuts nothing");
	client_close(c);
	close(cutting);
	maps_close(&m);
}

/* Commits until it cannot. */
static pid_t busy_child(void)
{
	pid_t child = fork();

	if (!child) {
		struct client *c = client_open();

		while (!list_and(c, 1, XEIR_CMD_COMMIT).error)
			;
		_exit(0);
	}
	return child;
}

static bool unload_busy(const char *ko, struct maps *m, int sweep, int cutting)
{
	struct timespec ms = { .tv_nsec = 1000000 };
	unsigned int before = runs(cutting);
	struct client *c = client_open();
	bool ok = !bind_sweep(c, m, -1, sweep).error;
	pid_t child = busy_child();

	for (int i = 0; i < 10000 && ok && runs(cutting) == before; i++)
		nanosleep(&ms, NULL);
	ok &= runs(cutting) != before && !module_unload();
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	client_close(c);
	return ok && !module_load(ko);
}

void test_sweep_unload(const char *ko)
{
	struct maps m = maps_new(8);
	int cutting = cutting_new(expected.found), done = 0;
	int sweep = sweep_new(&m, cutting);

	new_netns();
	while (done < 20 && unload_busy(ko, &m, sweep, cutting))
		done++;
	point(done == 20, "the module unloads while sweeps run, %d of 20 times", done);
	close(sweep);
	close(cutting);
	maps_close(&m);
}
