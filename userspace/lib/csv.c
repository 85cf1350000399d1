// SPDX-License-Identifier: GPL-2.0-only
#include <stdbool.h>
#include <string.h>
#include "lib/csv.h"
#include "lib/utf8.h"

/* Append a line at @at of the record; not getline, which has no bound. */
static enum csv_result append_line(struct csv *csv, size_t at)
{
	char *nul;
	int c = EOF;

	csv->len = at;
	while (csv->len < CSV_RECORD_MAX) {
		c = getc_unlocked(csv->in);
		if (c == EOF || c == '\n')
			break;
		csv->text[csv->len++] = c;
	}
	if (c == EOF && csv->len == at)
		return CSV_END;
	csv->text[csv->len] = '\0';
	if (csv->len == CSV_RECORD_MAX)
		return CSV_TOO_LONG;
	csv->line++;
	nul = memchr(csv->text + at, '\0', csv->len - at);
	if (nul && !csv->nul_line) {
		csv->nul_line = csv->line;
		csv->nul_column = nul - (csv->text + at) + 1;
	}
	if (csv->len > at && csv->text[csv->len - 1] == '\r')
		csv->len--;
	csv->text[csv->len] = '\0';
	return CSV_DONE;
}

enum csv_result csv_line(struct csv *csv)
{
	enum csv_result result;

	csv->nul_line = 0;
	result = append_line(csv, 0);
	csv->first = csv->line;
	csv->n = 0;
	return result;
}

struct cursor {
	size_t at;
	size_t line_start; /* where in the record the present line starts */
};

static void set_field(struct csv *csv, const struct cursor *cursor)
{
	struct csv_field *field = &csv->fields[csv->n];

	field->text = csv->text + cursor->at;
	field->len = 0;
	field->line = csv->line;
	field->column = cursor->at - cursor->line_start + 1;
}

/* Also what looks like nothing, as web pages and mail put it around what is copied. */
static bool is_blank(const struct csv *csv, uint32_t c)
{
	return utf8_is_blank(c) || utf8_is_invisible(c) || (c == '\t' && csv->separator != '\t');
}

/* Neither a blank, nor part of a character that is one: most are, and need no decoding. */
static bool is_graphic(char c)
{
	return c > ' ' && c < 0x7f;
}

size_t csv_blanks(const struct csv *csv, const char *text, size_t len)
{
	size_t at = 0, n;
	uint32_t c;

	for (; at < len && !is_graphic(text[at]); at += n) {
		n = utf8_read(text + at, len - at, &c);
		if (!is_blank(csv, c))
			break;
	}
	return at;
}

/* Leave out the blanks behind it. */
static void trim(const struct csv *csv, struct csv_field *field)
{
	size_t end = 0;
	uint32_t c;

	if (!field->len || is_graphic(field->text[field->len - 1]))
		return;
	for (size_t at = 0; at < field->len;) {
		at += utf8_read(field->text + at, field->len - at, &c);
		if (!is_blank(csv, c))
			end = at;
	}
	field->len = end;
}

/* The quote is at @cursor; its text is moved together in place. */
static enum csv_result split_quoted(struct csv *csv, struct cursor *cursor)
{
	struct csv_field *field = &csv->fields[csv->n];
	char *to;

	cursor->at++;
	set_field(csv, cursor);
	to = field->text;
	for (;;) {
		if (cursor->at == csv->len) {
			csv->text[cursor->at++] = '\n';
			if (cursor->at >= CSV_RECORD_MAX ||
			    append_line(csv, cursor->at) != CSV_DONE)
				return CSV_OPEN_QUOTE;
			cursor->line_start = cursor->at;
			*to++ = '\n';
			continue;
		}
		if (csv->text[cursor->at] == '"') {
			if (cursor->at + 1 == csv->len || csv->text[cursor->at + 1] != '"')
				break;
			cursor->at++;
		}
		*to++ = csv->text[cursor->at++];
	}
	field->len = to - field->text;
	trim(csv, field);
	cursor->at++;
	return CSV_DONE;
}

static void split_bare(struct csv *csv, struct cursor *cursor)
{
	struct csv_field *field = &csv->fields[csv->n];
	char *end;

	set_field(csv, cursor);
	end = memchr(field->text, csv->separator, csv->len - cursor->at);
	field->len = end ? (size_t)(end - field->text) : csv->len - cursor->at;
	cursor->at += field->len;
	trim(csv, field);
}

enum csv_result csv_split(struct csv *csv)
{
	struct cursor cursor = { 0, 0 };

	for (;;) {
		if (csv->n == CSV_FIELDS_MAX)
			return CSV_TOO_MANY;
		cursor.at += csv_blanks(csv, csv->text + cursor.at, csv->len - cursor.at);
		if (cursor.at < csv->len && csv->text[cursor.at] == '"') {
			if (split_quoted(csv, &cursor) != CSV_DONE)
				return CSV_OPEN_QUOTE;
			cursor.at += csv_blanks(csv, csv->text + cursor.at, csv->len - cursor.at);
		} else {
			split_bare(csv, &cursor);
		}
		if (cursor.at < csv->len && csv->text[cursor.at] != csv->separator) {
			set_field(csv, &cursor);
			return CSV_BEHIND_QUOTE;
		}
		csv->n++;
		if (cursor.at == csv->len)
			return CSV_DONE;
		cursor.at++;
	}
}
