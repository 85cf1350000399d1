// SPDX-License-Identifier: GPL-2.0-only
/*
 * A sweep that does not end before the test lets it: it reads a page that userfaultfd withholds.
 * A COMMIT meanwhile waits for it with the namespace locked, so that what needs this lock, and
 * what must not, is seen without measuring time.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/netlink.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "netlink/netlink_test.h"

#define PAGE 4096
#define SECONDS 10 /* until what should come is given up */
#define CLOSES 1000

struct held {
	struct maps maps;
	int cutting;
	void *page;
	int fault; /* the userfaultfd */
};

static void withhold_page(struct held *h)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register range = { .mode = UFFDIO_REGISTER_MODE_MISSING };

	h->page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	h->fault = syscall(SYS_userfaultfd, O_CLOEXEC);
	range.range.start = (unsigned long)h->page;
	range.range.len = PAGE;
	if (ioctl(h->fault, UFFDIO_API, &api) || ioctl(h->fault, UFFDIO_REGISTER, &range))
		perror("userfaultfd");
}

static void supply_page(struct held *h)
{
	struct uffdio_zeropage zero = { .range = { (unsigned long)h->page, PAGE } };

	if (ioctl(h->fault, UFFDIO_ZEROPAGE, &zero))
		perror("UFFDIO_ZEROPAGE");
}

/* Counts its runs as @sessions, reads the page, and then counts them as @ended. */
static int program_new(const struct held *h)
{
	const unsigned long page = (unsigned long)h->page;
	const struct bpf_insn insns[] = {
		{ .code = BPF_LD | BPF_DW | BPF_IMM,
		  .dst_reg = BPF_REG_7,
		  .src_reg = BPF_PSEUDO_MAP_FD,
		  .imm = h->maps.list },
		{},
		{ .code = BPF_LD | BPF_DW | BPF_IMM,
		  .dst_reg = BPF_REG_6,
		  .src_reg = BPF_PSEUDO_MAP_VALUE,
		  .imm = h->cutting },
		{},
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_7, .imm = 1 },
		{ .code = BPF_STX | BPF_ATOMIC | BPF_W,
		  .dst_reg = BPF_REG_6,
		  .src_reg = BPF_REG_7,
		  .off = offsetof(struct xeir_cutting, sessions),
		  .imm = BPF_ADD },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_X,
		  .dst_reg = BPF_REG_1,
		  .src_reg = BPF_REG_10 },
		{ .code = BPF_ALU64 | BPF_ADD | BPF_K, .dst_reg = BPF_REG_1, .imm = -8 },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_2, .imm = 8 },
		{ .code = BPF_LD | BPF_DW | BPF_IMM, .dst_reg = BPF_REG_3, .imm = page },
		{ .imm = page >> 32 },
		{ .code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_copy_from_user },
		{ .code = BPF_STX | BPF_ATOMIC | BPF_W,
		  .dst_reg = BPF_REG_6,
		  .src_reg = BPF_REG_7,
		  .off = offsetof(struct xeir_cutting, ended),
		  .imm = BPF_ADD },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .prog_flags = BPF_F_SLEEPABLE);

	return bpf_prog_load(BPF_PROG_TYPE_SYSCALL, XEIR_SWEEP_NAME, "GPL", insns,
			     sizeof(insns) / sizeof(*insns), &opts);
}

/* Exactly one sweep was begun, and has not ended. */
static bool is_held(const struct held *h)
{
	struct xeir_cutting found = {};
	__u32 first = 0;

	bpf_map_lookup_elem(h->cutting, &first, &found);
	return found.sessions == 1 && !found.ended;
}

/* In this process, as a child would have the page. */
static void *held_commit(void *client)
{
	return (void *)(intptr_t)list_and(client, 1, XEIR_CMD_COMMIT).error;
}

static pid_t commit_child(void)
{
	pid_t child = fork();

	if (!child)
		_exit(!!list_and(client_open(), 2, XEIR_CMD_COMMIT).error);
	return child;
}

/* Is that process between the lock and unlock of the namespace for COMMIT? */
static bool is_committing(pid_t child)
{
	char path[32], stack[4096] = "";
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stack", child);
	f = fopen(path, "r");
	if (!f)
		return false;
	stack[fread(stack, 1, sizeof(stack) - 1, f)] = '\0';
	fclose(f);
	return strstr(stack, "xeir_list_commit");
}

static long now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Opens and closes sockets that own nothing; *longest_us is shared with it. */
static pid_t closing_child(long *longest_us)
{
	struct sockaddr_nl any = { .nl_family = AF_NETLINK };
	pid_t child = fork();
	long start, took;
	int i, fd;

	if (child)
		return child;
	for (i = 0; i < CLOSES; i++) {
		fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
		/* Only one with a port is reported to the module when it closes. */
		if (bind(fd, (struct sockaddr *)&any, sizeof(any)))
			_exit(1);
		start = now_us();
		close(fd);
		took = now_us() - start;
		if (took > *longest_us)
			*longest_us = took;
	}
	_exit(0);
}

static void rest(void)
{
	struct timespec moment = { .tv_nsec = 10000000 };

	nanosleep(&moment, NULL);
}

static bool ends_well(pid_t child)
{
	int status;

	for (int i = 0; i < SECONDS * 100; i++) {
		if (waitpid(child, &status, WNOHANG) == child)
			return WIFEXITED(status) && !WEXITSTATUS(status);
		rest();
	}
	return false;
}

/* The caller knows that @committing has the namespace locked, until the page is supplied. */
static pid_t close_sockets(const struct held *h, pid_t committing)
{
	long *longest_us = mmap(NULL, sizeof(*longest_us), PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t child = closing_child(longest_us);
	bool closed = ends_well(child);

	point(closed && is_committing(committing) && is_held(h),
	      "%d generic netlink sockets close while the namespace is locked", CLOSES);
	if (closed)
		printf("# the longest close took %ld us\n", *longest_us);
	munmap(longest_us, sizeof(*longest_us));
	return closed ? 0 : child;
}

void test_held_sweep(void)
{
	struct held h = { .maps = maps_new(8) };
	struct client *c, *d;
	pthread_t thread;
	void *error;
	pid_t child, closing;
	int i, sweep;

	new_netns();
	c = client_open();
	d = client_open();
	h.cutting = cutting_new("xeir_cutting");
	withhold_page(&h);
	sweep = program_new(&h);
	is_done(bind_sweep(c, &h.maps, -1, sweep), "BIND with a sweep that can be held");

	pthread_create(&thread, NULL, held_commit, d);
	for (i = 0; i < SECONDS * 100 && !is_held(&h); i++)
		rest();
	point(is_held(&h) && maps_control(&h.maps).live == 1,
	      "COMMIT makes its generation live, and is held in its sweep");
	child = commit_child();
	for (i = 0; i < SECONDS * 100 && !is_committing(child); i++)
		rest();
	point(is_committing(child), "another client's COMMIT has begun");
	/* Time for one that did not wait to go on. */
	for (i = 0; i < 50 && is_committing(child); i++)
		rest();
	point(is_committing(child) && is_held(&h) && maps_control(&h.maps).live == 1,
	      "and waits for the sweep before it makes its generation live");
	closing = close_sockets(&h, child);

	supply_page(&h);
	pthread_join(thread, &error);
	point(!error, "the sweep goes on, and the first COMMIT responds");
	point(ends_well(child) && maps_control(&h.maps).live == 2, "and then the second");
	if (closing)
		waitpid(closing, NULL, 0);
	is_done(command(c, XEIR_CMD_UNBIND), "UNBIND");

	close(sweep);
	close(h.cutting);
	close(h.fault);
	munmap(h.page, PAGE);
	client_close(c);
	client_close(d);
	maps_close(&h.maps);
}
