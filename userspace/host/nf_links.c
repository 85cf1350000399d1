// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "host/nf_links.h"
#include "host/bpf_maps.h"
#include "host/load_log.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "transport/netlink_module.h"
#include "transport/pinned_list.h"
#include "transport/pins.h"
#include "xeir_nf.skel.h"

/* Numeric, as the headers and the libbpf of Debian 12 are older than BPF netfilter. */
#define PROG_TYPE_NETFILTER 32
#define ATTACH_TYPE_NETFILTER 45
#define NETFILTER_IP_DEFRAG 1

/* What BPF_LINK_CREATE takes for it. */
struct netfilter_link {
	__u32 program;
	__u32 target;
	__u32 attach_type;
	__u32 flags;
	__u32 pf;
	__u32 hooknum;
	__s32 priority;
	__u32 netfilter_flags;
};

/*
 * IPv4 is reassembled where packets for this host leave the stack; IPv6 only where the kernel is
 * asked for it. After all firewalls, whose verdicts stay.
 */
static const struct hook {
	const char *pin;
	const char *program;
	struct netfilter_link link;
} hooks[] = {
	{
		.pin = "nf4-",
		.program = "xeir_reassembled4",
		.link = {
			.attach_type = ATTACH_TYPE_NETFILTER,
			.pf = NFPROTO_IPV4,
			.hooknum = NF_INET_LOCAL_IN,
			.priority = NF_IP_PRI_LAST - 1,
		},
	},
	{
		.pin = "nf6-",
		.program = "xeir_reassembled6",
		.link = {
			.attach_type = ATTACH_TYPE_NETFILTER,
			.pf = NFPROTO_IPV6,
			.hooknum = NF_INET_LOCAL_IN,
			.priority = NF_IP6_PRI_LAST - 1,
			.netfilter_flags = NETFILTER_IP_DEFRAG,
		},
	},
};

#define HOOKS (sizeof(hooks) / sizeof(*hooks))

/*
 * One directory may hold the links of several network namespaces. The second name is of a
 * link that will replace the first.
 */
static int pin_names(const struct hook *hook, char names[2][NAME_MAX])
{
	__u32 netns = netns_here();

	if (!netns)
		return -errno;
	snprintf(names[0], NAME_MAX, "%s%u", hook->pin, netns);
	snprintf(names[1], NAME_MAX, "%s%u-next", hook->pin, netns);
	return 0;
}

/* @sooner is taken off the priority, as no two links may have the same. */
static int create_and_pin(const struct hook *hook, struct xeir_nf_bpf *skel, int sooner,
			  const char *name)
{
	struct netfilter_link link = hook->link;
	char path[PATH_MAX];
	int fd, err = 0;

	link.program = bpf_program__fd(bpf_object__find_program_by_name(skel->obj, hook->program));
	link.priority -= sooner;
	fd = syscall(SYS_bpf, BPF_LINK_CREATE, &link, sizeof(link));
	if (fd < 0)
		return -errno;
	pins_path(path, name);
	if (bpf_obj_pin(fd, path))
		err = -errno;
	/* the pin keeps the link; without it, this takes the program off again */
	close(fd);
	return err;
}

static int attach_one(const struct hook *hook, struct xeir_nf_bpf *skel)
{
	char names[2][NAME_MAX];
	int err = pin_names(hook, names);

	return err || pins_has(names[0]) ? err : create_and_pin(hook, skel, 0, names[0]);
}

static int load(struct xeir_nf_bpf *skel)
{
	static const struct capacity any;
	struct bpf_program *program;
	int err = bpf_maps_reuse(skel->obj, &any);

	if (!err)
		err = bpf_map__set_max_entries(skel->maps.xeir_copies, libbpf_num_possible_cpus());
	bpf_object__for_each_program(program, skel->obj)
	{
		bpf_program__set_type(program, PROG_TYPE_NETFILTER);
		bpf_program__set_expected_attach_type(program, ATTACH_TYPE_NETFILTER);
	}
	return err ? err : xeir_nf_bpf__load(skel);
}

static int load_and_attach(void)
{
	struct xeir_nf_bpf *skel = xeir_nf_bpf__open();
	int err;

	if (!skel)
		return -errno;
	err = load(skel);
	for (size_t i = 0; i < HOOKS && !err; i++)
		err = attach_one(&hooks[i], skel);
	xeir_nf_bpf__destroy(skel);
	return err;
}

/* From then on XDP leaves fragments to these hooks, or no longer does. */
static int set_reassembled(bool reassembled)
{
	struct xeir_control control;
	__u32 zero = 0;
	int fd, err = pinned_list_control(&control);

	if (err || control.reassembled == reassembled)
		return err;
	fd = pins_open(PIN_NAME(XEIR_MAP_CONTROL));
	if (fd < 0)
		return fd;
	control.reassembled = reassembled;
	if (bpf_map_update_elem(fd, &zero, &control, BPF_ANY)) {
		err = -errno;
		complain("%s: %s", PIN_NAME(XEIR_MAP_CONTROL), strerror(-err));
	}
	close(fd);
	return err;
}

int nf_links_attach(void)
{
	int err = netlink_module_has_pinned_list();

	if (err)
		return err < 0 ? err : 0;
	err = load_and_attach();
	return set_reassembled(!err);
}

/* Of which network namespace is the pin @name? 0: it is none of these links. */
static __u32 netns_of_pin(const char *name)
{
	__u32 netns;

	for (size_t i = 0; i < HOOKS; i++)
		if (!strncmp(name, hooks[i].pin, strlen(hooks[i].pin)) &&
		    sscanf(name + strlen(hooks[i].pin), "%u", &netns) == 1)
			return netns;
	return 0;
}

/* Not by unlink alone: another holder of the link would keep it attached. */
static int detach_one(const char *pin)
{
	char path[PATH_MAX];
	int err = 0, fd = pins_open(pin);

	if (fd < 0)
		return fd;
	pins_path(path, pin);
	if (bpf_link_detach(fd) || unlink(path)) {
		err = -errno;
		complain("%s: cannot be detached: %s", path, strerror(-err));
	}
	close(fd);
	return err;
}

int nf_links_detach_here(void)
{
	char names[2][NAME_MAX];
	int err = 0;

	for (size_t i = 0; i < HOOKS && !err; i++) {
		err = pin_names(&hooks[i], names);
		for (size_t k = 0; k < 2 && !err; k++)
			if (pins_has(names[k]))
				err = detach_one(names[k]);
	}
	return err;
}

/* What is pinned as @next takes the place of @name, if that is still there. */
static int take_over(const char *next, const char *name)
{
	char from[PATH_MAX], to[PATH_MAX];
	int err = pins_has(name) ? detach_one(name) : 0;

	if (err)
		return err;
	pins_path(from, next);
	pins_path(to, name);
	if (rename(from, to)) {
		err = -errno;
		complain("%s: cannot become %s: %s", from, to, strerror(-err));
	}
	return err;
}

/* While both are attached, reassembled packets are judged and counted twice. */
static int replace_one(const struct hook *hook, struct xeir_nf_bpf *skel)
{
	char names[2][NAME_MAX];
	int err = pin_names(hook, names);

	if (!err && pins_has(names[1]))
		err = take_over(names[1], names[0]);
	if (err || !pins_has(names[0]))
		return err;
	err = create_and_pin(hook, skel, 0, names[1]);
	if (err == -EBUSY)
		err = create_and_pin(hook, skel, 1, names[1]);
	if (!err)
		return take_over(names[1], names[0]);
	complain("%s: another cannot be attached next to it: %s", names[0], strerror(-err));
	return err;
}

static bool is_attached(void)
{
	char names[2][NAME_MAX];

	for (size_t i = 0; i < HOOKS; i++)
		if (!pin_names(&hooks[i], names) && (pins_has(names[0]) || pins_has(names[1])))
			return true;
	return false;
}

int nf_links_replace(void)
{
	struct xeir_nf_bpf *skel;
	int err;

	if (!is_attached())
		return 0;
	load_log_begin();
	skel = xeir_nf_bpf__open();
	err = skel ? load(skel) : -errno;
	if (err) {
		complain("the netfilter programs cannot be loaded: %s", strerror(-err));
		load_log_print();
	}
	load_log_end();
	for (size_t i = 0; i < HOOKS && !err; i++)
		err = replace_one(&hooks[i], skel);
	xeir_nf_bpf__destroy(skel);
	return err;
}

/* One of a former version has no record: it may be in any other namespace. */
static bool is_in_use(__u32 netns, const struct attachment *attachments, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!attachments[i].egress && attachments[i].ifindex &&
		    (attachments[i].netns == netns ||
		     (!attachments[i].netns && netns != netns_here())))
			return true;
	return false;
}

int nf_links_detach_idle(const struct attachment *attachments, size_t n)
{
	struct dirent *file;
	DIR *dir = opendir(opt.pins);
	int err = 0;

	if (!dir) {
		err = -errno;
		complain("%s: %s", opt.pins, strerror(-err));
		return err;
	}
	while (!err && (file = readdir(dir))) {
		__u32 netns = netns_of_pin(file->d_name);

		if (!netns || is_in_use(netns, attachments, n))
			continue;
		if (!n && pins_has(PIN_NAME(XEIR_MAP_CONTROL)))
			err = set_reassembled(false);
		if (!err)
			err = detach_one(file->d_name);
	}
	closedir(dir);
	return err;
}

enum netns_state nf_links_find_netns(__u32 netns, char *path)
{
	enum netns_state state = netns ? netns_find(netns, path) : NETNS_UNKNOWN;
	char name[NAME_MAX];

	if (state != NETNS_DELETED)
		return state;
	for (size_t i = 0; i < HOOKS; i++) {
		snprintf(name, sizeof(name), "%s%u", hooks[i].pin, netns);
		if (pins_has(name))
			return NETNS_DELETED;
	}
	return NETNS_UNKNOWN;
}
