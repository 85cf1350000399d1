// SPDX-License-Identifier: GPL-2.0-only
/* One number a line. */
#include <errno.h>
#include <string.h>
#include "directive/directive_line.h"
#include "directive/reader.h"

static const char *behind_word(const char *first)
{
	__u8 kind;
	const char *number = directive_line_behind_word(first, &kind);

	/* what a spreadsheet may put around a number */
	return number ? number : first + strspn(first, "='\"");
}

static bool matches(const char *first)
{
	const char *number = behind_word(first);

	return *number == '+' || (*number >= '0' && *number <= '9');
}

/* With a separator in the first line, a header is missing. */
static int check_first(struct reader *r, const char *first)
{
	const char *number = behind_word(first);
	char end = number[strcspn(number, ",;#")];

	if (*first != '"' && (!end || end == '#'))
		return 0;
	fault_of_file(&r->faults, r->csv.line, 1,
		      "found a row, expected a header line with a column \"imei\" first");
	return FATAL;
}

static int read_lines(struct reader *r, char *first)
{
	int err = check_first(r, first), more = 1;

	if (!err && columns_mapped(0)) {
		fault_of_file(&r->faults, r->csv.line, 1,
			      "found one number a line, expected the columns that --map names");
		err = FATAL;
	}
	if (err)
		return err;
	while (more == 1) {
		r->n_rows++;
		err = directive_line_of_text(r, first);
		if (err && err != -EINVAL)
			return err;
		more = lines_next(r, &first);
	}
	return more;
}

const struct format format_plain = { .name = "plain", .matches = matches, .read = read_lines };
