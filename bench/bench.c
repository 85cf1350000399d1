// SPDX-License-Identifier: GPL-2.0-only
#include "bench.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BATCH 4096

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

void fill_list(int list, unsigned int n, void (*key)(__u32 n, struct xeir_key *key))
{
	static struct xeir_key keys[BATCH];
	static struct xeir_entry entries[BATCH];
	__u32 some;

	for (unsigned int i = 0; i < n; i += some) {
		some = n - i < BATCH ? n - i : BATCH;
		for (unsigned int k = 0; k < some; k++) {
			key(i + k, &keys[k]);
			entries[k].after.action = XEIR_ACTION_DROP;
		}
		if (bpf_map_update_batch(list, keys, entries, &some, NULL))
			give_up("the list cannot be filled");
	}
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
