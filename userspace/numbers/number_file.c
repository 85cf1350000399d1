// SPDX-License-Identifier: GPL-2.0-only
#include "numbers/number_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "directive/reader.h"
#include "lib/csv_write.h"
#include "lib/dates.h"
#include "lib/progress.h"
#include "lib/quote.h"
#include "lib/say.h"
#include "numbers/msisdn.h"

enum number_column {
	HAS_NOTHING,
	HAS_MSISDN,
	HAS_RESULT,
	HAS_REASON,
	HAS_DATE,
	NUMBER_COLUMNS,
};

static const char *const column_names[NUMBER_COLUMNS] = {
	[HAS_MSISDN] = "msisdn",
	[HAS_RESULT] = "result",
	[HAS_REASON] = "reason",
	[HAS_DATE] = "date",
};

struct reading {
	struct number_file *file;
	struct number_updates *updates;
	struct reader lines; /* its input, csv and faults */
	enum number_column columns[CSV_FIELDS_MAX];
	bool table;
};

static bool is_word(const struct csv_field *field, const char *word)
{
	return field->len == strlen(word) && !strncasecmp(field->text, word, field->len);
}

static int read_msisdn(struct reading *r, const struct csv_field *field,
		       struct number_update *update)
{
	const char *country = r->file->country;
	struct identifier_error error;

	update->line = field->line;
	update->column = field->column;
	if (msisdn_read(field->text, field->len, country, &update->msisdn, &error))
		return fault(&r->lines.faults, field->line, field->column + error.at,
			     "found %s, expected %s", error.found, error.expected);
	/* a result is for a number that the register has, so that digits alone are enough */
	if (r->file->results || !*country || strchr("+0", *field->text) ||
	    !strncmp(field->text, country, strlen(country)))
		return 0;
	return fault(&r->lines.faults, field->line, field->column,
		     "found a national number without its 0, or a foreign one without its +, "
		     "expected 0, + or %s first",
		     country);
}

static int read_result(struct reading *r, const struct csv_field *field,
		       struct number_update *update)
{
	char found[QUOTE_TEXT];

	if (is_word(field, number_states[NUMBER_VERIFIED]))
		update->state = NUMBER_VERIFIED;
	else if (is_word(field, number_states[NUMBER_FAILED]))
		update->state = NUMBER_FAILED;
	else
		return fault(&r->lines.faults, field->line, field->column,
			     "found result %s, expected verified or failed",
			     quote(found, field->text, field->len));
	return 0;
}

static int read_reason(struct reading *r, const struct csv_field *field,
		       struct number_update *update)
{
	if (field->len >= sizeof(update->why))
		return fault(&r->lines.faults, field->line, field->column,
			     "found a reason of %zu octets, expected %zu at most", field->len,
			     sizeof(update->why) - 1);
	field->text[field->len] = '\0';
	strcpy(update->why, csv_without_mark(field->text));
	return 0;
}

static int read_field(struct reading *r, enum number_column column, const struct csv_field *field,
		      struct number_update *update)
{
	char found[QUOTE_TEXT];

	switch (column) {
	case HAS_MSISDN:
		return read_msisdn(r, field, update);
	case HAS_RESULT:
		return read_result(r, field, update);
	case HAS_REASON:
		return read_reason(r, field, update);
	case HAS_DATE:
		if (field->len && date_read(field->text, field->len, &update->date))
			return fault(&r->lines.faults, field->line, field->column,
				     "found date %s, expected %s",
				     quote(found, field->text, field->len),
				     date_expected(field->text, field->len));
		return 0;
	default:
		return 0;
	}
}

static int read_row(struct reading *r)
{
	struct csv *csv = &r->lines.csv;
	struct number_update update = r->file->row;
	enum csv_result result = csv_split(csv);
	int err;

	if (result != CSV_DONE)
		return lines_fault(&r->lines, result);
	err = lines_check_record(&r->lines);
	if (err)
		return err;
	if (csv->n != r->lines.n_columns)
		return fault(&r->lines.faults, csv->first, 1,
			     "found %zu fields, expected %zu as in the header", csv->n,
			     r->lines.n_columns);
	for (size_t i = 0; i < csv->n && !err; i++)
		err = read_field(r, r->columns[i], &csv->fields[i], &update);
	return err ? err : number_updates_put(r->updates, &update);
}

/* A line of one number; a comment may follow. */
static int read_plain(struct reading *r, char *text)
{
	struct number_update update = r->file->row;
	struct csv_field field = {
		.text = text,
		.len = strcspn(text, "#"),
		.line = r->lines.csv.line,
		.column = text - r->lines.csv.text + 1,
	};
	int err;

	while (field.len && strchr(" \t", text[field.len - 1]))
		field.len--;
	err = read_msisdn(r, &field, &update);
	return err ? err : number_updates_put(r->updates, &update);
}

static int fault_of_header(struct reading *r, const char *found, const char *expected)
{
	fault_of_file(&r->lines.faults, r->lines.csv.first, 1, "found %s, expected %s", found,
		      expected);
	return FATAL;
}

static int read_header(struct reading *r)
{
	struct csv *csv = &r->lines.csv;
	bool seen[NUMBER_COLUMNS] = {};
	enum csv_result result;

	lines_find_separator(csv);
	result = csv_split(csv);
	if (result != CSV_DONE)
		return lines_fault(&r->lines, result) ? FATAL : 0;
	r->table = true;
	r->lines.n_columns = csv->n;
	for (size_t i = 0; i < csv->n; i++) {
		enum number_column column = NUMBER_COLUMNS - 1;

		while (column && !is_word(&csv->fields[i], column_names[column]))
			column--;
		if (column && seen[column])
			return fault_of_header(r, "a column twice", "each once");
		seen[column] = true;
		r->columns[i] = column;
		r->lines.columns[i] = column == HAS_MSISDN ? COLUMN_MSISDN : COLUMN_UNKNOWN;
	}
	if (!seen[HAS_MSISDN])
		return fault_of_header(r, "a header line without it", "a column \"msisdn\"");
	if (r->file->results && !seen[HAS_RESULT])
		return fault_of_header(r, "a header line without it", "a column \"result\"");
	return 0;
}

static bool is_number(const char *text)
{
	return *text == '+' || (*text >= '0' && *text <= '9');
}

static int read_first(struct reading *r, char *text)
{
	if (!is_number(text))
		return read_header(r);
	if (r->file->results)
		return fault_of_header(r, "a row", "a header line, msisdn,result[,reason][,date]");
	if (strpbrk(text, ",;\t|"))
		return fault_of_header(r, "a row", "a header line with a column \"msisdn\" first");
	return read_plain(r, text);
}

static int read_lines(struct reading *r)
{
	bool first = true;
	char *text;
	int more, err;

	while ((more = lines_next(&r->lines, &text)) == 1) {
		err = first ? lines_separator_declared(&r->lines, text) : 0;
		if (err == 1)
			continue;
		if (err)
			return err;
		if (first)
			err = read_first(r, text);
		else
			err = r->table ? read_row(r) : read_plain(r, text);
		first = false;
		if (err && err != -EINVAL)
			return err;
		progress_show("lines read:", r->updates->n, 0);
	}
	if (!more && first && !ferror(r->lines.csv.in)) {
		fault_of_file(&r->lines.faults, r->lines.csv.line + 1, 1,
			      "found the end of the file, expected numbers");
		return FATAL;
	}
	return more;
}

static int fault_of_input(struct reading *r)
{
	const char *found, *expected;
	int err = input_error(r->lines.input, &found, &expected);

	if (err != -EBADMSG)
		return err;
	fault_of_file(&r->lines.faults, r->lines.csv.line + 1, 1, "found %s, expected %s", found,
		      expected);
	return FATAL;
}

static int conclude(struct reading *r, int err)
{
	struct faults *faults = &r->lines.faults;

	if (!err && (ferror(r->lines.csv.in) ||
		     input_finish(r->lines.input, r->file->digest, &r->file->size)))
		err = fault_of_input(r);
	if (err == FATAL) {
		complain_with("faults", faults->array, "%s: cannot be read on; nothing is applied",
			      faults->path);
		return -EINVAL;
	}
	if (err && err != -EIO)
		complain("%s: %s", faults->path, strerror(-err));
	return err;
}

/* In a zip of several files nothing shows which of them has the numbers. */
static enum input_part whole(const char *name, void *arg)
{
	(void)name;
	(void)arg;
	return INPUT_WHOLE;
}

int number_file_read(struct number_file *file, struct number_updates *updates,
		     struct faults *faults)
{
	struct reading *r = calloc(1, sizeof(*r));
	int err = -ENOMEM;

	if (!r)
		return err;
	*r = (struct reading){ .file = file, .updates = updates, .lines.faults = *faults };
	r->lines.input = input_open(file->path, whole, NULL);
	if (r->lines.input)
		r->lines.csv.text = malloc(CSV_RECORD_MAX + 1);
	if (!r->lines.csv.text) {
		err = -errno;
		complain("%s: %s", file->path, strerror(-err));
	} else {
		r->lines.csv.in = input_text(r->lines.input);
		err = conclude(r, read_lines(r));
	}
	if (r->lines.input)
		input_close(r->lines.input);
	free(r->lines.csv.text);
	*faults = r->lines.faults;
	free(r);
	return err;
}
