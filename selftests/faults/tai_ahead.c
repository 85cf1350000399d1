// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loaded in front of libc by LD_PRELOAD: to this process alone, TAI is AHEAD seconds further
 * ahead of the wall clock. The kernel's own offset is the whole host's.
 */
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define AHEAD 37

int clock_gettime(clockid_t clock, struct timespec *at)
{
	int err = syscall(SYS_clock_gettime, clock, at);

	if (!err && clock == CLOCK_TAI)
		at->tv_sec += AHEAD;
	return err;
}
