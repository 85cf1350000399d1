/* SPDX-License-Identifier: GPL-2.0-only */
/* Programs have TAI, whose offset from the wall clock changes only at a leap second. */
#ifndef XEIR_LIB_CLOCK_H
#define XEIR_LIB_CLOCK_H

#include <stdint.h>
#include <time.h>

uint64_t clock_tai_ns(void);
struct timespec clock_of_tai(uint64_t tai_ns);

/* The same of whole seconds, and back. */
time_t clock_utc_of_tai(time_t tai);
time_t clock_tai_of_utc(time_t utc);

#endif /* XEIR_LIB_CLOCK_H */
