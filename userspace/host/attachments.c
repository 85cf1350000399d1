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
#include "lib/opt.h"
#include "lib/say.h"
#include "transport/pins.h"

#define INGRESS_PREFIX "link-"
#define EGRESS_PREFIX "egress-"

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

void attachment_pin(char pin[ATTACHMENT_PIN_MAX], const char *ifname, bool egress)
{
	snprintf(pin, ATTACHMENT_PIN_MAX, "%s%s", prefix(egress), ifname);
	swap_dots(pin, '.', ':');
}

static const char *mode_of(const struct attachment *link)
{
	LIBBPF_OPTS(bpf_xdp_query_opts, xdp);

	if (bpf_xdp_query(link->ifindex, 0, &xdp))
		return NULL;
	if (xdp.drv_prog_id == link->program_id)
		return "native";
	if (xdp.skb_prog_id == link->program_id)
		return "generic";
	return NULL;
}

/* Of links on the same number, the one that has the name is here; alone, it may have been renamed.
 */
static bool has_rival(const struct attachment *links, size_t n, const struct attachment *link)
{
	for (size_t i = 0; i < n; i++)
		if (&links[i] != link && !links[i].egress && links[i].ifindex == link->ifindex)
			return true;
	return false;
}

/* A link tells no network namespace, and each of them has its own interface 2. */
static void find_here(struct attachment *links, size_t n)
{
	char name[IF_NAMESIZE];

	for (size_t i = 0; i < n; i++) {
		struct attachment *link = &links[i];

		if (link->egress || !link->ifindex || !if_indextoname(link->ifindex, name))
			continue;
		if (strcmp(name, link->ifname) && has_rival(links, n, link))
			continue;
		link->mode = mode_of(link);
		if (link->mode)
			snprintf(link->now, sizeof(link->now), "%s", name);
	}
}

static int ingress_read(int fd, struct attachment *link)
{
	struct bpf_link_info info = {};
	__u32 len = sizeof(info);

	if (bpf_obj_get_info_by_fd(fd, &info, &len))
		return -errno;
	if (info.type != BPF_LINK_TYPE_XDP)
		return -EINVAL;
	link->id = info.id;
	link->program_id = info.prog_id;
	link->ifindex = info.xdp.ifindex;
	return 0;
}

/* A pin tells no interface number: its filter is under its name, or under one it has got since. */
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
static void find_filter(struct attachment *link)
{
	const __u32 others[] = { link->program_id, bpf_load_program_id(NEXT_PIN EGRESS_PIN),
				 bpf_load_program_id(EGRESS_PIN) };

	for (size_t i = 0; i < sizeof(others) / sizeof(*others) && !link->ifindex; i++) {
		link->ifindex = others[i] ? egress_ifindex(link->ifname, others[i]) : 0;
		if (link->ifindex)
			link->program_id = others[i];
	}
}

static int egress_read(int fd, struct attachment *link)
{
	struct bpf_prog_info info = {};
	__u32 len = sizeof(info);

	if (bpf_obj_get_info_by_fd(fd, &info, &len))
		return -errno;
	link->program_id = info.id;
	find_filter(link);
	if (!link->ifindex || !if_indextoname(link->ifindex, link->now))
		return 0;
	link->mode = "egress";
	return 0;
}

static int link_read(const char *pin, bool egress, struct attachment *link)
{
	int fd, err;

	memset(link, 0, sizeof(*link));
	link->egress = egress;
	snprintf(link->pin, sizeof(link->pin), "%s", pin);
	snprintf(link->ifname, sizeof(link->ifname), "%s", pin + strlen(prefix(egress)));
	swap_dots(link->ifname, ':', '.');
	fd = pins_open(pin);
	if (fd < 0)
		return fd;
	err = egress ? egress_read(fd, link) : ingress_read(fd, link);
	close(fd);
	if (err)
		complain("%s/%s is not what xeir pins there: %s", opt.pins, pin, strerror(-err));
	return err;
}

int attachments_read(struct attachment **links, size_t *n)
{
	struct dirent *file;
	int err = 0;
	DIR *dir;

	*links = NULL;
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
		more = realloc(*links, (*n + 1) * sizeof(*more));
		if (!more) {
			complain("out of memory");
			err = -ENOMEM;
			break;
		}
		*links = more;
		err = link_read(file->d_name, egress, &more[*n]);
		if (!err)
			++*n;
	}
	closedir(dir);
	find_here(*links, *n);
	return err;
}

struct attachment *attachments_find(struct attachment *links, size_t n, const char *ifname,
				    bool egress)
{
	for (size_t i = 0; i < n; i++)
		if (links[i].egress == egress && !strcmp(links[i].now, ifname))
			return &links[i];
	for (size_t i = 0; i < n; i++)
		if (links[i].egress == egress && !strcmp(links[i].ifname, ifname))
			return &links[i];
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

static int ingress_replace(const struct attachment *link, int program)
{
	int fd = pins_open(link->pin), err = 0;

	if (fd < 0)
		return fd;
	if (bpf_link_update(fd, program, NULL)) {
		err = -errno;
		complain("%s: the program on ingress cannot be replaced: %s", link->ifname,
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

int attachment_replace(const struct attachment *link)
{
	int program = pins_open(link->egress ? NEXT_PIN EGRESS_PIN : NEXT_PIN PROGRAM_PIN), err;

	if (program < 0)
		return program;
	if (link->egress) {
		err = egress_replace(link->now, link->ifindex, program);
		if (!err)
			err = pin_over(link->pin, program);
	} else {
		err = ingress_replace(link, program);
	}
	close(program);
	return err;
}

int attachment_remove(const struct attachment *link)
{
	char path[PATH_MAX];
	int err = 0;

	if (!link->egress)
		err = ingress_detach(link->pin);
	else if (link->ifindex)
		err = egress_detach(link->ifname, link->ifindex);
	if (err)
		return err;
	pins_path(path, link->pin);
	if (unlink(path)) {
		err = -errno;
		complain("%s: %s", path, strerror(-err));
	}
	return err;
}
