// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/bpf.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "pins.h"
#include "xeir.h"

void pins_path(char *path, const char *name)
{
	snprintf(path, PATH_MAX, "%s/%s", opt.pins, name);
}

bool pins_has(const char *name)
{
	char path[PATH_MAX];

	pins_path(path, name);
	return !access(path, F_OK);
}

static int on_bpffs(const char *path)
{
	struct statfs fs;

	if (statfs(path, &fs)) {
		int err = -errno;

		complain("%s: %s", path, strerror(-err));
		return err;
	}
	if (fs.f_type == BPF_FS_MAGIC)
		return 0;
	complain("%s is not on a BPF file system, where programs and maps can be kept; "
		 "mount one: mount -t bpf bpf %s",
		 path, path);
	return -EINVAL;
}

int pins_create(bool *made)
{
	char path[PATH_MAX];
	int err;

	*made = false;
	if (!access(opt.pins, F_OK))
		return on_bpffs(opt.pins);
	snprintf(path, sizeof(path), "%s", opt.pins);
	err = on_bpffs(dirname(path));
	if (err)
		return err;
	if (!mkdir(opt.pins, 0700)) {
		*made = true;
		return 0;
	}
	if (errno == EEXIST)
		return 0;
	err = -errno;
	complain("%s: cannot be made: %s", opt.pins, strerror(-err));
	return err;
}

/* `detach all` removes the directory: a lock on one that is gone locks nothing. */
static bool still_there(int fd)
{
	struct stat held, named;

	return !fstat(fd, &held) && !stat(opt.pins, &named) && held.st_ino == named.st_ino &&
	       held.st_dev == named.st_dev;
}

int pins_lock(bool exclusive)
{
	int fd, err;

	for (;;) {
		fd = open(opt.pins, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0)
			break;
		while ((err = flock(fd, exclusive ? LOCK_EX : LOCK_SH)) && errno == EINTR)
			;
		if (!err && still_there(fd))
			return fd;
		close(fd);
		if (err)
			break;
	}
	err = -errno;
	if (err == -ENOENT)
		complain("nothing is attached: there is no %s", opt.pins);
	else
		complain("%s: cannot be locked: %s%s", opt.pins, strerror(-err),
			 err == -EACCES ? "; root is needed" : "");
	return err;
}

int pins_open(const char *name)
{
	char path[PATH_MAX];
	int fd, err;

	pins_path(path, name);
	fd = bpf_obj_get(path);
	if (fd >= 0)
		return fd;
	err = -errno;
	if (err == -ENOENT)
		complain("nothing is attached: there is no %s", path);
	else
		complain("%s: cannot be opened: %s%s", path, strerror(-err),
			 err == -EACCES || err == -EPERM ? "; root is needed" : "");
	return err;
}
