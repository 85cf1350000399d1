// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/verb.h"

#include <stdio.h>

#include "lib/say.h"

int bad_usage(const struct verb *verb, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vcomplain(format, args);
	va_end(args);
	fprintf(stderr, "usage: xeir %s%s%s\ntry: xeir %s --help\n", verb->name,
		*verb->usage ? " " : "", verb->usage, verb->name);
	return EXIT_BAD;
}

int bad_call(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vcomplain(format, args);
	va_end(args);
	fputs("try: xeir --help\n", stderr);
	return EXIT_BAD;
}
