// SPDX-License-Identifier: GPL-2.0-only
#include "bench.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void give_up(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("bench: ", stderr);
	vfprintf(stderr, format, args);
	fputs("\n", stderr);
	va_end(args);
	exit(1);
}

static unsigned int number(const char *name, unsigned int otherwise)
{
	const char *value = getenv(name);

	return value ? strtoul(value, NULL, 10) : otherwise;
}

unsigned int rounds(void)
{
	return number("BENCH_ROUNDS", 7);
}

unsigned int shrunk(unsigned int n)
{
	n /= number("BENCH_SHRINK", 1);
	return n ? n : 1;
}

static double now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

double seconds(void)
{
	return now(CLOCK_MONOTONIC);
}

double cpu_seconds(void)
{
	return now(CLOCK_THREAD_CPUTIME_ID);
}

double ns_a_packet(int program, const struct frame *frames, unsigned int n, unsigned int repeat,
		   int returns)
{
	const double start = cpu_seconds();

	for (unsigned int i = 0; i < n; i++) {
		LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frames[i].octets,
			    .data_size_in = frames[i].len, .repeat = repeat);

		if (bpf_prog_test_run_opts(program, &opts))
			give_up("a program cannot be run");
		if ((int)opts.retval != returns)
			give_up("a program said %u, expected %d", opts.retval, returns);
	}
	return (cpu_seconds() - start) * 1e9 / n / repeat;
}

void sample(const char *name, double value)
{
	printf("%s %.9g\n", name, value);
}
