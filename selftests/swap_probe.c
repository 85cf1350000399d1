// SPDX-License-Identifier: GPL-2.0-only
/*
 * Asks the pinned XDP program again and again about four handsets whose entries
 * two lists swap, until its standard input is closed.
 *
 *	swap_probe PINNED-PROGRAM IMEI1 IMEI2 IMEI3 IMEI4
 *
 * One list drops 1 and 4 and watches 2 and 3, the other the reverse. A message
 * with 1 and 2, or with 3 and 4, is dropped by either list; by half of each it
 * passes. Prints probes and how many of them passed.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <linux/bpf.h>

#include "judge.h"
#include "number.h"

struct probe {
	unsigned char frame[256];
	size_t octets;
};

static bool make_probe(struct probe *probe, const char *first, const char *second)
{
	unsigned char msg[12 + 2 * 12] = { 0x48, 0x20, 0, sizeof(msg) - 4 };
	const char *numbers[] = { first, second };

	for (int i = 0; i < 2; i++) {
		unsigned char *ie = msg + 12 + 12 * i;
		struct number_error error;
		struct xeir_key key;

		if (number_imei(numbers[i], strlen(numbers[i]), &key, &error))
			return false;
		ie[0] = 75;
		ie[2] = 8;
		memcpy(ie + 4, key.id, XEIR_IMEI_OCTETS);
		ie[4 + XEIR_IMEI_OCTETS] = 0xf0;
	}
	probe->octets = judge_wrap(msg, sizeof(msg), probe->frame);
	return true;
}

static bool stopped(int program, const struct probe *probe)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = probe->frame,
		    .data_size_in = probe->octets);

	return !bpf_prog_test_run_opts(program, &opts) && opts.retval == XDP_DROP;
}

int main(int argc, char **argv)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
	unsigned long probes = 0, passed = 0;
	struct probe pair[2];
	int program;

	if (argc != 6 || !make_probe(&pair[0], argv[2], argv[3]) ||
	    !make_probe(&pair[1], argv[4], argv[5])) {
		fprintf(stderr, "usage: swap_probe PINNED-PROGRAM IMEI1 IMEI2 IMEI3 IMEI4\n");
		return 2;
	}
	program = bpf_obj_get(argv[1]);
	if (program < 0) {
		perror(argv[1]);
		return 1;
	}
	while (!poll(&input, 1, 0)) {
		for (int i = 0; i < 200; i++, probes++)
			passed += !stopped(program, &pair[i & 1]);
	}
	printf("%lu %lu\n", probes, passed);
	return 0;
}
