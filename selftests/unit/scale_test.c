// SPDX-License-Identifier: GPL-2.0-only
/*
 * As many sessions as a table has room for by default, set up through the programs one by one, and
 * the share of them cut that a directive of 28,200 handsets would hit, and just those.
 *
 * usage: scale_test [SESSIONS]
 *
 * SESSIONS: 1000000 unless said otherwise, a tenth on a host with under 4 GiB of memory
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/sysinfo.h>

#include "lib/many_sessions.h"
#include "lib/tap.h"

#define DATA 255

static unsigned int sessions = XEIR_SESSIONS_DEFAULT;

/* Every STEP-th session is listed: 28,200 of 1,000,000. */
#define STEP 35

static unsigned int listed_of_all(void)
{
	return sessions / 5000 * 141;
}

static void open_all(void)
{
	unsigned int passed = 0;

	for (unsigned int n = 0; n < sessions; n++)
		passed += many_sessions_set_up(n);
	tap_ok(passed == sessions, "all set-ups pass");
	tap_ok(tables_tally(XEIR_TALLY_STARTED) == sessions && !tables_tally(XEIR_TALLY_FULL),
	       "and are sessions");
	printf("# the maps take %llu MB, %llu octets a session\n", tables_octets() >> 20,
	       tables_octets() / sessions);
}

/* Of session @n, either way. */
static bool passes(unsigned int n, bool *stopped)
{
	const struct pdn p = many_sessions_pdn(n);
	bool up, down;
	unsigned char frame[256];

	up = tables_passes(false, frame, frame_user(&p.user[XEIR_RESPONDER], DATA, frame));
	down = tables_passes(true, frame, frame_user(&p.user[XEIR_REQUESTER], DATA, frame));
	*stopped = !up && !down;
	return up && down;
}

static void probe(const char *what, bool listed_stop)
{
	const unsigned int some = listed_of_all();
	unsigned int right = 0, others = 0;
	bool stopped, passed;

	for (unsigned int i = 0; i < some; i++) {
		passed = passes(i * STEP, &stopped);
		right += listed_stop ? stopped : passed;
		others += passes(i * STEP + 1, &stopped);
	}
	tap_ok(right == some && others == some, "%s, of %u sessions, and %u others pass", what,
	       right, others);
}

/* Newly listed, then no more. */
static void cut(void)
{
	const unsigned int some = listed_of_all();
	struct xeir_cutting swept = tables_sweep();

	tap_ok(swept.sessions == sessions && !swept.cut, "a sweep meets all of them");
	probe("nothing is stopped", false);
	many_sessions_list(some, STEP, true);
	swept = tables_sweep();
	tap_ok(swept.sessions == sessions && swept.cut == some && !swept.ended,
	       "just what is listed is cut: %u of %u", swept.cut, swept.sessions);
	probe("user traffic is stopped either way", true);
	many_sessions_list(some, STEP, false);
	swept = tables_sweep();
	tap_ok(!swept.cut && swept.freed == some && !swept.tunnels, "all are free again");
	probe("nothing is stopped", false);
}

/* The tables take a gigabyte. */
static bool has_memory(void)
{
	struct sysinfo host;

	return !sysinfo(&host) && (__u64)host.totalram * host.mem_unit >> 30 >= 4;
}

int main(int argc, char **argv)
{
	const char *why = NULL;

	if (argc > 1)
		sessions = strtoul(argv[1], NULL, 10);
	else if (!has_memory())
		sessions /= 10;
	if (!tables_open(&(struct capacity){ TABLES_ROOM, .sessions = sessions }, &why)) {
		if (why)
			return tap_skip_all(why);
		tap_ok(false, "the programs are loaded");
		return tap_done();
	}
	open_all();
	cut();
	tables_close();
	return tap_done();
}
