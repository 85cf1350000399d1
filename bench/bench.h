/* SPDX-License-Identifier: GPL-2.0-only */
/* What the measuring programs share. One that cannot measure what it should says why, and ends. */
#ifndef XEIR_BENCH_H
#define XEIR_BENCH_H

#include <stddef.h>

#include <xeir/maps.h>

#define FRAME_OCTETS 1024

struct frame {
	unsigned char octets[FRAME_OCTETS];
	size_t len;
};

__attribute__((noreturn, format(printf, 1, 2))) void give_up(const char *format, ...);

/* BENCH_ROUNDS, and @n divided by BENCH_SHRINK, but 1 at least. */
unsigned int rounds(void);
unsigned int shrunk(unsigned int n);

/* Of the clock, and that this thread had the processor. */
double seconds(void);
double cpu_seconds(void);

/* The handsets 0 to @n - 1, as @key makes them, to be dropped by the empty map @list. */
void fill_list(int list, unsigned int n, void (*key)(__u32 n, struct xeir_key *key));

/* Run @program on each of @n frames so often; nanoseconds a packet. @returns: what it must say. */
double ns_a_packet(int program, const struct frame *frames, unsigned int n, unsigned int repeat,
		   int returns);

void sample(const char *name, double value);

#endif /* XEIR_BENCH_H */
