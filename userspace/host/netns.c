// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/netns.h"

/* PROC_PID_INIT_INO of the kernel: from there all processes can be seen. */
#define FIRST_PID_NAMESPACE 0xeffffffc

struct search {
	char name[sizeof("net:[4294967295]")];
	char *path;
	bool is_partial;
	ino_t mounts[2]; /* mount namespaces that were read: that of this process, and the last one
			  */
};

__u32 netns_here(void)
{
	struct stat ns;

	return stat("/proc/self/ns/net", &ns) ? 0 : ns.st_ino;
}

/* A process that ended meanwhile has nothing. */
static void not_read(struct search *search, const char *path)
{
	struct stat there;
	bool is_gone = errno == ENOENT || errno == ESRCH;

	if (!is_gone && (!lstat(path, &there) || errno != ENOENT))
		search->is_partial = true;
}

/* Is the link search->path to the namespace? */
static bool refers(struct search *search)
{
	char target[sizeof(search->name) + 1];
	ssize_t len = readlink(search->path, target, sizeof(target) - 1);

	if (len < 0) {
		not_read(search, search->path);
		return false;
	}
	target[len] = '\0';
	return !strcmp(target, search->name);
}

/* Is one of the links @directory/NUMBER@suffix? */
static bool in_directory(struct search *search, const char *directory, const char *suffix)
{
	struct dirent *file;
	bool found = false;
	DIR *dir = opendir(directory);

	if (!dir) {
		not_read(search, directory);
		return false;
	}
	while (!found && (file = readdir(dir))) {
		if (!isdigit((unsigned char)*file->d_name))
			continue;
		snprintf(search->path, PATH_MAX, "%s/%s%s", directory, file->d_name, suffix);
		found = refers(search);
	}
	closedir(dir);
	return found;
}

/* A mount of it has its name for a root: ID PARENT DEVICE ROOT MOUNTPOINT... */
static bool in_mounts(struct search *search, const char *process, const char *outside)
{
	char file[NAME_MAX + 32], *line = NULL, *root, *point;
	bool found = false;
	struct stat ns;
	size_t size = 0;
	FILE *mounts;

	snprintf(file, sizeof(file), "%s/ns/mnt", process);
	if (!stat(file, &ns)) {
		if (ns.st_ino == search->mounts[0] || ns.st_ino == search->mounts[1])
			return false;
		search->mounts[*outside != '\0'] = ns.st_ino;
	}
	snprintf(file, sizeof(file), "%s/mountinfo", process);
	mounts = fopen(file, "re");
	if (!mounts) {
		not_read(search, file);
		return false;
	}
	while (!found && getline(&line, &size, mounts) > 0) {
		if (sscanf(line, "%*s %*s %*s %ms %ms", &root, &point) != 2)
			continue;
		found = !strcmp(root, search->name);
		if (found)
			snprintf(search->path, PATH_MAX, "%s%s", outside, point);
		free(root);
		free(point);
	}
	free(line);
	fclose(mounts);
	return found;
}

static bool in_process(struct search *search, const char *pid)
{
	char process[NAME_MAX + 8], path[NAME_MAX + 16];

	snprintf(process, sizeof(process), "/proc/%s", pid);
	snprintf(search->path, PATH_MAX, "%s/ns/net", process);
	if (refers(search))
		return true;
	snprintf(path, sizeof(path), "%s/task", process);
	if (in_directory(search, path, "/ns/net"))
		return true;
	snprintf(path, sizeof(path), "%s/fd", process);
	if (in_directory(search, path, ""))
		return true;
	snprintf(path, sizeof(path), "%s/root", process);
	return in_mounts(search, process, path);
}

static bool in_processes(struct search *search)
{
	struct dirent *file;
	bool found = false;
	DIR *dir = opendir("/proc");

	if (!dir) {
		not_read(search, "/proc");
		return false;
	}
	while (!found && (file = readdir(dir)))
		found = isdigit((unsigned char)*file->d_name) && in_process(search, file->d_name);
	closedir(dir);
	return found;
}

static bool sees_all_processes(void)
{
	struct stat ns;

	/* /proc may as well hide those of others */
	return !stat("/proc/self/ns/pid", &ns) && ns.st_ino == FIRST_PID_NAMESPACE &&
	       !access("/proc/1", F_OK);
}

enum netns_state netns_find(__u32 netns, char *path)
{
	struct search search = { .path = path };

	snprintf(search.name, sizeof(search.name), "net:[%u]", netns);
	/* first where `ip netns` has named it */
	if (in_mounts(&search, "/proc/self", "") || in_processes(&search))
		return NETNS_FOUND;
	return search.is_partial || !sees_all_processes() ? NETNS_UNKNOWN : NETNS_DELETED;
}
