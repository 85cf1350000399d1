// SPDX-License-Identifier: GPL-2.0-only
/*
 * Swaps two lists, again and again, by the tool's own transports, while a child
 * asks the pinned XDP program about four of their handsets.
 *
 *	swap_probe SWAPS		by XEIR_PINS, XEIR_TRANSPORT (default: the tool's)
 *
 * List A drops the first and the last handset and watches the two between; list
 * B does the reverse. A message that names one of either kind is dropped by both
 * lists; by half of each it passes, and by an empty list too. The four stand at
 * both ends of a load, where one that is applied piece by piece shows longest.
 *
 * Prints the transport, the swaps done, the probes, and how many of them passed.
 */
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <linux/bpf.h>

#include "lib/judge.h"
#include "transport/transport_open.h"
#include "lib/say.h"
#include "lib/opt.h"

#define HANDSETS 200

struct probe {
	unsigned char frame[256];
	size_t octets;
};

static volatile sig_atomic_t stopping;

/* Handset @i of the lists; any number will do, as long as their keys come in order. */
static struct xeir_key handset(int i)
{
	return (struct xeir_key){ .kind = XEIR_KIND_IMEI,
				  .id = { 0x10, 0x03, i / 100 << 4 | i / 10 % 10, i % 10 } };
}

static void make_list(struct entry *list, __u8 ends, __u8 between)
{
	for (int i = 0; i < HANDSETS; i++) {
		list[i] = (struct entry){ .key = handset(i), .side.action = XEIR_ACTION_DROP };
		if (i == 0 || i == HANDSETS - 1)
			list[i].side.action = ends;
		else if (i == 1 || i == HANDSETS - 2)
			list[i].side.action = between;
	}
}

static void make_probe(struct probe *probe, int first, int second)
{
	static const unsigned char imsi[12] = { 1,    0,    8,	  0,	0x04, 0x04,
						0x01, 0x21, 0x43, 0x65, 0x87, 0xf9 };
	unsigned char msg[12 + 3 * 12] = { 0x48, 0x20, 0, sizeof(msg) - 4 };
	const int handsets[] = { first, second };

	for (int i = 0; i < 2; i++) {
		struct xeir_key key = handset(handsets[i]);
		unsigned char *ie = msg + 12 + 12 * i;

		ie[0] = 75;
		ie[2] = 8;
		memcpy(ie + 4, key.id, XEIR_IMEI_OCTETS);
		ie[4 + XEIR_IMEI_OCTETS] = 0xf0;
	}
	memcpy(msg + 12 + 2 * 12, imsi, sizeof(imsi));
	probe->octets = judge_wrap(msg, sizeof(msg), probe->frame);
}

static bool stopped(int program, const struct probe *probe)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = probe->frame,
		    .data_size_in = probe->octets);

	return !bpf_prog_test_run_opts(program, &opts) && opts.retval == XDP_DROP;
}

static void stop(int signal)
{
	(void)signal;
	stopping = 1;
}

/* The child: probes until it gets a signal, then writes its two figures. */
static int ask(int program, int out)
{
	unsigned long figures[2] = {};
	struct probe probes[2];

	signal(SIGTERM, stop);
	make_probe(&probes[0], 0, HANDSETS - 2);
	make_probe(&probes[1], 1, HANDSETS - 1);
	while (!stopping) {
		bool passed = !stopped(program, &probes[figures[0] & 1]);

		/* a signal ends a test run without a verdict */
		if (stopping)
			break;
		figures[1] += passed;
		figures[0]++;
	}
	return write(out, figures, sizeof(figures)) == sizeof(figures) ? 0 : 1;
}

static int make_equal(struct transport *t, const struct entry *list)
{
	struct outcome outcome;

	return t->ops->begin(t) || t->ops->put(t, list, HANDSETS) || t->ops->commit(t, &outcome);
}

static int swap(struct transport *t, int program, int swaps)
{
	struct entry lists[2][HANDSETS];
	unsigned long figures[2];
	int fd[2], done = 0;
	pid_t child;

	make_list(lists[0], XEIR_ACTION_DROP, XEIR_ACTION_WATCH);
	make_list(lists[1], XEIR_ACTION_WATCH, XEIR_ACTION_DROP);
	if (pipe(fd) || make_equal(t, lists[0]))
		return 1;
	child = fork();
	if (!child)
		_exit(ask(program, fd[1]));
	while (done < swaps && !make_equal(t, lists[(done + 1) & 1]))
		done++;
	kill(child, SIGTERM);
	if (read(fd[0], figures, sizeof(figures)) != sizeof(figures))
		return 1;
	waitpid(child, NULL, 0);
	printf("%s %d %lu %lu\n", t->ops->name, done, figures[0], figures[1]);
	return 0;
}

int main(int argc, char **argv)
{
	const char *transport = getenv("XEIR_TRANSPORT");
	char path[4096];
	struct transport *t;
	int program, status;

	opt.pins = getenv("XEIR_PINS");
	if (argc != 2 || !opt.pins) {
		fprintf(stderr, "usage: XEIR_PINS=DIR swap_probe SWAPS\n");
		return EXIT_BAD;
	}
	if (transport)
		opt.transport = strcmp(transport, "bpf") ? TRANSPORT_NETLINK : TRANSPORT_BPF;
	snprintf(path, sizeof(path), "%s/xeir_ingress", opt.pins);
	program = bpf_obj_get(path);
	t = program < 0 ? NULL : transport_open();
	if (!t) {
		perror(path);
		return EXIT_FAILED;
	}
	status = swap(t, program, atoi(argv[1]));
	t->ops->close(t);
	return status;
}
