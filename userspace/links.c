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

#include "links.h"
#include "pins.h"
#include "xeir.h"

#define PIN_PREFIX "link-"

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

void link_pin(char pin[LINK_PIN_MAX], const char *ifname)
{
	snprintf(pin, LINK_PIN_MAX, PIN_PREFIX "%s", ifname);
	swap_dots(pin, '.', ':');
}

static const char *mode_of(const struct link *link)
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
static bool has_rival(const struct link *links, size_t n, const struct link *link)
{
	for (size_t i = 0; i < n; i++)
		if (&links[i] != link && links[i].ifindex == link->ifindex)
			return true;
	return false;
}

/* A link tells no network namespace, and each of them has its own interface 2. */
static void find_here(struct link *links, size_t n)
{
	char name[IF_NAMESIZE];

	for (size_t i = 0; i < n; i++) {
		struct link *link = &links[i];

		if (!link->ifindex || !if_indextoname(link->ifindex, name))
			continue;
		if (strcmp(name, link->ifname) && has_rival(links, n, link))
			continue;
		link->mode = mode_of(link);
		if (link->mode)
			snprintf(link->now, sizeof(link->now), "%s", name);
	}
}

static int link_read(const char *pin, struct link *link)
{
	struct bpf_link_info info = {};
	__u32 len = sizeof(info);
	int fd, err = 0;

	snprintf(link->pin, sizeof(link->pin), "%s", pin);
	snprintf(link->ifname, sizeof(link->ifname), "%s", pin + strlen(PIN_PREFIX));
	swap_dots(link->ifname, ':', '.');
	fd = pins_open(pin);
	if (fd < 0)
		return fd;
	if (bpf_obj_get_info_by_fd(fd, &info, &len))
		err = -errno;
	else if (info.type != BPF_LINK_TYPE_XDP)
		err = -EINVAL;
	close(fd);
	if (err) {
		complain("%s/%s is no XDP link: %s", opt.pins, pin, strerror(-err));
		return err;
	}
	link->id = info.id;
	link->program_id = info.prog_id;
	link->ifindex = info.xdp.ifindex;
	link->mode = NULL;
	link->now[0] = '\0';
	return 0;
}

int links_read(struct link **links, size_t *n)
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
		struct link *more;

		if (strncmp(file->d_name, PIN_PREFIX, strlen(PIN_PREFIX)) ||
		    strlen(file->d_name) >= LINK_PIN_MAX)
			continue;
		more = realloc(*links, (*n + 1) * sizeof(*more));
		if (!more) {
			complain("out of memory");
			err = -ENOMEM;
			break;
		}
		*links = more;
		err = link_read(file->d_name, &more[*n]);
		if (!err)
			++*n;
	}
	closedir(dir);
	find_here(*links, *n);
	return err;
}

struct link *links_find(struct link *links, size_t n, const char *ifname)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(links[i].now, ifname))
			return &links[i];
	for (size_t i = 0; i < n; i++)
		if (!strcmp(links[i].ifname, ifname))
			return &links[i];
	return NULL;
}

int link_remove(const struct link *link)
{
	char path[PATH_MAX];
	int fd, err = 0;

	fd = pins_open(link->pin);
	if (fd < 0)
		return fd;
	pins_path(path, link->pin);
	/* Not by unlink alone: another holder of the link would keep it attached. */
	if (bpf_link_detach(fd) || unlink(path))
		err = -errno;
	close(fd);
	if (err)
		complain("%s: cannot be detached: %s", path, strerror(-err));
	return err;
}
