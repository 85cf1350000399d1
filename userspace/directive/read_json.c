// SPDX-License-Identifier: GPL-2.0-only
/*
 * JSON: an object a line (or one after the other), an array of them, or an object with the array
 * `entries` and the metadata of the directive. One entry at a time is held.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "directive/directive_line.h"
#include "directive/json_scan.h"
#include "directive/metadata.h"
#include "lib/quote.h"

/* How deep the brackets of an unknown member may be nested. */
#define DEPTH_MAX 64

struct json_reader {
	struct json_scan scan;
	struct csv_field keys[CSV_FIELDS_MAX]; /* of the members in r->csv.fields */
	bool warned;
};

static bool matches(const char *first)
{
	return *first == '{' || *first == '[';
}

static bool is_called(const struct csv_field *key, const char *name)
{
	return key->len == strlen(name) && !memcmp(key->text, name, key->len);
}

/* The token is a text, a number or a word; null is ignored. */
static int take_scalar(struct json_reader *json, const struct csv_field *key, enum column column)
{
	struct reader *r = json->scan.r;
	struct csv_field value = json->scan.token;

	if (r->csv.n == CSV_FIELDS_MAX) {
		fault_of_file(&r->faults, key->line, key->column,
			      "found over %d members, expected fewer", CSV_FIELDS_MAX);
		return FATAL;
	}
	if (json->scan.kind == '0' && is_called(&value, "null"))
		value.len = 0;
	json->keys[r->csv.n] = *key;
	r->columns[r->csv.n] = column;
	r->csv.fields[r->csv.n++] = value;
	return 0;
}

/* The value of an unknown member, brackets within brackets; the first is read. */
static int skip_nested(struct json_scan *scan)
{
	char open[DEPTH_MAX];
	size_t depth = 0;
	int err;

	do {
		if (scan->kind == EOF)
			return json_scan_unexpected(scan, "its end");
		if (scan->kind == '{' || scan->kind == '[') {
			if (depth == DEPTH_MAX)
				return json_scan_unexpected(scan, "less depth");
			open[depth++] = scan->kind;
		}
		if ((scan->kind == '}' && open[--depth] != '{') ||
		    (scan->kind == ']' && open[--depth] != '['))
			return json_scan_unexpected(scan, "the other bracket");
		if (!depth)
			return 0;
		json_scan_forget(scan);
		err = json_scan_next(scan);
	} while (!err);
	return err;
}

/* Behind the bracket of an array or object: 1 if an item follows, 0 if it ends here, or FATAL. */
static int first_item(struct json_scan *scan, char end)
{
	int err = json_scan_next(scan);

	return err ? err : scan->kind != end;
}

/* The same behind an item. */
static int next_item(struct json_scan *scan, char end)
{
	int err = json_scan_next(scan);

	if (err || scan->kind == end)
		return err;
	if (scan->kind != ',')
		return json_scan_unexpected(scan, end == ']' ? "',' or ']'" : "',' or '}'");
	err = json_scan_next(scan);
	return err ? err : 1;
}

/* An array of the IMEIs of one handset; its bracket is read. */
static int take_several(struct json_reader *json, const struct csv_field *key, enum column column)
{
	struct json_scan *scan = &json->scan;
	int more;

	for (more = first_item(scan, ']'); more > 0; more = next_item(scan, ']')) {
		if (scan->kind != '"' && scan->kind != '0')
			return json_scan_unexpected(scan, "a number");
		if (take_scalar(json, key, column))
			return FATAL;
	}
	return more;
}

static int check_unknown(struct json_reader *json, const struct csv_field *key)
{
	struct faults *faults = &json->scan.r->faults;
	const char *expected = columns_expected(key->text, key->len);
	char found[QUOTE_TEXT];

	quote(found, key->text, key->len);
	if (expected) {
		fault_of_file(faults, key->line, key->column, "found member %s, expected %s", found,
			      expected);
		return FATAL;
	}
	if (!json->warned)
		fprintf(stderr,
			"xeir: warning: %s: members that are not known are left out, the first is "
			"%s\n",
			faults->path, found);
	json->warned = true;
	return 0;
}

static int take_value(struct json_reader *json, const struct csv_field *key)
{
	struct json_scan *scan = &json->scan;
	enum column column = columns_find(key->text, key->len);

	if (scan->kind == '"' || scan->kind == '0')
		return take_scalar(json, key, column);
	if (scan->kind == '[' && column == COLUMN_IMEI)
		return take_several(json, key, column);
	if (scan->kind != '{' && scan->kind != '[')
		return json_scan_unexpected(scan, "a value");
	if (column > COLUMN_LEFT_OUT)
		return json_scan_unexpected(scan, "a text or a number");
	return skip_nested(scan);
}

/* An entry, whose members are read. */
static int take_entry(struct json_reader *json)
{
	struct reader *r = json->scan.r;
	bool seen[N_COLUMNS] = { false };

	r->n_columns = r->csv.n;
	r->n_rows++;
	for (size_t i = 0; i < r->csv.n; i++) {
		const struct csv_field *key = &json->keys[i];
		enum column column = r->columns[i];

		if (column == COLUMN_UNKNOWN && check_unknown(json, key))
			return FATAL;
		if (column > COLUMN_IMEI && seen[column])
			return fault(&r->faults, key->line, key->column,
				     "found a second member \"%s\", expected one",
				     columns_name(column));
		seen[column] = true;
	}
	r->directive->metadata.delta |= seen[COLUMN_CHANGE];
	return directive_line_of_fields(r);
}

static int take_metadata(struct json_reader *json)
{
	struct reader *r = json->scan.r;

	for (size_t i = 0; i < r->csv.n; i++)
		if (metadata_set(&r->directive->metadata, &r->faults, &json->keys[i],
				 &r->csv.fields[i]))
			return FATAL;
	r->csv.n = 0;
	json_scan_forget(&json->scan);
	return 0;
}

static int read_entries(struct json_reader *json);

/* A member; @entries is set when it is the array of entries, which is read. */
static int read_member(struct json_reader *json, bool *entries)
{
	struct json_scan *scan = &json->scan;
	struct csv_field key = scan->token;
	int err;

	if (scan->kind != '"')
		return json_scan_unexpected(scan, "the name of a member");
	err = json_scan_next(scan);
	if (!err && scan->kind != ':')
		return json_scan_unexpected(scan, "':'");
	if (!err)
		err = json_scan_next(scan);
	if (err)
		return err;
	if (!entries || scan->kind != '[' || !is_called(&key, "entries"))
		return take_value(json, &key);
	*entries = true;
	err = take_metadata(json);
	if (!err)
		err = read_entries(json);
	scan->r->csv.n = 0;
	json_scan_forget(scan);
	return err;
}

/* The members of an object, whose bracket is read. */
static int read_members(struct json_reader *json, bool *entries)
{
	struct json_scan *scan = &json->scan;
	int more, err;

	for (more = first_item(scan, '}'); more > 0; more = next_item(scan, '}')) {
		err = read_member(json, entries);
		if (err)
			return err;
	}
	return more;
}

/* An object, whose bracket is read: an entry, or what holds them. */
static int read_object(struct json_reader *json, bool *entries)
{
	struct reader *r = json->scan.r;
	int err;

	json_scan_forget(&json->scan);
	r->csv.n = 0;
	r->csv.first = json->scan.token.line;
	r->column = json->scan.token.column;
	err = read_members(json, entries);
	if (err)
		return err;
	return entries && *entries ? take_metadata(json) : take_entry(json);
}

/* An array of entries, whose bracket is read. */
static int read_entries(struct json_reader *json)
{
	struct json_scan *scan = &json->scan;
	int more, err;

	for (more = first_item(scan, ']'); more > 0; more = next_item(scan, ']')) {
		if (scan->kind != '{')
			return json_scan_unexpected(scan, "an entry, '{'");
		err = read_object(json, NULL);
		if (err && err != -EINVAL)
			return err;
	}
	return more;
}

static int read_text(struct json_reader *json)
{
	struct json_scan *scan = &json->scan;
	bool entries = false, single = false;
	int err = json_scan_next(scan);

	while (!err && scan->kind != EOF) {
		if (single)
			return json_scan_unexpected(scan, "the end of the file");
		if (scan->kind == '[')
			err = read_entries(json);
		else if (scan->kind == '{')
			err = read_object(json, &entries);
		else
			return json_scan_unexpected(scan, "'{' or '['");
		/* objects may follow upon objects alone */
		single = entries || scan->kind == ']';
		if (!err || err == -EINVAL)
			err = json_scan_next(scan);
	}
	return err;
}

static int read_all(struct reader *r, char *first)
{
	struct json_reader *json = calloc(1, sizeof(*json));
	int err = -ENOMEM;

	(void)first;
	if (json) {
		json_scan_begin(&json->scan, r);
		err = read_text(json);
	}
	free(json);
	return err;
}

const struct format format_json = { .name = "json", .matches = matches, .read = read_all };
