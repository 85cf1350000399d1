// SPDX-License-Identifier: GPL-2.0-only
#include "lib/csv_write.h"

#include <stdbool.h>
#include <string.h>

#define DIGITS "0123456789"

static bool is_number(const char *text)
{
	size_t digits;

	text += *text == '+' || *text == '-';
	digits = strspn(text, DIGITS);
	text += digits;
	if (*text == '.')
		text += 1 + strspn(text + 1, DIGITS);
	return digits && !*text;
}

/* The apostrophe too, so that one that was there is told from one that was put there. */
static bool needs_mark(const char *text)
{
	static const char *const starts[] = { "=",  "+", "-",  "@",  "\t", "\r",
					      "\n", "'", "＝", "＋", "－", "＠" };

	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		if (!strncmp(text, starts[i], strlen(starts[i])))
			return !is_number(text);
	return false;
}

static void write_field(FILE *to, const char *text)
{
	bool mark = needs_mark(text);

	if (!strpbrk(text, ",\"\r\n")) {
		fprintf(to, "%s%s", mark ? "'" : "", text);
		return;
	}
	fputs(mark ? "\"'" : "\"", to);
	for (; *text; text++) {
		if (*text == '"')
			putc('"', to);
		putc(*text, to);
	}
	putc('"', to);
}

void csv_write_row(FILE *to, const char *const fields[], size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (i)
			putc(',', to);
		write_field(to, fields[i]);
	}
	putc('\n', to);
}

const char *csv_without_mark(const char *field)
{
	return *field == '\'' && needs_mark(field + 1) ? field + 1 : field;
}
