// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include "quote.h"
#include "record.h"
#include "xeir.h"

static const char *const column_names[N_COLUMNS] = {
	NULL, "imei", "tac", "imsi", "msisdn", "action", "directive", "until", "reason", "ref",
};

/*
 * Functions below return 0 when the line is in order, -EINVAL when it was faulted and the next
 * one can be looked at, and another error when the file cannot be read further.
 */
#define FATAL (-EBADMSG)

/* A file that has CR alone at its line ends is all one line. */
static int fault_of_cr(struct reader *r, unsigned int line)
{
	const char *cr = line == 1 ? memchr(r->csv.text, '\r', r->csv.len) : NULL;

	if (!cr)
		return 0;
	fault(&r->faults, line, cr - r->csv.text + 1,
	      "found a line end of CR alone, expected LF or CRLF");
	return FATAL;
}

static int fault_of_csv(struct reader *r, enum csv_result result)
{
	struct csv *csv = &r->csv;
	const struct csv_field *at = &csv->fields[csv->n < CSV_FIELDS_MAX ? csv->n : 0];

	switch (result) {
	case CSV_TOO_LONG:
		if (fault_of_cr(r, csv->line + 1))
			return FATAL;
		fault(&r->faults, csv->line + 1, 1, "found a line of over %d octets, expected text",
		      CSV_RECORD_MAX - 1);
		return FATAL;
	case CSV_OPEN_QUOTE:
		fault(&r->faults, at->line, at->column - 1,
		      "found a quote that is never closed, expected "
		      "a second one");
		return FATAL;
	case CSV_BEHIND_QUOTE:
		return fault(&r->faults, at->line, at->column,
			     "found text behind a closing quote, expected a comma");
	default:
		return fault(&r->faults, csv->first, 1, "found over %d fields, expected fewer",
			     CSV_FIELDS_MAX);
	}
}

static int fault_of_nul(struct reader *r)
{
	if (!r->csv.nul_line)
		return 0;
	return fault(&r->faults, r->csv.nul_line, r->csv.nul_column,
		     "found a NUL octet, expected text");
}

static int read_record(struct reader *r)
{
	enum csv_result result = csv_split(&r->csv);
	int err;

	if (result != CSV_DONE)
		return fault_of_csv(r, result);
	err = fault_of_nul(r); /* in a further line of the record */
	if (err)
		return err;
	if (r->csv.n != r->n_columns)
		return fault(&r->faults, r->csv.first, 1,
			     "found %zu fields, expected %zu as in the header", r->csv.n,
			     r->n_columns);
	return record_of_fields(r);
}

static enum column find_column(const struct csv_field *field)
{
	for (enum column c = COLUMN_IMEI; c < N_COLUMNS; c++)
		if (field->len == strlen(column_names[c]) &&
		    !strncasecmp(field->text, column_names[c], field->len))
			return c;
	return COLUMN_UNKNOWN;
}

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

/* A header without a number's column: say what a spreadsheet has made of it, if so. */
static int fault_of_header(struct reader *r)
{
	const struct csv *csv = &r->csv;
	char found[QUOTE_TEXT];

	if (csv->n == 1 && strpbrk(csv->text, ";\t")) {
		fault(&r->faults, csv->first, strcspn(csv->text, ";\t") + 1,
		      "found %s between fields, expected ','",
		      strchr(csv->text, ';') ? "';'" : "a tab");
		return FATAL;
	}
	for (size_t i = 0; i < csv->n; i++) {
		const struct csv_field *field = &csv->fields[i];
		const char *like = strcasestr(field->text, "imei");

		if (!like || like >= field->text + field->len)
			continue;
		fault(&r->faults, field->line, field->column, "found column %s, expected \"imei\"",
		      quote(found, field->text, field->len));
		return FATAL;
	}
	fault(&r->faults, csv->first, 1,
	      "found %s, expected a header line with a column \"imei\", or one number a line",
	      quote(found, csv->text, csv->len));
	return FATAL;
}

/*
 * A column that would change what the rows mean, were it known: without it, a row that takes a
 * handset off the list would put it there. Expected is what to name it, or NULL.
 */
static const char *meant(const struct csv_field *field)
{
	static const struct {
		const char *start, *expected;
	} columns[] = {
		{ "change", "\"action\", with remove or the action of a new entry" },
		{ "act", "\"action\"" },
		{ "imei", "one \"imei\" a row" },
	};

	for (size_t i = 0; i < sizeof(columns) / sizeof(*columns); i++)
		if (field->len >= strlen(columns[i].start) &&
		    !strncasecmp(field->text, columns[i].start, strlen(columns[i].start)))
			return columns[i].expected;
	return NULL;
}

static int check_unknown(struct reader *r)
{
	char found[QUOTE_TEXT];

	for (size_t i = 0; i < r->n_columns; i++) {
		const struct csv_field *field = &r->csv.fields[i];
		const char *expected = r->columns[i] == COLUMN_UNKNOWN ? meant(field) : NULL;

		if (!expected)
			continue;
		fault(&r->faults, field->line, field->column, "found column %s, expected %s",
		      quote(found, field->text, field->len), expected);
		return FATAL;
	}
	return 0;
}

static int read_header(struct reader *r)
{
	bool seen[N_COLUMNS] = { false }, unknown = false;
	enum csv_result result = csv_split(&r->csv);

	if (result != CSV_DONE) {
		fault_of_csv(r, result);
		return FATAL;
	}
	r->n_columns = r->csv.n;
	for (size_t i = 0; i < r->csv.n; i++) {
		const struct csv_field *field = &r->csv.fields[i];
		enum column column = find_column(field);

		if (column != COLUMN_UNKNOWN && seen[column]) {
			fault(&r->faults, field->line, field->column,
			      "found a second column \"%s\", expected one", column_names[column]);
			return FATAL;
		}
		unknown |= column == COLUMN_UNKNOWN && field->len;
		seen[column] = true;
		r->columns[i] = column;
	}
	if (!seen[COLUMN_IMEI] && !seen[COLUMN_TAC] && !seen[COLUMN_IMSI] && !seen[COLUMN_MSISDN])
		return fault_of_header(r);
	if (check_unknown(r))
		return FATAL;
	if (unknown)
		warn_of_unknown(r);
	return 0;
}

/*
 * A first line that starts with a digit, or with one in what a spreadsheet may put around it, is
 * no header; with a separator in it, one is missing.
 */
static int read_first(struct reader *r, char *text)
{
	__u8 kind;
	char *number = record_behind_word(text, &kind), end;

	if (!number)
		number = text + strspn(text, "='\"");
	if (*number != '+' && (*number < '0' || *number > '9'))
		return read_header(r);
	end = number[strcspn(number, ",;#")];
	if (*text != '"' && (!end || end == '#'))
		return record_of_line(r, text);
	fault(&r->faults, r->csv.line, 1,
	      "found a row, expected a header line with a column \"imei\" first");
	return FATAL;
}

static int check_octets(struct reader *r)
{
	const struct csv *csv = &r->csv;

	if (csv->line == 1 && csv->len >= 2 &&
	    (!memcmp(csv->text, "\xff\xfe", 2) || !memcmp(csv->text, "\xfe\xff", 2))) {
		fault(&r->faults, 1, 1, "found UTF-16, expected UTF-8 or ASCII text");
		return FATAL;
	}
	return fault_of_cr(r, csv->line) ? FATAL : fault_of_nul(r);
}

/* @first: no line but blank ones and comments came before. */
static int read_line(struct reader *r, bool *first)
{
	char *text = r->csv.text;
	int err = check_octets(r);

	if (err)
		return err;
	if (r->csv.line == 1 && !strncmp(text, "\xef\xbb\xbf", 3)) {
		r->csv.len -= 3;
		memmove(text, text + 3, r->csv.len + 1);
	}
	text += strspn(text, " \t");
	if (!*text || *text == '#')
		return 0;
	if (*first) {
		*first = false;
		return read_first(r, text);
	}
	return r->n_columns ? read_record(r) : record_of_line(r, text);
}

/* The file cannot be read, or not be unpacked. */
static int fault_of_input(struct reader *r)
{
	const char *found, *expected;
	int err = input_error(r->input, &found, &expected);

	if (err != -EBADMSG)
		return err;
	fault_of_file(&r->faults, r->csv.line + 1, 1, "found %s, expected %s", found, expected);
	return FATAL;
}

static int read_all(struct reader *r)
{
	enum csv_result result;
	bool first = true;
	int err = 0;

	while ((result = csv_line(&r->csv)) == CSV_DONE) {
		err = read_line(r, &first);
		if (err && err != -EINVAL)
			return err;
	}
	if (result == CSV_TOO_LONG)
		return fault_of_csv(r, result);
	if (ferror(r->csv.in))
		return fault_of_input(r);
	if (first && !r->faults.n) {
		fault(&r->faults, r->csv.line + 1, 1,
		      "found the end of the file, expected a header line or a number");
		return FATAL;
	}
	if (input_finish(r->input, r->directive->facts.digest, &r->directive->facts.size))
		return fault_of_input(r);
	return 0;
}

static int conclude(struct reader *r, int err)
{
	if (r->faults.n > r->faults.n_said)
		fprintf(stderr, "%s: %zu more\n", r->faults.path, r->faults.n - r->faults.n_said);
	if (err && err != FATAL) {
		complain("%s: %s", r->faults.path, strerror(-err));
		return err;
	}
	if (err || (r->faults.n && !opt.skip_invalid)) {
		complain_of_faults(r->faults.told, "%s: %zu fault%s; nothing of it is applied",
				   r->faults.path, r->faults.n, r->faults.n == 1 ? "" : "s");
		return -EINVAL;
	}
	if (r->faults.n)
		fprintf(stderr, "xeir: %s: %zu line%s skipped\n", r->faults.path, r->faults.n,
			r->faults.n == 1 ? "" : "s");
	record_warn_of_lost_zeros(r);
	if (r->directive->ended)
		fprintf(stderr, "xeir: warning: %s: %zu left out, whose end has passed\n",
			r->faults.path, r->directive->ended);
	r->directive->skipped = r->faults.n;
	r->directive->faults = json_incref(r->faults.told);
	return rows_finish(&r->rows, r->directive);
}

int directive_read(const char *path, __u8 default_action, struct directive *directive)
{
	struct reader r = {
		.faults.path = path,
		.directive = directive,
		.now = time(NULL),
		.default_action = default_action,
	};
	int err;

	memset(directive, 0, sizeof(*directive));
	r.input = input_open(path);
	r.csv.text = malloc(CSV_RECORD_MAX + 1);
	if (!r.input || !r.csv.text) {
		err = -errno;
		complain("%s: %s", path, strerror(-err));
	} else {
		r.csv.in = input_text(r.input);
		err = conclude(&r, read_all(&r));
	}
	if (r.input)
		input_close(r.input);
	free(r.csv.text);
	rows_free(&r.rows);
	json_decref(r.faults.told);
	if (err)
		directive_free(directive);
	return err;
}

void directive_free(struct directive *directive)
{
	free(directive->puts);
	free(directive->removes);
	json_decref(directive->faults);
	memset(directive, 0, sizeof(*directive));
}
