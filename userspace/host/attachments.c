// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <linux/if_link.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/attachments.h"
#include "host/bpf_load.h"
#include "host/egress.h"
#include "host/netns.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "transport/pins.h"

#define INGRESS_PREFIX "link-"
#define EGRESS_PREFIX "egress-"
/* The kernel does not say in which network namespace a link is: a symbolic link does. */
#define NETNS_PREFIX "netns-"
#define NETNS_FORMAT "net:[%u]"

bool ifname_valid(const char *name)
{
	size_t len = strlen(name);

	if (!len || len >= IF_NAMESIZE || !strcmp(name, ".") || !strcmp(name, ".."))
		return false;
	for (; *name; name++)
		if (*name == '/' || *name == ':' || isspace((unsigned char)*name))
			return false;
	return true;
}

/* bpffs refuses '.', which VLAN interfaces have; no interface name has ':'. */
static void swap_dots(char *text, char from, char to)
{
	for (; *text; text++)
		if (*text == from)
			*text = to;
}

static const char *prefix(bool egress)
{
	return egress ? EGRESS_PREFIX : INGRESS_PREFIX;
}

static bool is_pin(const char *name, bool egress)
{
	return !strncmp(name, prefix(egress), strlen(prefix(egress))) &&
	       strlen(name) < ATTACHMENT_PIN_MAX;
}

static void pin_name(char pin[ATTACHMENT_PIN_MAX], const char *prefix, const char *ifname)
{
	snprintf(pin, ATTACHMENT_PIN_MAX, "%s%s", prefix, ifname);
	swap_dots(pin, '.', ':');
}

void attachment_pin(char pin[ATTACHMENT_PIN_MAX], const char *ifname, bool egress)
{
	pin_name(pin, prefix(egress), ifname);
}

static void netns_path(char path[PATH_MAX], const char *ifname)
{
	char pin[ATTACHMENT_PIN_MAX];

	pin_name(pin, NETNS_PREFIX, ifname);
	pins_path(path, pin);
}

static uint32_t netns_recorded(const char *ifname)
{
	char path[PATH_MAX], target[32] = "";
	uint32_t netns;

	netns_path(path, ifname);
	if (readlink(path, target, sizeof(target) - 1) < 0)
		return 0;
	return sscanf(target, NETNS_FORMAT, &netns) == 1 ? netns : 0;
}

int attachment_record_netns(const char *ifname)
{
	char path[PATH_MAX], target[32];
	uint32_t here = netns_here();
	int err = 0;

	if (netns_recorded(ifname) == here)
		return 0;
	netns_path(path, ifname);
	snprintf(target, sizeof(target), NETNS_FORMAT, here);
	unlink(path);
	if (symlink(target, path)) {
		err = -errno;
		complain("%s: cannot be made: %s", path, strerror(-err));
	}
	return err;
}

static int netns_forget(const char *ifname)
{
	char pin[ATTACHMENT_PIN_MAX];

	pin_name(pin, NETNS_PREFIX, ifname);
	return pins_remove(pin);
}

static const char *mode_of(const struct attachment *attachment)
{
	LIBBPF_OPTS(bpf_xdp_query_opts, xdp);

	if (bpf_xdp_query(attachment->ifindex, 0, &xdp))
		return NULL;
	if (xdp.drv_prog_id == attachment->program_id)
		return "native";
	if (xdp.skb_prog_id == attachment->program_id)
		return "generic";
	return NULL;
}

/*
 * Of two links on one ifindex, the one that was recorded here is, or else the one with this name; a
 * single one may be renamed or moved.
 */
static bool may_be_here(const struct attachment *attachments, size_t n,
			const struct attachment *attachment, const char *name, uint32_t here)
{
	bool recorded = attachment->netns == here;

	for (size_t i = 0; i < n; i++) {
		if (&attachments[i] == attachment || attachments[i].egress ||
		    attachments[i].ifindex != attachment->ifindex)
			continue;
		if (recorded != (attachments[i].netns == here)) {
			if (!recorded)
				return false;
		} else if (strcmp(name, attachment->ifname)) {
			return false;
		}
	}
	return true;
}

/* Each network namespace has an interface 2. One that was recorded here may have been moved. */
static void find_here(struct attachment *attachments, size_t n)
{
	uint32_t here = netns_here();
	char name[IF_NAMESIZE];

	for (size_t i = 0; i < n; i++) {
		struct attachment *attachment = &attachments[i];

		if (attachment->egress || !attachment->ifindex ||
		    !if_indextoname(attachment->ifindex, name))
			continue;
		if (!may_be_here(attachments, n, attachment, name, here))
			continue;
		attachment->mode = mode_of(attachment);
		if (attachment->mode)
			snprintf(attachment->now, sizeof(attachment->now), "%s", name);
	}
	for (size_t i = 0; i < n; i++) {
		if (attachments[i].mode)
			attachments[i].netns = here;
		else if (attachments[i].ifindex && attachments[i].netns == here)
			attachments[i].netns = 0;
	}
}

static int ingress_read(int fd, struct attachment *attachment)
{
	struct bpf_link_info info = {};
	__u32 len = sizeof(info);

	if (bpf_obj_get_info_by_fd(fd, &info, &len))
		return -errno;
	if (info.type != BPF_LINK_TYPE_XDP)
		return -EINVAL;
	attachment->id = info.id;
	attachment->program_id = info.prog_id;
	attachment->ifindex = info.xdp.ifindex;
	attachment->netns = netns_recorded(attachment->ifname);
	return 0;
}

/* A pin has no ifindex: its filter is on the interface of its name, or on a renamed one. */
static int egress_ifindex(const char *ifname, __u32 program_id)
{
	int ifindex = if_nametoindex(ifname);
	struct if_nameindex *all;
	char pin[ATTACHMENT_PIN_MAX];

	if (ifindex && egress_program(ifindex) == program_id)
		return ifindex;
	ifindex = 0;
	all = if_nameindex();
	for (struct if_nameindex *at = all; at && at->if_index && !ifindex; at++) {
		attachment_pin(pin, at->if_name, true);
		if (!pins_has(pin) && egress_program(at->if_index) == program_id)
			ifindex = at->if_index;
	}
	if_freenameindex(all);
	return ifindex;
}

/* A replace that did not end may have left a filter with another program than the pin has. */
static void find_filter(struct attachment *attachment)
{
	const __u32 others[] = { attachment->program_id, bpf_load_program_id(NEXT_PIN EGRESS_PIN),
				 bpf_load_program_id(EGRESS_PIN) };

	for (size_t i = 0; i < sizeof(others) / sizeof(*others) && !attachment->ifindex; i++) {
		attachment->ifindex = others[i] ? egress_ifindex(attachment->ifname, others[i]) : 0;
		if (attachment->ifindex)
			attachment->program_id = others[i];
	}
}

static int egress_read(int fd, struct attachment *attachment)
{
	struct bpf_prog_info info = {};
	__u32 len = sizeof(info);

	if (bpf_obj_get_info_by_fd(fd, &info, &len))
		return -errno;
	attachment->program_id = info.id;
	find_filter(attachment);
	if (!attachment->ifindex || !if_indextoname(attachment->ifindex, attachment->now))
		return 0;
	attachment->mode = "egress";
	return 0;
}

static int read_one(const char *pin, bool egress, struct attachment *attachment)
{
	int fd, err;

	memset(attachment, 0, sizeof(*attachment));
	attachment->egress = egress;
	snprintf(attachment->pin, sizeof(attachment->pin), "%s", pin);
	snprintf(attachment->ifname, sizeof(attachment->ifname), "%s",
		 pin + strlen(prefix(egress)));
	swap_dots(attachment->ifname, ':', '.');
	fd = pins_open(pin);
	if (fd < 0)
		return fd;
	err = egress ? egress_read(fd, attachment) : ingress_read(fd, attachment);
	close(fd);
	if (err)
		complain("%s/%s is not pinned by xeir: %s", opt.pins, pin, strerror(-err));
	return err;
}

int attachments_read(struct attachment **attachments, size_t *n)
{
	struct dirent *file;
	int err = 0;
	DIR *dir;

	*attachments = NULL;
	*n = 0;
	dir = opendir(opt.pins);
	if (!dir) {
		err = -errno;
		if (err == -ENOENT)
			return 0;
		complain("%s: %s", opt.pins, strerror(-err));
		return err;
	}
	while (!err && (file = readdir(dir))) {
		struct attachment *more;

		bool egress = is_pin(file->d_name, true);

		if (!egress && !is_pin(file->d_name, false))
			continue;
		more = realloc(*attachments, (*n + 1) * sizeof(*more));
		if (!more) {
			complain("out of memory");
			err = -ENOMEM;
			break;
		}
		*attachments = more;
		err = read_one(file->d_name, egress, &more[*n]);
		if (!err)
			++*n;
	}
	closedir(dir);
	find_here(*attachments, *n);
	return err;
}

struct attachment *attachments_find(struct attachment *attachments, size_t n, const char *ifname,
				    bool egress)
{
	for (size_t i = 0; i < n; i++)
		if (attachments[i].egress == egress && !strcmp(attachments[i].now, ifname))
			return &attachments[i];
	for (size_t i = 0; i < n; i++)
		if (attachments[i].egress == egress && !strcmp(attachments[i].ifname, ifname))
			return &attachments[i];
	return NULL;
}

/* Not by unlink alone: another holder of the link would keep it attached. */
static int ingress_detach(const char *pin)
{
	int fd = pins_open(pin), err = 0;

	if (fd < 0)
		return fd;
	if (bpf_link_detach(fd)) {
		err = -errno;
		complain("%s/%s: cannot be detached: %s", opt.pins, pin, strerror(-err));
	}
	close(fd);
	return err;
}

static int ingress_replace(const struct attachment *attachment, int program)
{
	int fd = pins_open(attachment->pin), err = 0;

	if (fd < 0)
		return fd;
	if (bpf_link_update(fd, program, NULL)) {
		err = -errno;
		complain("%s: the program on ingress cannot be replaced: %s", attachment->ifname,
			 strerror(-err));
	}
	close(fd);
	return err;
}

/* The pin is never without a program, and status finds either one. */
static int pin_over(const char *pin, int program)
{
	char next[PATH_MAX], path[PATH_MAX];
	int err = 0;

	pins_path(next, NEXT_ATTACHMENT_PIN);
	pins_path(path, pin);
	unlink(next);
	if (bpf_obj_pin(program, next) || rename(next, path)) {
		err = -errno;
		complain("%s: cannot be pinned: %s", path, strerror(-err));
	}
	return err;
}

int attachment_replace(const struct attachment *attachment)
{
	int program = pins_open(attachment->egress ? NEXT_PIN EGRESS_PIN : NEXT_PIN PROGRAM_PIN),
	    err;

	if (program < 0)
		return program;
	if (attachment->egress) {
		err = egress_replace(attachment->now, attachment->ifindex, program);
		if (!err)
			err = pin_over(attachment->pin, program);
	} else {
		err = ingress_replace(attachment, program);
	}
	close(program);
	return err;
}

int attachment_remove(const struct attachment *attachment)
{
	char path[PATH_MAX];
	int err = 0;

	if (!attachment->egress)
		err = ingress_detach(attachment->pin);
	else if (attachment->ifindex)
		err = egress_detach(attachment->ifname, attachment->ifindex);
	if (!err && !attachment->egress)
		err = netns_forget(attachment->ifname);
	if (err)
		return err;
	pins_path(path, attachment->pin);
	if (unlink(path)) {
		err = -errno;
		complain("%s: %s", path, strerror(-err));
	}
	return err;
}
