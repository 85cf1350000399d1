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

#include "transport/pins.h"
#include "lib/opt.h"
#include "lib/say.h"

/* A directory, since a BPF file system holds no plain files; only its lock counts. */
#define ATTACHMENTS_LOCK "attach"

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

/* The directory, or its parent when it is not there. */
static void path_there(char path[PATH_MAX])
{
	snprintf(path, PATH_MAX, "%s", opt.pins);
	if (access(path, F_OK) && errno == ENOENT)
		dirname(path);
}

int pins_check(void)
{
	char path[PATH_MAX];
	struct statfs fs;

	path_there(path);
	if (statfs(path, &fs)) {
		int err = -errno;

		complain("%s: %s%s", path, strerror(-err),
			 err == -EACCES ? "; root is needed" : "");
		return err;
	}
	if (fs.f_type == BPF_FS_MAGIC)
		return 0;
	complain("%s is not on a BPF file system: nothing is attached or can be, as seen here. "
		 "`ip netns exec NS` hides it: use nsenter --net=/run/netns/NS. "
		 "Else mount one: mount -t bpf bpf /sys/fs/bpf",
		 opt.pins);
	return -EINVAL;
}

bool pins_private(void)
{
	char path[PATH_MAX], outside[PATH_MAX + 16];
	struct stat here, there;

	path_there(path);
	if (*path != '/')
		return false;
	if (stat(path, &here))
		return false;
	snprintf(outside, sizeof(outside), "/proc/1/root%s", path);
	/* without a right to look there, nothing is known */
	if (stat(outside, &there))
		return errno == ENOENT;
	return here.st_dev != there.st_dev;
}

static int create(bool *made)
{
	int err = pins_check();

	*made = !err && !mkdir(opt.pins, 0700);
	if (err || *made || errno == EEXIST)
		return err;
	err = -errno;
	complain("%s: cannot be made: %s", opt.pins, strerror(-err));
	return err;
}

/* A wrong directory must not look like a list that is not attached. */
static void complain_missing(const char *path)
{
	if (pins_check())
		return;
	/* the programs go on enforcing it: a version before lacks a map, or a pin was removed */
	if (pins_has(PIN_NAME(XEIR_MAP_LIST)) && pins_has(PIN_NAME(XEIR_MAP_CONTROL)))
		complain("%s is incomplete: there is no %s; to complete it and keep the list: "
			 "xeir attach --replace",
			 opt.pins, path);
	else if (pins_has(PIN_NAME(XEIR_MAP_LIST)) || pins_has(PIN_NAME(XEIR_MAP_CONTROL)) ||
		 pins_has(PIN_NAME(XEIR_MAP_EVENTS)))
		complain("%s is incomplete: there is no %s; start again with: xeir detach all",
			 opt.pins, path);
	else
		complain("nothing is attached: there is no %s", path);
}

/* `detach all` removes directories: a lock on one that is gone locks nothing. */
static bool still_there(const char *path, int fd)
{
	struct stat held, named;

	return !fstat(fd, &held) && !stat(path, &named) && held.st_ino == named.st_ino &&
	       held.st_dev == named.st_dev;
}

/* A descriptor, or -errno without complain(). */
static int lock_directory(const char *path, int operation)
{
	int fd, err;

	for (;;) {
		fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0)
			return -errno;
		while ((err = flock(fd, operation) ? -errno : 0) == -EINTR)
			;
		if (!err && still_there(path, fd))
			return fd;
		close(fd);
		if (err)
			return err;
	}
}

static int complain_unlocked(int err)
{
	if (err == -ENOENT)
		complain_missing(opt.pins);
	else
		complain("%s: cannot be locked: %s%s", opt.pins, strerror(-err),
			 err == -EACCES ? "; root is needed" : "");
	return err;
}

int pins_lock(bool exclusive)
{
	int fd = lock_directory(opt.pins, exclusive ? LOCK_EX : LOCK_SH);

	return fd < 0 ? complain_unlocked(fd) : fd;
}

/* -ENOENT: the pin directory is not there, or no longer. */
static int lock_attachments(void)
{
	char path[PATH_MAX];
	int fd;

	pins_path(path, ATTACHMENTS_LOCK);
	do {
		if (mkdir(path, 0700) && errno != EEXIST)
			return -errno;
		fd = lock_directory(path, LOCK_EX);
	} while (fd == -ENOENT);
	return fd;
}

int pins_lock_attachments(void)
{
	int fd = lock_attachments();

	return fd < 0 ? complain_unlocked(fd) : fd;
}

int pins_create_locked(bool *made)
{
	int fd;

	do {
		int err = create(made);

		if (err)
			return err;
		fd = lock_attachments();
	} while (fd == -ENOENT);
	return fd < 0 ? complain_unlocked(fd) : fd;
}

int pins_remove_directory(void)
{
	char path[PATH_MAX];
	int err = 0;

	pins_path(path, ATTACHMENTS_LOCK);
	if ((rmdir(path) && errno != ENOENT) || (rmdir(opt.pins) && errno != ENOTEMPTY)) {
		err = -errno;
		complain("%s: cannot be removed: %s", opt.pins, strerror(-err));
	}
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
		complain_missing(path);
	else
		complain("%s: cannot be opened: %s%s", path, strerror(-err),
			 err == -EACCES || err == -EPERM ? "; root is needed" : "");
	return err;
}

int pins_remove(const char *name)
{
	char path[PATH_MAX];
	int err;

	pins_path(path, name);
	if (!unlink(path) || errno == ENOENT)
		return 0;
	err = -errno;
	complain("%s: %s", path, strerror(-err));
	return err;
}
