// SPDX-License-Identifier: GPL-2.0-only
/* The lines of a text, and the faults that any line can have. */
#include <errno.h>
#include <string.h>
#include "directive/reader.h"

/* A file that has CR alone at its line ends is all one line. */
static int fault_of_cr(struct reader *r, unsigned int line)
{
	const char *cr = line == 1 ? memchr(r->csv.text, '\r', r->csv.len) : NULL;

	if (!cr)
		return 0;
	fault_of_file(&r->faults, line, cr - r->csv.text + 1,
		      "found a line end of CR alone, expected LF or CRLF");
	return FATAL;
}

static const char *separator_title(char separator)
{
	return separator == '\t' ? "a tab" : separator == ';' ? "a semicolon" : "a comma";
}

int lines_fault(struct reader *r, enum csv_result result)
{
	struct csv *csv = &r->csv;
	const struct csv_field *at = &csv->fields[csv->n < CSV_FIELDS_MAX ? csv->n : 0];

	switch (result) {
	case CSV_TOO_LONG:
		if (fault_of_cr(r, csv->line + 1))
			return FATAL;
		fault_of_file(&r->faults, csv->line + 1, 1,
			      "found a line of over %d octets, expected text", CSV_RECORD_MAX - 1);
		return FATAL;
	case CSV_OPEN_QUOTE:
		fault_of_file(&r->faults, at->line, at->column - 1,
			      "found a quote that is never closed, expected a second one");
		return FATAL;
	case CSV_BEHIND_QUOTE:
		return fault(&r->faults, at->line, at->column,
			     "found text behind a closing quote, expected %s",
			     separator_title(csv->separator));
	default:
		return fault(&r->faults, csv->first, 1, "found over %d fields, expected fewer",
			     CSV_FIELDS_MAX);
	}
}

int lines_check(struct reader *r)
{
	const struct csv *csv = &r->csv;

	if (csv->line == 1 && csv->len >= 2 &&
	    (!memcmp(csv->text, "\xff\xfe", 2) || !memcmp(csv->text, "\xfe\xff", 2))) {
		fault_of_file(&r->faults, 1, 1, "found UTF-16, expected UTF-8 or ASCII text");
		return FATAL;
	}
	if (fault_of_cr(r, csv->line))
		return FATAL;
	if (!csv->nul_line)
		return 0;
	return fault(&r->faults, csv->nul_line, csv->nul_column,
		     "found a NUL octet, expected text");
}

int lines_next(struct reader *r, char **text)
{
	enum csv_result result;

	while ((result = csv_line(&r->csv)) == CSV_DONE) {
		int err = lines_check(r);

		if (err == FATAL)
			return err;
		if (err) {
			r->n_rows++;
			continue;
		}
		*text = r->csv.text + strspn(r->csv.text, " \t");
		/* a spreadsheet writes rows of separators behind its data */
		if ((*text)[strspn(*text, " \t,;")] && **text != '#')
			return 1;
	}
	return result == CSV_TOO_LONG ? lines_fault(r, result) : 0;
}
