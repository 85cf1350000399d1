// SPDX-License-Identifier: GPL-2.0-only
/* The program that BIND may bring along, and whether XDP sees that it is run. */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <linux/bpf.h>
#include <netlink/attr.h>

#include "netlink/netlink_test.h"

/* A program that passes everything, and uses @map unless it is -1. */
static int program_new(enum bpf_prog_type type, const char *name, int map)
{
	const struct bpf_insn insns[] = {
		{ .code = BPF_LD | BPF_DW | BPF_IMM,
		  .dst_reg = BPF_REG_1,
		  .src_reg = map < 0 ? 0 : BPF_PSEUDO_MAP_FD,
		  .imm = map },
		{},
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};

	return bpf_prog_load(type, name, "GPL", insns, sizeof(insns) / sizeof(*insns), NULL);
}

struct reply bind_hook(struct client *c, const struct maps *m, int hook)
{
	struct nl_msg *msg = request(c, XEIR_CMD_BIND, 0);

	nla_put_u32(msg, XEIR_A_LIST_FD, m->list);
	nla_put_u32(msg, XEIR_A_CONTROL_FD, m->control);
	nla_put_u32(msg, XEIR_A_COUNTERS_FD, m->counters);
	nla_put_u32(msg, XEIR_A_HOOK_FD, hook);
	return exchange(c, msg);
}

int hook_new(const struct maps *m)
{
	return program_new(BPF_PROG_TYPE_SCHED_CLS, XEIR_HOOK_NAME, m->list);
}

static struct reply change_hook(struct client *c, int hook)
{
	struct nl_msg *msg = request(c, XEIR_CMD_HOOK, 0);

	nla_put_u32(msg, XEIR_A_HOOK_FD, hook);
	return exchange(c, msg);
}

/* In place of the one that is run. */
static void test_change(struct client *c, const struct maps *m, const struct maps *other)
{
	int hook = hook_new(m), wrong = hook_new(other);

	is_refused(command(c, XEIR_CMD_HOOK), EINVAL, "descriptor", "HOOK without a program");
	is_refused(change_hook(c, wrong), EINVAL, "another list", "HOOK with another list");
	point(maps_control(m).reassembled, "what was refused changes nothing");
	is_done(change_hook(c, hook), "HOOK with another program");
	point(maps_control(m).reassembled, "XDP sees one all the time");
	close(hook);
	close(wrong);
}

static void refused_and_closed(struct client *c, const struct maps *m, int hook, int error,
			       const char *why, const char *what)
{
	struct reply a = bind_hook(c, m, hook);

	is_refused(a, error, why, what);
	/* Header and genl header first, then the descriptors in order. */
	point(a.attr == 20 + 8 * 3, "%s: the attribute at fault is reported", what);
	close(hook);
}

void test_hook(void)
{
	struct maps m = maps_new(8), other = maps_new(8);
	struct client *c;
	int hook;

	new_netns();
	c = client_open();
	refused_and_closed(c, &m, 999, EBADF, "descriptor", "a hook that is not open");
	refused_and_closed(c, &m, dup(other.list), EINVAL, "descriptor", "a hook that is a map");
	refused_and_closed(c, &m, program_new(BPF_PROG_TYPE_XDP, XEIR_HOOK_NAME, m.list), EINVAL,
			   "BPF_PROG_TYPE_SCHED_CLS", "a hook of another type");
	refused_and_closed(c, &m, program_new(BPF_PROG_TYPE_SCHED_CLS, "other", m.list), EINVAL,
			   XEIR_HOOK_NAME, "a hook of another name");
	refused_and_closed(c, &m, hook_new(&other), EINVAL, "another list",
			   "a hook with another list");
	refused_and_closed(c, &m, program_new(BPF_PROG_TYPE_SCHED_CLS, XEIR_HOOK_NAME, -1), EINVAL,
			   "another list", "a hook without a list");
	point(!maps_control(&m).reassembled, "XDP does not see what was refused");
	is_refused(command(c, XEIR_CMD_STATS), ENXIO, "no maps", "nor are the maps bound then");

	hook = hook_new(&m);
	is_done(bind_hook(c, &m, hook), "BIND with a hook");
	point(maps_control(&m).reassembled, "XDP sees that it is run");
	is_refused(bind_hook(c, &m, hook), EBUSY, "already", "BIND with a hook while bound");
	point(maps_control(&m).reassembled, "which changes nothing");
	test_change(c, &m, &other);
	is_done(command(c, XEIR_CMD_UNBIND), "UNBIND");
	point(!maps_control(&m).reassembled, "XDP sees that it no longer is");
	is_refused(change_hook(c, hook), ENXIO, "no maps", "HOOK with nothing bound");
	is_done(bind_all(c, &m), "BIND without a hook");
	point(!maps_control(&m).reassembled, "XDP sees none");
	is_done(change_hook(c, hook), "HOOK then");
	point(maps_control(&m).reassembled, "XDP sees it");
	is_done(command(c, XEIR_CMD_UNBIND), "UNBIND");
	close(hook);
	client_close(c);
	maps_close(&m);
	maps_close(&other);
}
