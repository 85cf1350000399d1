// SPDX-License-Identifier: GPL-2.0-only
#include "lib/clock.h"

uint64_t clock_tai_ns(void)
{
	struct timespec tai;

	clock_gettime(CLOCK_TAI, &tai);
	return (uint64_t)tai.tv_sec * 1000000000 + tai.tv_nsec;
}

/* Seconds that TAI is ahead of the wall clock. */
static time_t ahead(void)
{
	struct timespec tai, real;

	clock_gettime(CLOCK_TAI, &tai);
	clock_gettime(CLOCK_REALTIME, &real);
	/* the second may have ended between the two readings */
	return tai.tv_sec - real.tv_sec + (real.tv_nsec < tai.tv_nsec);
}

time_t clock_utc_of_tai(time_t tai)
{
	return tai - ahead();
}

time_t clock_tai_of_utc(time_t utc)
{
	return utc + ahead();
}

struct timespec clock_of_tai(uint64_t tai_ns)
{
	return (struct timespec){
		.tv_sec = clock_utc_of_tai(tai_ns / 1000000000),
		.tv_nsec = tai_ns % 1000000000,
	};
}
