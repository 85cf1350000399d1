// SPDX-License-Identifier: GPL-2.0-only
/* The lines of a text, and the faults that any line can have. */
#include <errno.h>
#include <string.h>
#include <strings.h>
#include <xeir/list.h>
#include "directive/reader.h"
#include "lib/identifier.h"
#include "lib/quote.h"

#define SEPARATORS ",;\t|"

/* The first of these outside of quotes, or NUL. */
static char find_first(const char *text, const char *separators)
{
	bool quoted = false;

	for (; *text; text++) {
		quoted ^= *text == '"';
		if (!quoted && strchr(separators, *text))
			return *text;
	}
	return '\0';
}

/* A bar may also stand in the name of a column. */
void lines_find_separator(struct csv *csv)
{
	if (!csv->separator)
		csv->separator = find_first(csv->text, ",;\t") ?: find_first(csv->text, "|");
	if (!csv->separator)
		csv->separator = ',';
}

int lines_separator_declared(struct reader *r, const char *text)
{
	char found[QUOTE_TEXT];

	if (strncasecmp(text, "sep=", strlen("sep=")) != 0)
		return 0;
	text += strlen("sep=");
	if (!*text || !strchr(SEPARATORS, *text) || text[1]) {
		fault_of_file(&r->faults, r->csv.line, text - r->csv.text + 1,
			      "found separator %s, expected a comma, a semicolon, a tab or a bar",
			      quote(found, text, strlen(text)));
		return FATAL;
	}
	r->csv.separator = *text;
	return 1;
}

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
	switch (separator) {
	case '\t':
		return "a tab";
	case ';':
		return "a semicolon";
	case '|':
		return "a bar";
	default:
		return "a comma";
	}
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

/* As many as an identifier of this kind has at least. */
static bool may_be_identifier(__u8 kind, const char *text, size_t len)
{
	static const size_t digits_min[XEIR_KIND_MAX + 1] = {
		[XEIR_KIND_IMEI] = 14,
		[XEIR_KIND_TAC] = 8,
		[XEIR_KIND_IMSI] = 6,
		[XEIR_KIND_MSISDN] = 5,
	};

	return kind && identifier_digits(text, len) >= digits_min[kind];
}

/* Of one line of a record that has several, as if there were no quotes. */
struct as_row {
	size_t n; /* separators */
	bool identifier; /* where the table has a column of them */
};

/* What stands between two separators, or before or behind one. */
static void look_at(const struct reader *r, struct as_row *row, const char *text, size_t len)
{
	__u8 kind = row->n < r->n_columns ? columns_kind(r->columns[row->n]) : 0;

	row->identifier |= may_be_identifier(kind, text, len);
}

/* How many lines of the record that end in this field look like rows. */
static size_t rows_ended_in(const struct reader *r, const struct csv_field *field,
			    struct as_row *row)
{
	const char *text = field->text, *end = text + field->len;
	size_t rows = 0;

	for (const char *at = text; at < end; at++) {
		if (*at != r->csv.separator && *at != '\n')
			continue;
		look_at(r, row, text, at - text);
		text = at + 1;
		row->n++;
		if (*at != '\n')
			continue;
		rows += row->identifier && row->n >= r->n_columns;
		*row = (struct as_row){ 0 };
	}
	look_at(r, row, text, end - text);
	return rows;
}

int lines_check_record(struct reader *r)
{
	const struct csv *csv = &r->csv;
	const struct csv_field *first = NULL;
	struct as_row row = { 0 };
	size_t rows = 0;

	if (csv->line == csv->first)
		return 0;
	for (size_t i = 0; i < csv->n; i++) {
		const struct csv_field *field = &csv->fields[i];

		if (!first && memchr(field->text, '\n', field->len))
			first = field;
		rows += rows_ended_in(r, field, &row);
		row.n++;
	}
	rows += row.identifier && row.n >= r->n_columns;
	if (rows < 2 || !first)
		return lines_check(r);
	fault_of_file(&r->faults, first->line, first->column - 1,
		      "found a quoted field over lines that look like rows, expected its second "
		      "quote in this line");
	return FATAL;
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

void lines_skip_mark(struct csv *csv)
{
	if (csv->line > 1 || csv->len < 3 || memcmp(csv->text, "\xef\xbb\xbf", 3))
		return;
	csv->len -= 3;
	memmove(csv->text, csv->text + 3, csv->len + 1);
}

char *lines_text(const struct csv *csv)
{
	return csv->text + csv_blanks(csv, csv->text, csv->len);
}

/* A spreadsheet writes rows of separators behind its data. */
static bool is_blank(const struct csv *csv, const char *text)
{
	while (*text && strchr(SEPARATORS, *text)) {
		text++;
		text += csv_blanks(csv, text, csv->text + csv->len - text);
	}
	return !*text;
}

int lines_next(struct reader *r, char **text)
{
	enum csv_result result;

	while ((result = csv_line(&r->csv)) == CSV_DONE) {
		int err;

		lines_skip_mark(&r->csv);
		err = lines_check(r);
		if (err == FATAL)
			return err;
		if (err) {
			r->n_rows++;
			continue;
		}
		*text = lines_text(&r->csv);
		if (!is_blank(&r->csv, *text) && **text != '#')
			return 1;
	}
	return result == CSV_TOO_LONG ? lines_fault(r, result) : 0;
}
