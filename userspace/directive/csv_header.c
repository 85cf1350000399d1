// SPDX-License-Identifier: GPL-2.0-only
/* The header line of a table: its columns and their separator. */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <strings.h>
#include "directive/reader.h"
#include "lib/quote.h"

static void warn_of_unknown(struct reader *r)
{
	char name[QUOTE_TEXT];
	const char *separator = "";

	fprintf(stderr,
		"xeir: warning: %s: columns that are not known are left out: ", r->faults.path);
	for (size_t i = 0; i < r->n_columns; i++) {
		const struct csv_field *field = &r->csv.fields[i];

		if (r->columns[i] != COLUMN_UNKNOWN || !field->len)
			continue;
		fprintf(stderr, "%s%s", separator, quote(name, field->text, field->len));
		separator = ", ";
	}
	fputc('\n', stderr);
}

/* A header without a column of identifiers. */
static int fault_of_header(struct reader *r)
{
	const struct csv *csv = &r->csv;
	char found[QUOTE_TEXT];

	for (size_t i = 0; i < csv->n; i++) {
		const struct csv_field *field = &csv->fields[i];

		if (!memmem(field->text, field->len, "imei", 4) &&
		    !memmem(field->text, field->len, "IMEI", 4))
			continue;
		fault_of_file(&r->faults, field->line, field->column,
			      "found column %s, expected \"imei\"",
			      quote(found, field->text, field->len));
		return FATAL;
	}
	fault_of_file(
		&r->faults, csv->first, 1,
		"found %s, expected a header line with a column \"imei\", or one identifier a line",
		quote(found, csv->text, csv->len));
	return FATAL;
}

static int check_unknown(struct reader *r)
{
	char found[QUOTE_TEXT];

	for (size_t i = 0; i < r->n_columns; i++) {
		const struct csv_field *field = &r->csv.fields[i];
		const char *expected = r->columns[i] == COLUMN_UNKNOWN ?
					       columns_expected(field->text, field->len) :
					       NULL;

		if (!expected)
			continue;
		fault_of_file(&r->faults, field->line, field->column,
			      "found column %s, expected %s", quote(found, field->text, field->len),
			      expected);
		return FATAL;
	}
	return 0;
}

static int check_mapped(struct reader *r)
{
	const char *name;
	char expected[QUOTE_TEXT];

	for (size_t i = 0; (name = columns_mapped(i)); i++) {
		size_t len = strlen(name), at = 0;

		while (at < r->csv.n && (r->csv.fields[at].len != len ||
					 strncasecmp(r->csv.fields[at].text, name, len)))
			at++;
		if (at < r->csv.n)
			continue;
		fault_of_file(&r->faults, r->csv.first, 1,
			      "found no column of that name, expected %s as in --map",
			      quote(expected, name, len));
		return FATAL;
	}
	return 0;
}

static int take_columns(struct reader *r, bool seen[N_COLUMNS])
{
	r->n_columns = r->csv.n;
	for (size_t i = 0; i < r->csv.n; i++) {
		const struct csv_field *field = &r->csv.fields[i];
		enum column column = columns_find(field->text, field->len);

		if (column > COLUMN_IMEI && seen[column]) {
			fault_of_file(&r->faults, field->line, field->column,
				      "found a second column \"%s\", expected one",
				      columns_name(column));
			return FATAL;
		}
		if (column != COLUMN_UNKNOWN || field->len)
			seen[column] = true;
		r->columns[i] = column;
	}
	return 0;
}

int csv_header_read(struct reader *r)
{
	bool seen[N_COLUMNS] = { false };
	enum csv_result result;

	lines_find_separator(&r->csv);
	result = csv_split(&r->csv);
	if (result != CSV_DONE) {
		lines_fault(r, result);
		return FATAL;
	}
	if (take_columns(r, seen) || check_mapped(r))
		return FATAL;
	if (!seen[COLUMN_IMEI] && !seen[COLUMN_TAC] && !seen[COLUMN_IMSI] && !seen[COLUMN_MSISDN])
		return fault_of_header(r);
	if (check_unknown(r))
		return FATAL;
	if (seen[COLUMN_UNKNOWN])
		warn_of_unknown(r);
	r->directive->metadata.delta |= seen[COLUMN_CHANGE];
	return 0;
}
