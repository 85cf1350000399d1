// SPDX-License-Identifier: GPL-2.0-only
#include "clock.h"

uint64_t clock_tai_ns(void)
{
	struct timespec tai;

	clock_gettime(CLOCK_TAI, &tai);
	return (uint64_t)tai.tv_sec * 1000000000 + tai.tv_nsec;
}

struct timespec clock_of_tai(uint64_t tai_ns)
{
	struct timespec tai, real, at;

	clock_gettime(CLOCK_TAI, &tai);
	clock_gettime(CLOCK_REALTIME, &real);
	at.tv_sec = tai_ns / 1000000000 - (tai.tv_sec - real.tv_sec);
	/* the second ended between the two readings */
	if (real.tv_nsec < tai.tv_nsec)
		at.tv_sec--;
	at.tv_nsec = tai_ns % 1000000000;
	return at;
}
