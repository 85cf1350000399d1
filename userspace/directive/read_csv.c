// SPDX-License-Identifier: GPL-2.0-only
/* A table whose first line names its columns. */
#include <errno.h>
#include "directive/directive_line.h"
#include "directive/reader.h"

static bool matches(const char *first)
{
	return *first;
}

static int read_row(struct reader *r)
{
	enum csv_result result = csv_split(&r->csv);
	int err;

	r->n_rows++;
	if (result != CSV_DONE)
		return lines_fault(r, result);
	err = lines_check_record(r);
	if (err)
		return err;
	if (r->csv.n != r->n_columns)
		return fault(&r->faults, r->csv.first, 1,
			     "found %zu fields, expected %zu as in the header", r->csv.n,
			     r->n_columns);
	return directive_line_of_fields(r);
}

int read_csv_rows(struct reader *r)
{
	char *text;
	int more, err;

	while ((more = lines_next(r, &text)) == 1) {
		err = read_row(r);
		if (err && err != -EINVAL)
			return err;
	}
	return more;
}

static int read_table(struct reader *r, char *first)
{
	int err = csv_header_read(r);

	(void)first;
	return err ? err : read_csv_rows(r);
}

const struct format format_csv = { .name = "csv", .matches = matches, .read = read_table };
