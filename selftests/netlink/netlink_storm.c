// SPDX-License-Identifier: GPL-2.0-only
/* Readers, writers and writers that are killed, all at once. */
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "netlink/netlink_test.h"

#define BLOCK 500 /* IMEIs that are listed and unlisted together */
#define SECONDS 3
#define COMMITS 20 /* at least, by each writer; every third is an abort */

static bool ended(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec - start->tv_sec >= SECONDS;
}

/* The enforced block has one directive number throughout, another one after each commit. */
static bool write_block(struct client *c, uint32_t directive)
{
	struct nl_msg *m = request(c, XEIR_CMD_PUT, 0);
	struct xeir_side side = drop_side(directive);
	struct xeir_key key;

	for (int i = 0; i < BLOCK; i++) {
		key = imei(i);
		add_entry(m, &key, &side);
	}
	return !exchange(c, m).error;
}

static void rest(long microseconds)
{
	struct timespec moment = { .tv_nsec = microseconds * 1000 };

	nanosleep(&moment, NULL);
}

static int writer(const struct timespec *start)
{
	struct client *c = client_open();
	unsigned int done = 0;
	struct reply a;

	while (!ended(start) || done < COMMITS) {
		a = command(c, XEIR_CMD_BEGIN);
		if (a.error == -EBUSY) {
			rest(100);
			continue;
		}
		if (a.error || !write_block(c, a.value[XEIR_A_GENERATION]) ||
		    command(c, done % 3 ? XEIR_CMD_COMMIT : XEIR_CMD_ABORT).error)
			return 1;
		done++;
		rest(1000);
	}
	return 0;
}

/* Its transactions end at any point; each would put a number that no generation has. */
static int dying_writer(const struct timespec *start)
{
	unsigned int moment = 0;
	pid_t child;

	while (!ended(start)) {
		child = fork();
		if (!child) {
			struct client *c = client_open();

			while (command(c, XEIR_CMD_BEGIN).error == -EBUSY)
				rest(100);
			command(c, XEIR_CMD_FLUSH);
			write_block(c, -1);
			pause();
		}
		moment = (moment + 1700) % 30000;
		rest(moment);
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		rest(5000);
	}
	return 0;
}

static int reader(const struct timespec *start)
{
	struct client *c = client_open();
	unsigned int complete_dumps = 0;
	struct reply a;
	size_t i;

	while (!ended(start) || !complete_dumps) {
		a = dump(c);
		if (a.error)
			return 1;
		if (!a.interrupted) {
			for (i = 0; i < a.listed; i++)
				if (a.list[i].side.directive != a.list[0].side.directive ||
				    a.list[i].side.directive > a.value[XEIR_A_GENERATION])
					return 2;
			if (a.listed != BLOCK)
				return 3;
			complete_dumps++;
		}
		reply_free(&a);
	}
	return 0;
}

void test_storm(void)
{
	static int (*const parts[])(const struct timespec *) = {
		writer, writer, dying_writer, reader, reader,
	};
	enum { PARTS = sizeof(parts) / sizeof(*parts) };
	struct maps m = maps_new(2 * BLOCK);
	struct client *c = client_bound(&m);
	struct timespec start;
	pid_t child[PARTS];
	int i, status;

	command(c, XEIR_CMD_BEGIN);
	write_block(c, 1);
	is_done(command(c, XEIR_CMD_COMMIT), "a block of IMEIs is listed");
	clock_gettime(CLOCK_MONOTONIC, &start);
	for (i = 0; i < PARTS; i++) {
		child[i] = fork();
		if (!child[i])
			_exit(parts[i](&start));
	}
	for (i = 0; i < PARTS; i++) {
		waitpid(child[i], &status, 0);
		if (!point(!status, i < 2 ? "a writer among others goes on" :
				    i < 3 ? "another is killed again and again" :
					    "no dump without the flag has a mixture or a part"))
			printf("# status %#x\n", status);
	}
	point(maps_size(&m) == BLOCK && maps_control(&m).entries == BLOCK &&
		      !maps_control(&m).pending,
	      "nothing is left over, after %u commits", maps_control(&m).live);
	client_close(c);
	maps_close(&m);
}
