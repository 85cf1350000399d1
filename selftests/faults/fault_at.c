// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loaded in front of libc by LD_PRELOAD: a process meets its fate at its n-th call of those that
 * change the journal or the maps.
 *
 *   FAULT_AT=N        which one, from 1; 0: none
 *   FAULT=kill|fail|stop
 *   FAULT_OF=all|disk|maps|bpf|batch|netlink|grace|link|rename
 *                     which calls count: writes and syncs of files, the rest, and of that
 *                     bpf(2), bpf(2) with many entries of the list, messages to the module, the
 *                     wait for the programs, bpf(2) that gives a link its next program, and
 *                     renames, as of pins
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <linux/bpf.h>
#include <linux/genetlink.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static long calls;

static bool counts(const char *kind)
{
	const char *of = getenv("FAULT_OF");

	return !of || !strcmp(of, "all") || !strcmp(of, kind) ||
	       (!strcmp(of, "maps") && strcmp(kind, "disk"));
}

/* True: the call is to fail. */
static bool meets_fault(const char *kind)
{
	const char *at = getenv("FAULT_AT"), *fault = getenv("FAULT");

	if (!counts(kind) || ++calls != (at ? atol(at) : 0))
		return false;
	if (fault && !strcmp(fault, "fail"))
		return true;
	kill(getpid(), fault && !strcmp(fault, "stop") ? SIGSTOP : SIGKILL);
	return false;
}

#define REAL(name) ((typeof(&name))dlsym(RTLD_NEXT, #name))

int fsync(int fd)
{
	if (!meets_fault("disk"))
		return REAL(fsync)(fd);
	errno = EIO;
	return -1;
}

int fdatasync(int fd)
{
	if (!meets_fault("disk"))
		return REAL(fdatasync)(fd);
	errno = EIO;
	return -1;
}

ssize_t pwrite64(int fd, const void *from, size_t n, off64_t at)
{
	if (!meets_fault("disk"))
		return REAL(pwrite64)(fd, from, n, at);
	errno = ENOSPC;
	return -1;
}

ssize_t pwrite(int fd, const void *from, size_t n, off_t at)
{
	return pwrite64(fd, from, n, at);
}

int ftruncate64(int fd, off64_t n)
{
	if (!meets_fault("disk"))
		return REAL(ftruncate64)(fd, n);
	errno = EIO;
	return -1;
}

int unlink(const char *path)
{
	if (!meets_fault("disk"))
		return REAL(unlink)(path);
	errno = EIO;
	return -1;
}

int rename(const char *from, const char *to)
{
	if (!meets_fault("rename"))
		return REAL(rename)(from, to);
	errno = EIO;
	return -1;
}

ssize_t sendto(int fd, const void *from, size_t n, int flags, const struct sockaddr *to,
	       socklen_t octets)
{
	const struct nlmsghdr *message = from;

	if (!to || to->sa_family != AF_NETLINK || message->nlmsg_type <= GENL_ID_CTRL ||
	    message->nlmsg_flags & NLM_F_DUMP || !meets_fault("netlink"))
		return REAL(sendto)(fd, from, n, flags, to, octets);
	errno = EIO;
	return -1;
}

/* NULL: it changes nothing. */
static const char *kind_of(long number, long command)
{
	if (number == SYS_membarrier)
		return "grace";
	if (number != SYS_bpf)
		return NULL;
	switch (command) {
	case BPF_MAP_UPDATE_BATCH:
	case BPF_MAP_DELETE_BATCH:
		return "batch";
	case BPF_LINK_UPDATE:
		return "link";
	case BPF_MAP_UPDATE_ELEM:
	case BPF_MAP_DELETE_ELEM:
	case BPF_OBJ_PIN:
	case BPF_LINK_CREATE:
	case BPF_PROG_TEST_RUN:
		return "bpf";
	default:
		return NULL;
	}
}

long syscall(long number, ...)
{
	long a[6];
	va_list args;
	const char *kind;

	va_start(args, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(args, long);
	va_end(args);
	kind = kind_of(number, a[0]);
	if (!kind || !meets_fault(kind))
		return REAL(syscall)(number, a[0], a[1], a[2], a[3], a[4], a[5]);
	errno = EIO;
	return -1;
}
