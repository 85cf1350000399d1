// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <strings.h>
#include <xeir/list.h>
#include "directive/column_values.h"
#include "directive/directive_line.h"
#include "lib/dates.h"
#include "lib/decimal.h"
#include "lib/enum_names.h"
#include "lib/identifier.h"
#include "lib/opt.h"
#include "lib/quote.h"

/* More than any list can hold. */
#define ROWS_MAX (16 * 1024 * 1024)

/* IMEIs of 14 digits that may all have lost a 0, before this is no chance. */
#define UNIFORM_MIN 3

struct line {
	struct entry entry; /* action PASS: to be removed */
	bool pass; /* its action */
	bool unlists; /* by its type of change */
	__u32 block_date;
	const struct csv_field *action; /* or type of change */
	const struct csv_field *fields[XEIR_KIND_MAX + 1]; /* by kind, the first of it */
	__u8 kinds[XEIR_KIND_MAX]; /* those present, in their order */
	size_t n;
	const struct csv_field *imeis[CSV_FIELDS_MAX]; /* of a handset with several */
	size_t n_imeis;
	size_t n_tacs; /* of a range */
};

static const char *row_action(__u8 kind, const struct xeir_side *side)
{
	return side->action ? entry_action(kind, side->action) : "remove";
}

/* @field is where the row has its identifier, @action its action, or likewise the identifier. */
static int add_row(struct reader *r, const struct entry *entry, const struct csv_field *field,
		   const struct csv_field *action)
{
	const struct directive_row row = { *entry, field->line }, *same;
	size_t before = r->rows.keys.n;
	const struct xeir_side *first;
	__u8 kind = entry->key.kind;

	if (entry->side.expiry && xeir_side_ended(&entry->side, r->now)) {
		if (r->directive->ended++ < FAULTS_REPORTED)
			fprintf(stderr,
				"xeir: warning: %s:%u: left out, as its expiry has passed\n",
				r->faults.path, field->line);
		return 0;
	}
	if (r->rows.keys.n == ROWS_MAX) {
		fault_of_file(&r->faults, field->line, field->column,
			      "found more than %d identifiers, expected a list", ROWS_MAX);
		return FATAL;
	}
	same = directive_rows_add(&r->rows, &row);
	if (!same)
		return -ENOMEM;
	if (r->rows.keys.n > before)
		return 0;
	first = &same->entry.side;
	if (!memcmp(first, &entry->side, sizeof(*first))) {
		r->directive->duplicates++;
		return 0;
	}
	if (first->action == entry->side.action)
		return fault(&r->faults, field->line, field->column,
			     "found the identifier of line %u with another %s, "
			     "expected each identifier once",
			     same->line,
			     first->directive == entry->side.directive ? "expiry" : "directive");
	return fault(&r->faults, action->line, action->column,
		     "found action %s, expected %s as in line %u, which has "
		     "the same identifier",
		     row_action(kind, &entry->side), row_action(kind, first), same->line);
}

/* 14 digits are an IMEI, or 15 digits whose leading 0 a spreadsheet took. */
static void look_for_lost_zero(struct reader *r, const struct csv_field *field,
			       const struct xeir_key *key)
{
	size_t n = identifier_digits(field->text, field->len);
	char digits[1 + IDENTIFIER_TEXT] = "0";

	identifier_text(key, digits + 1);
	r->n_checked += n == 15;
	r->n_short += n == 14;
	if (n != 14 || identifier_check_digit(digits) != digits[14])
		return;
	if (r->n_shortened < FAULTS_REPORTED)
		r->shortened[r->n_shortened] = *field;
	r->n_shortened++;
}

/* Without 15 digits to compare with. One in ten has such a digit by chance. */
static int fault_of_uniform(struct reader *r)
{
	const struct csv_field *field = &r->shortened[0];

	fault_of_file(&r->faults, field->line, field->column,
		      "found only IMEIs of 14 digits that all would have a right check digit "
		      "behind a 0, which a spreadsheet may have taken, expected 15 (format the "
		      "column as text)");
	return FATAL;
}

static int fault_of_lost_zeros(struct reader *r)
{
	for (size_t i = 0; i < r->n_shortened; i++) {
		const struct csv_field *field = &r->shortened[i < FAULTS_REPORTED ? i : 0];

		fault(&r->faults, field->line, field->column,
		      "found 14 digits that would have a right check digit behind a 0, which a "
		      "spreadsheet may have taken, expected 15 as others have (format the column "
		      "as text)");
	}
	return FATAL;
}

int directive_line_check_lost_zeros(struct reader *r)
{
	bool all = r->n_shortened && r->n_shortened == r->n_short;

	if (!r->n_checked)
		return all && r->n_short >= UNIFORM_MIN && r->use != DIRECTIVE_RESTORE ?
			       fault_of_uniform(r) :
			       0;
	if (all)
		return fault_of_lost_zeros(r);
	if (!r->n_shortened)
		return 0;
	fprintf(stderr,
		"xeir: warning: %s: %zu of 14 digits, where others have 15, would have a right "
		"check digit behind a 0, which a spreadsheet may have taken (format the column as "
		"text): line",
		r->faults.path, r->n_shortened);
	for (size_t i = 0; i < r->n_shortened && i < FAULTS_REPORTED; i++)
		fprintf(stderr, "%s %u", i ? "," : "", r->shortened[i].line);
	fprintf(stderr, "%s\n", r->n_shortened > FAULTS_REPORTED ? " and more" : "");
	return 0;
}

static int fault_of_identifier(struct reader *r, const struct csv_field *field,
			       const struct identifier_error *error)
{
	return fault(&r->faults, field->line, field->column + error->at, "found %s, expected %s",
		     error->found, error->expected);
}

static int read_identifier(struct reader *r, __u8 kind, const struct csv_field *field,
			   struct xeir_key *key)
{
	struct identifier_error error;

	if (identifier_read(kind, field->text, field->len, key, &error))
		return fault_of_identifier(r, field, &error);
	if (identifier_is_national(key) && r->use != DIRECTIVE_RESTORE)
		return fault(&r->faults, field->line, field->column, "found " IDENTIFIER_NATIONAL);
	if (kind == XEIR_KIND_IMEI)
		look_for_lost_zero(r, field, key);
	return 0;
}

/* A TAC or a range, of which @first is the first one. */
static int read_tacs(struct reader *r, const struct csv_field *field, struct xeir_key *first,
		     size_t *n)
{
	struct identifier_error error;

	if (identifier_tacs(field->text, field->len, first, n, &error))
		return fault_of_identifier(r, field, &error);
	return 0;
}

static int read_mapped(struct reader *r, const struct csv_field *field, struct line *line)
{
	const char *meaning = column_values_find(field->text, field->len);
	char found[QUOTE_TEXT], expected[128];
	int action;

	if (!meaning)
		return fault(&r->faults, field->line, field->column,
			     "found %s, expected a value of --map: %s",
			     quote(found, field->text, field->len),
			     column_values_list(expected, sizeof(expected)));
	action = action_value(meaning);
	line->entry.side.action = action < 0 ? XEIR_ACTION_PASS : action;
	return 0;
}

static int read_action(struct reader *r, const struct csv_field *field, struct line *line)
{
	char word[16] = "", found[QUOTE_TEXT];
	int action;

	line->action = field;
	if (column_values_given())
		return read_mapped(r, field, line);
	if (!field->len)
		return 0;
	for (size_t i = 0; i < field->len && i + 1 < sizeof(word); i++)
		word[i] = tolower((unsigned char)field->text[i]);
	action = strcmp(word, "remove") ? action_value(word) : XEIR_ACTION_PASS;
	if (action < 0)
		return fault(&r->faults, field->line, field->column,
			     "found action %s, expected drop, reject, watch, pass or remove",
			     quote(found, field->text, field->len));
	line->entry.side.action = action;
	line->pass = *word == 'p';
	return 0;
}

static int read_change(struct reader *r, const struct csv_field *field, struct line *line)
{
	static const struct {
		const char *word;
		bool unlists;
	} changes[] = {
		{ "add", false },     { "added", false },   { "update", false },
		{ "updated", false }, { "changed", false }, { "blocked", false },
		{ "remove", true },   { "removed", true },  { "unblocked", true },
	};
	char found[QUOTE_TEXT];

	for (size_t i = 0; i < sizeof(changes) / sizeof(*changes); i++) {
		if (field->len != strlen(changes[i].word) ||
		    strncasecmp(field->text, changes[i].word, field->len))
			continue;
		line->unlists = changes[i].unlists;
		line->action = field;
		return 0;
	}
	return fault(&r->faults, field->line, field->column,
		     "found change_type %s, expected add, update or remove, or blocked, changed or "
		     "unblocked",
		     quote(found, field->text, field->len));
}

static int read_cell(struct reader *r, enum column column, const struct csv_field *field,
		     struct line *line)
{
	struct xeir_side *side = &line->entry.side;
	char found[QUOTE_TEXT];

	if (column == COLUMN_ACTION)
		return read_action(r, field, line);
	if (column == COLUMN_CHANGE)
		return read_change(r, field, line);
	if (column == COLUMN_BLOCK_DATE &&
	    date_read_yyyymmdd(field->text, field->len, &line->block_date))
		return fault(&r->faults, field->line, field->column,
			     "found block_date %s, expected %s",
			     quote(found, field->text, field->len),
			     date_expected_yyyymmdd(field->text, field->len));
	if (column == COLUMN_DIRECTIVE && field->len &&
	    decimal_read_u32(field->text, field->len, &side->directive))
		return fault(&r->faults, field->line, field->column,
			     "found directive %s, expected a number up to 4294967295",
			     quote(found, field->text, field->len));
	if (column == COLUMN_EXPIRY && field->len &&
	    date_read_expiry(field->text, field->len, &side->expiry))
		return fault(&r->faults, field->line, field->column, "found expiry %s, expected %s",
			     quote(found, field->text, field->len),
			     date_expected(field->text, field->len));
	return 0;
}

/* Identifiers that make an exception together. */
static bool is_pair(const struct line *line)
{
	return line->n == 2 && line->fields[XEIR_KIND_IMEI] && line->fields[XEIR_KIND_IMSI];
}

static int fault_of_several(struct reader *r, const struct line *line)
{
	static const char *const titles[XEIR_KIND_MAX + 1] = {
		[XEIR_KIND_IMEI] = "an IMEI",
		[XEIR_KIND_TAC] = "a TAC",
		[XEIR_KIND_MSISDN] = "an MSISDN",
		[XEIR_KIND_IMSI] = "an IMSI",
	};
	const struct csv_field *second = line->fields[line->kinds[1]];

	return fault(&r->faults, second->line, second->column,
		     "found both %s and %s, expected one of them%s", titles[line->kinds[0]],
		     titles[line->kinds[1]],
		     is_pair(line) ? ", or action pass for an exception" : "");
}

/* The keys of its entries: of each IMEI with the IMSI, if it is an exception. */
static int read_exceptions(struct reader *r, struct line *line, struct xeir_key *keys)
{
	struct xeir_key imsi;
	int err = 0;

	for (size_t i = 0; i < line->n_imeis && !err; i++)
		err = read_identifier(r, XEIR_KIND_IMEI, line->imeis[i], &keys[i]);
	if (!err)
		err = read_identifier(r, XEIR_KIND_IMSI, line->fields[XEIR_KIND_IMSI], &imsi);
	if (err)
		return err;
	for (size_t i = 0; i < line->n_imeis; i++)
		keys[i] = identifier_exception(&keys[i], &imsi);
	/* the action that the kernel expects; an exception passes by its kind */
	if (line->pass)
		line->entry.side.action = XEIR_ACTION_WATCH;
	return 0;
}

/* The keys of its entries, from as many identifiers as the action needs. */
static int read_keys(struct reader *r, struct line *line, struct xeir_key *keys)
{
	const struct csv_field *action = line->action;
	int err = 0;

	if (!line->n)
		return fault(&r->faults, r->csv.first, r->column,
			     "found no identifier, expected an IMEI, a TAC, an IMSI or an MSISDN");
	if (is_pair(line) && (line->pass || line->entry.side.action == XEIR_ACTION_PASS))
		return read_exceptions(r, line, keys);
	if (line->n > 1)
		return fault_of_several(r, line);
	if (line->pass)
		return fault(&r->faults, action->line, action->column,
			     "found action pass with one identifier, expected an IMEI and an IMSI");
	if (*line->kinds == XEIR_KIND_TAC)
		return read_tacs(r, line->fields[XEIR_KIND_TAC], keys, &line->n_tacs);
	if (*line->kinds != XEIR_KIND_IMEI)
		return read_identifier(r, *line->kinds, line->fields[*line->kinds], keys);
	for (size_t i = 0; i < line->n_imeis && !err; i++)
		err = read_identifier(r, XEIR_KIND_IMEI, line->imeis[i], &keys[i]);
	return err;
}

static void take_identifier(struct line *line, __u8 kind, const struct csv_field *field)
{
	if (kind == XEIR_KIND_IMEI)
		line->imeis[line->n_imeis++] = field;
	if (line->fields[kind])
		return;
	line->fields[kind] = field;
	line->kinds[line->n++] = kind;
}

static int read_line(struct reader *r, struct line *line, struct xeir_key *keys)
{
	int err = 0;

	for (size_t i = 0; i < r->n_columns && !err; i++) {
		const struct csv_field *field = &r->csv.fields[i];
		__u8 kind = columns_kind(r->columns[i]);

		if (!kind)
			err = read_cell(r, r->columns[i], field, line);
		else if (field->len)
			take_identifier(line, kind, field);
	}
	if (err)
		return err;
	if (line->unlists) {
		line->entry.side.action = XEIR_ACTION_PASS;
		line->pass = false;
	}
	return read_keys(r, line, keys);
}

static struct entry make_entry(const struct reader *r)
{
	__u32 own = r->directive->metadata.number;

	return (struct entry){ .side = { .action = r->default_action,
					 .directive = own ? own : opt.directive } };
}

static int add_tacs(struct reader *r, struct entry *entry, const struct xeir_key *first, size_t n,
		    const struct csv_field *field, const struct csv_field *action)
{
	int err = 0;

	for (size_t i = 0; i < n && !err; i++) {
		entry->key = identifier_tac_behind(first, i);
		err = add_row(r, entry, field, action);
	}
	return err;
}

/* A row that is not listed, so that nothing else in it matters. */
static bool is_passed_over(const struct reader *r)
{
	for (size_t i = 0; i < r->n_columns && column_values_given(); i++) {
		const struct csv_field *field = &r->csv.fields[i];
		const char *meaning = column_values_find(field->text, field->len);

		if (r->columns[i] == COLUMN_ACTION && meaning && *meaning == '-')
			return true;
	}
	return false;
}

int directive_line_of_fields(struct reader *r)
{
	struct line line = { .entry = make_entry(r), .unlists = r->unlists };
	struct xeir_key keys[CSV_FIELDS_MAX];
	struct entry *entry = &line.entry;
	int err;

	if (is_passed_over(r)) {
		r->directive->passed_over++;
		return 0;
	}
	err = read_line(r, &line, keys);
	if (err)
		return err;
	if (entry->side.action == XEIR_ACTION_PASS) {
		memset(&entry->side, 0, sizeof(entry->side));
	} else if (line.block_date > r->now) {
		if (r->directive->pending++ < FAULTS_REPORTED)
			fprintf(stderr,
				"xeir: warning: %s:%u: left out, as it is not yet effective "
				"(block_date)\n",
				r->faults.path, r->csv.line);
		return 0;
	}
	if (line.n_tacs)
		return add_tacs(r, entry, keys, line.n_tacs, line.fields[XEIR_KIND_TAC],
				line.action ? line.action : line.fields[XEIR_KIND_TAC]);
	for (size_t i = 0; i < (line.n_imeis ? line.n_imeis : 1) && !err; i++) {
		const struct csv_field *field =
			line.n_imeis ? line.imeis[i] : line.fields[*line.kinds];

		entry->key = keys[i];
		err = add_row(r, entry, field, line.action ? line.action : field);
	}
	return err;
}

const char *directive_line_behind_word(const char *text, __u8 *kind)
{
	const struct csv plain = { 0 };
	size_t len = 0, blanks;

	while (isalpha((unsigned char)text[len]))
		len++;
	blanks = csv_blanks(&plain, text + len, strlen(text + len));
	*kind = kind_of_word(text, len);
	return *kind && blanks ? text + len + blanks : NULL;
}

int directive_line_of_text(struct reader *r, char *text)
{
	struct entry entry = make_entry(r);
	__u8 kind;
	const char *behind = directive_line_behind_word(text, &kind);
	char *digits = behind ? text + (behind - text) : text;
	struct xeir_key first;
	struct csv_field field;
	size_t n;
	int err;

	if (!behind)
		kind = XEIR_KIND_IMEI;
	field.text = digits;
	field.len = strcspn(digits, "#");
	while (field.len && strchr(" \t", digits[field.len - 1]))
		field.len--;
	field.line = r->csv.line;
	field.column = digits - r->csv.text + 1;
	if (kind == XEIR_KIND_TAC) {
		err = read_tacs(r, &field, &first, &n);
		return err ? err : add_tacs(r, &entry, &first, n, &field, &field);
	}
	err = read_identifier(r, kind, &field, &entry.key);
	return err ? err : add_row(r, &entry, &field, &field);
}
