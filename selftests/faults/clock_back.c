// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loaded in front of libc by LD_PRELOAD: to this process alone, the clock is an hour behind.
 */
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define BEHIND 3600

int clock_gettime(clockid_t clock, struct timespec *at)
{
	int err = syscall(SYS_clock_gettime, clock, at);

	if (!err && (clock == CLOCK_REALTIME || clock == CLOCK_TAI))
		at->tv_sec -= BEHIND;
	return err;
}

time_t time(time_t *at)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (at)
		*at = now.tv_sec;
	return now.tv_sec;
}
