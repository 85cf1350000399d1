// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include "directive/faults.h"
#include "lib/opt.h"
#include "lib/say.h"

#define FOUND "found "
#define EXPECTED ", expected "

/* What was expected never quotes the file, so the last one of these words is not from it. */
static char *find_expected(char *text)
{
	char *at = NULL;

	for (char *next = strstr(text, EXPECTED); next; next = strstr(next + 1, EXPECTED))
		at = next;
	return at;
}

static void add_json(struct faults *faults, unsigned int line, unsigned int column, char *text)
{
	char *expected = find_expected(text);

	if (!expected)
		return;
	*expected = '\0';
	if (!faults->array)
		faults->array = json_array();
	json_array_append_new(faults->array,
			      json_pack("{s:o, s:I, s:I, s:s, s:s}", "file",
					json_of_text(faults->path), "line", (json_int_t)line,
					"column", (json_int_t)column, "found", text + strlen(FOUND),
					"expected", expected + strlen(EXPECTED)));
}

static void report(struct faults *faults, unsigned int line, unsigned int column,
		   const char *format, va_list args)
{
	char text[320];

	faults->n_reported++;
	vsnprintf(text, sizeof(text), format, args);
	fprintf(stderr, "%s:%u:%u: %s\n", faults->path, line, column, text);
	if (opt.json)
		add_json(faults, line, column, text);
}

int fault(struct faults *faults, unsigned int line, unsigned int column, const char *format, ...)
{
	size_t before = faults->n++;
	va_list args;

	/* a second reading of the file reports nothing again */
	if (before >= FAULTS_REPORTED || before < faults->n_reported)
		return -EINVAL;
	va_start(args, format);
	report(faults, line, column, format, args);
	va_end(args);
	return -EINVAL;
}

int fault_of_file(struct faults *faults, unsigned int line, unsigned int column, const char *format,
		  ...)
{
	va_list args;

	faults->n++;
	va_start(args, format);
	report(faults, line, column, format, args);
	va_end(args);
	return -EINVAL;
}
