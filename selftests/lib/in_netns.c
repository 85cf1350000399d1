// SPDX-License-Identifier: GPL-2.0-only
/*
 * in_netns NAME COMMAND...: run it in that network namespace, as nsenter --net does. Linked
 * statically, as in an emulated machine most of what nsenter takes is for its libraries.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char path[PATH_MAX];

	if (argc < 3) {
		fprintf(stderr, "usage: in_netns NAME COMMAND...\n");
		return 125;
	}
	snprintf(path, sizeof(path), "/run/netns/%s", argv[1]);
	if (setns(open(path, O_RDONLY | O_CLOEXEC), CLONE_NEWNET)) {
		perror(path);
		return 126;
	}
	execvp(argv[2], argv + 2);
	perror(argv[2]);
	return 127;
}
