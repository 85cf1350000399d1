// SPDX-License-Identifier: GPL-2.0-only
#include "lib/progress.h"

#include <stdio.h>
#include <unistd.h>

#define STEP 20000
#define BAR 40

void progress_show(const char *what, size_t done, size_t all)
{
	static const char full[] = "########################################";
	int n = all ? BAR * done / all : 0;

	if (done % STEP && done != all)
		return;
	if (all < STEP && done < STEP)
		return;
	if (!isatty(STDERR_FILENO))
		return;
	if (all)
		fprintf(stderr, "\r%s [%-*.*s] %zu of %zu%s", what, BAR, n, full, done, all,
			done == all ? "\n" : "");
	else
		fprintf(stderr, "\r%s %zu", what, done);
}
