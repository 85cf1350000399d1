/* SPDX-License-Identifier: GPL-2.0-only */
/* Test Anything Protocol, for test programs in C. The plan comes last. */
#ifndef XEIR_TAP_H
#define XEIR_TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

#define TAP_SKIP_ALL	4	/* exit status of kselftest */

static int tap_points, tap_failures;

static inline bool __attribute__((format(printf, 2, 3))) tap_ok(bool ok, const char *what, ...)
{
	va_list args;

	if (!ok)
		tap_failures++;
	printf("%sok %d - ", ok ? "" : "not ", ++tap_points);
	va_start(args, what);
	vprintf(what, args);
	va_end(args);
	putchar('\n');
	return ok;
}

static inline void tap_skip(const char *what, const char *why)
{
	printf("ok %d - %s # SKIP %s\n", ++tap_points, what, why);
}

static inline int tap_skip_all(const char *why)
{
	printf("1..0 # SKIP %s\n", why);
	return TAP_SKIP_ALL;
}

/* The exit status of the program. */
static inline int tap_done(void)
{
	printf("1..%d\n", tap_points);
	return tap_failures ? 1 : 0;
}

#endif /* XEIR_TAP_H */
