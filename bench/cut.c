// SPDX-License-Identifier: GPL-2.0-only
/*
 * From the sweep's start, once a directive of 28,200 handsets is in the list, until all their
 * sessions, of 1,000,000, are cut.
 */
#include "bench.h"
#include "lib/many_sessions.h"

#define STEP 35

int main(void)
{
	const unsigned int sessions = shrunk(XEIR_SESSIONS_DEFAULT), listed = shrunk(28200);
	const char *why = "the programs cannot be loaded";
	struct xeir_cutting swept;
	double start;

	if (!tables_open(&(struct capacity){ TABLES_ROOM, .sessions = sessions }, &why))
		give_up("%s", why);
	for (unsigned int n = 0; n < sessions; n++)
		if (!many_sessions_set_up(n))
			give_up("a set-up was stopped");
	for (unsigned int round = 0; round < rounds(); round++) {
		many_sessions_list(listed, STEP, true);
		start = seconds();
		swept = tables_sweep();
		sample("cut.xeir", seconds() - start);
		if (swept.sessions != sessions || swept.cut != listed)
			give_up("cut %u of %u sessions, expected %u of %u", swept.cut,
				swept.sessions, listed, sessions);
		many_sessions_list(listed, STEP, false);
		swept = tables_sweep();
		if (swept.cut)
			give_up("%u sessions are still cut", swept.cut);
	}
	tables_close();
	return 0;
}
