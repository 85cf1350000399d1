// SPDX-License-Identifier: GPL-2.0-only
#include "lib/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct writing {
	int (*write)(FILE *to, void *arg);
	void *arg;
};

static int write_out(int fd, const struct writing *writing)
{
	FILE *to = fdopen(fd, "w");
	int err = 0;

	if (!to) {
		err = -errno;
		close(fd);
		return err;
	}
	err = writing->write(to, writing->arg);
	/* a pipe or a terminal keeps nothing that could be synced */
	if (!err && (fflush(to) || ferror(to) || (fsync(fd) && errno != EINVAL)))
		err = -errno;
	if (fclose(to) && !err)
		err = -errno;
	return err;
}

/* A file's name is as durable as its directory. */
static int sync_directory(const char *path)
{
	char copy[PATH_MAX];
	int fd, err;

	snprintf(copy, sizeof(copy), "%s", path);
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = fsync(fd) ? -errno : 0;
	close(fd);
	return err;
}

static int write_beside(const char *path, const struct writing *writing)
{
	char temporary[PATH_MAX + sizeof(".XXXXXX")];
	int fd, err;

	snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path);
	fd = mkstemp(temporary); /* mode 0600 */
	if (fd < 0)
		return -errno;
	err = write_out(fd, writing);
	if (!err && rename(temporary, path))
		err = -errno;
	if (err)
		unlink(temporary);
	return err ? err : sync_directory(path);
}

bool outfile_is_regular(const char *path)
{
	struct stat st;

	return stat(path, &st) || S_ISREG(st.st_mode);
}

/* A rename would put a file in the place of a device, a FIFO or a symbolic link. */
int outfile_write(const char *path, int (*write)(FILE *to, void *arg), void *arg)
{
	const struct writing writing = { write, arg };
	char real[PATH_MAX];
	struct stat st;
	int fd;

	if (lstat(path, &st))
		return errno == ENOENT ? write_beside(path, &writing) : -errno;
	if (stat(path, &st))
		return -errno;
	if (S_ISREG(st.st_mode))
		return realpath(path, real) ? write_beside(real, &writing) : -errno;
	fd = open(path, O_WRONLY | O_CLOEXEC);
	return fd < 0 ? -errno : write_out(fd, &writing);
}
