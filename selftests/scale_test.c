// SPDX-License-Identifier: GPL-2.0-only
/*
 * As many sessions as a table has room for by default, set up through the programs one by one, and
 * the share of them cut that a directive of 28,200 handsets would hit: how long that takes, and
 * that it is just those.
 *
 * usage: scale_test [SESSIONS]
 *
 * SESSIONS: 1000000 unless said otherwise, a tenth on a host with under 4 GiB of memory
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>
#include <time.h>

#include <xeir/ports.h>

#include "exchange.h"
#include "tap.h"

#define DATA 255
#define LIMIT_MS 1000 /* from the commit to the cut, of 1,000,000 sessions */

static const struct node sgw = { 0x0a630001, 0 }, pgw = { 0x0a630002, 0 };
static const struct xeir_side drop = { .action = XEIR_ACTION_DROP, .directive = 1 };
static unsigned int sessions = XEIR_SESSIONS_DEFAULT;

/* Every so many-th session is listed, until it is 28,200 of 1,000,000. */
#define STEP 35

static unsigned int listed_of_all(void)
{
	return sessions / 5000 * 141;
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

/* @n as decimal digits, low nibble first, behind what makes an IMEI or a number of them. */
static void digits(unsigned int n, unsigned char id[9])
{
	memcpy(id, "\x53\x27\x11\x11\x11\x11\x11\xf1", 9);
	for (int i = 3; i < 7; i++, n /= 100)
		id[i] = n % 10 << 4 | n / 10 % 10;
}

static struct pdn pdn_of(unsigned int n)
{
	static unsigned char id[9];
	const __u32 teid = 4 * (n + 1);

	digits(n, id);
	return (struct pdn){
		.imei = (const char *)id,
		.imsi = (const char *)id,
		.msisdn = (const char *)id,
		.control = { { teid, sgw }, { teid + 1, pgw } },
		.user = { { teid + 2, { 0x0a620001, 0 } }, { teid + 3, { 0x0a620002, 0 } } },
		.ebi = 5,
	};
}

static bool open_one(unsigned int n)
{
	const struct exchange x = { sgw, pgw, 40364, n & 0xffffff, 2 };
	const struct pdn p = pdn_of(n);
	unsigned char frame[1024];
	size_t len;

	create_request(&x, &p);
	msg_set_length();
	len = frame_message(&sgw, x.port, &pgw, XEIR_GTPC_PORT, frame);
	if (!tables_passes(false, frame, len))
		return false;
	create_answer(&x, &p, ACCEPTED_V2);
	msg_set_length();
	len = frame_message(&pgw, XEIR_GTPC_PORT, &sgw, x.port, frame);
	return tables_passes(true, frame, len);
}

static void open_all(void)
{
	const double start = seconds();
	unsigned int passed = 0;

	for (unsigned int n = 0; n < sessions; n++)
		passed += open_one(n);
	printf("# %u sessions set up in %.1f s\n", sessions, seconds() - start);
	tap_ok(passed == sessions, "all set-ups pass");
	tap_ok(tables_tally(XEIR_TALLY_STARTED) == sessions && !tables_tally(XEIR_TALLY_FULL),
	       "and are sessions");
	printf("# the maps take %llu MB, %llu octets a session\n", tables_octets() >> 20,
	       tables_octets() / sessions);
}

static struct xeir_cutting sweep(const char *what, double *ms)
{
	const double start = seconds();
	struct xeir_cutting swept = tables_sweep();

	*ms = (seconds() - start) * 1000;
	printf("# swept, %s: %.0f ms\n", what, *ms);
	return swept;
}

/* Of session @n, either way. */
static bool passes(unsigned int n, bool *stopped)
{
	const struct pdn p = pdn_of(n);
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

static void list_some(bool listed)
{
	const unsigned int some = listed_of_all();
	unsigned char id[9];

	for (unsigned int i = 0; i < some; i++) {
		digits(i * STEP, id);
		if (listed)
			tables_list(XEIR_KIND_IMEI, id, &drop);
		else
			tables_unlist(XEIR_KIND_IMEI, id);
	}
}

/* Newly listed, then no more; the time that it took to cut them. */
static double cut_and_free(bool probed)
{
	const unsigned int some = listed_of_all();
	struct xeir_cutting swept;
	double cut_ms, ms;

	list_some(true);
	swept = sweep("newly listed", &cut_ms);
	tap_ok(swept.sessions == sessions && swept.cut == some && !swept.ended,
	       "just what is listed is cut: %u of %u", swept.cut, swept.sessions);
	if (probed)
		probe("user traffic is stopped either way", true);
	list_some(false);
	swept = sweep("unlisted", &ms);
	tap_ok(!swept.cut && swept.freed == some && !swept.tunnels, "all are free again");
	return cut_ms;
}

static void cut(void)
{
	struct xeir_cutting swept;
	double ms, best;

	swept = sweep("nothing listed", &ms);
	tap_ok(swept.sessions == sessions && !swept.cut, "a sweep meets all of them");
	probe("nothing is stopped", false);
	best = cut_and_free(true);
	probe("nothing is stopped", false);
	/* others may have the processor */
	for (int i = 0; i < 2; i++) {
		ms = cut_and_free(false);
		best = ms < best ? ms : best;
	}
	tap_ok(best <= LIMIT_MS, "the cut takes a second at most");
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
	if (!tables_open(sessions, &why)) {
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
