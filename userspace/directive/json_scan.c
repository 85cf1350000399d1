// SPDX-License-Identifier: GPL-2.0-only
#include "directive/json_scan.h"

#include <errno.h>
#include <string.h>
#include "lib/quote.h"

static int get(struct json_scan *json)
{
	if (!json->n_ahead)
		return getc_unlocked(json->r->csv.in);
	json->n_ahead--;
	return (unsigned char)*json->ahead++;
}

static void advance(struct json_scan *json)
{
	if (json->next == '\n') {
		json->line++;
		json->column = 0;
	}
	json->next = get(json);
	json->column++;
	json->r->csv.line = json->line;
}

void json_scan_begin(struct json_scan *json, struct reader *r)
{
	struct csv *csv = &r->csv;
	bool whole = csv->len < CSV_RECORD_MAX;

	json->r = r;
	json->ahead = csv->text;
	json->n_ahead = csv->len;
	/* the line's end was taken off; where there was none, one does no harm */
	if (whole)
		csv->text[json->n_ahead++] = '\n';
	json->line = csv->line + !whole;
	json->column = 0;
	advance(json);
}

static int refuse(struct json_scan *json, const char *found, const char *expected)
{
	fault_of_file(&json->r->faults, json->token.line, json->token.column,
		      "found %s, expected %s", found, expected);
	return FATAL;
}

int json_scan_unexpected(struct json_scan *json, const char *expected)
{
	char found[QUOTE_TEXT], mark = json->kind;

	if (json->kind == EOF)
		return refuse(json, "the end of the file", expected);
	if (json->kind == '"' || json->kind == '0')
		return refuse(json, quote(found, json->token.text, json->token.len), expected);
	return refuse(json, quote(found, &mark, 1), expected);
}

/* What is not plain text, the library decodes. */
static int decode(struct json_scan *json, size_t len)
{
	json_error_t error;
	json_t *value = json_loadb(json->raw, len, JSON_DECODE_ANY, &error);
	char found[QUOTE_TEXT];

	if (!value)
		return refuse(json, quote(found, json->raw, len), "JSON");
	json->token.len = json_is_string(value) ? json_string_length(value) : len;
	memcpy(json->token.text, json_is_string(value) ? json_string_value(value) : json->raw,
	       json->token.len);
	json_decref(value);
	return 0;
}

static int finish(struct json_scan *json, size_t start, size_t len, bool plain)
{
	if (json->used + len > sizeof(json->text))
		return refuse(json, "an object of over 65536 octets", "the entry of a handset");
	json->token.text = json->text + json->used;
	json->token.len = len - 2 * start;
	if (plain)
		memcpy(json->token.text, json->raw + start, json->token.len);
	else if (decode(json, len))
		return FATAL;
	json->used += json->token.len;
	return 0;
}

static int append(struct json_scan *json, size_t *len)
{
	if (*len == sizeof(json->raw))
		return refuse(json, "a text of over 65536 octets", "one of an entry");
	json->raw[(*len)++] = json->next;
	advance(json);
	return 0;
}

static int scan_string(struct json_scan *json)
{
	bool plain = true, escaped = false;
	size_t len = 0;

	do {
		if (append(json, &len))
			return FATAL;
		escaped = !escaped && json->raw[len - 1] == '\\' && len > 1;
		plain &= !escaped && json->next < 0x80;
		if (json->next < ' ') {
			json->kind = json->next;
			json->token.line = json->line;
			json->token.column = json->column;
			return json_scan_unexpected(json, "a second quote");
		}
	} while (json->next != '"' || escaped);
	json->token.column++;
	return append(json, &len) ? FATAL : finish(json, 1, len, plain);
}

static int scan_word(struct json_scan *json)
{
	bool plain = json->next != '0';
	size_t len = 0;

	do {
		plain &= json->next >= '0' && json->next <= '9';
		if (append(json, &len))
			return FATAL;
	} while (json->next != EOF && !strchr(" \t\r\n{}[]:,\"", json->next));
	return finish(json, 0, len, plain && len < 16);
}

int json_scan_next(struct json_scan *json)
{
	while (json->next == ' ' || json->next == '\t' || json->next == '\r' || json->next == '\n')
		advance(json);
	json->token.line = json->line;
	json->token.column = json->column;
	json->kind = json->next;
	if (json->next == EOF)
		return 0;
	if (json->next == '"')
		return scan_string(json);
	if (json->next && strchr("{}[]:,", json->next)) {
		advance(json);
		return 0;
	}
	json->kind = '0';
	return scan_word(json);
}

void json_scan_forget(struct json_scan *json)
{
	json->used = 0;
}
