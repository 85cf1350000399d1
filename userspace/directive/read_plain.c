// SPDX-License-Identifier: GPL-2.0-only
/* One identifier a line. */
#include <errno.h>
#include <string.h>
#include "directive/directive_line.h"
#include "directive/reader.h"

static const char *behind_word(const char *first)
{
	__u8 kind;
	const char *behind = directive_line_behind_word(first, &kind);

	/* what a spreadsheet may put around digits */
	return behind ? behind : first + strspn(first, "='\"");
}

static bool matches(const char *first)
{
	const char *digits = behind_word(first);

	return *digits == '+' || (*digits >= '0' && *digits <= '9');
}

/* With a separator in the first line, a header is missing. */
static int check_first(struct reader *r, const char *first)
{
	const char *digits = behind_word(first);
	char end = digits[strcspn(digits, ",;|#")];

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
			      "found one identifier a line, expected the columns that --map names");
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
