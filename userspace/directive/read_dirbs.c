// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lists that DIRBS-Core generates: imei,block_date,reasons, full, or as deltas of one type
 * of change each, which only the name of the file shows:
 * DATE_blacklist_delta_BASE_RUN_CHANGE.csv. Deltas of its earlier versions have the type in a
 * column change_type.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "directive/reader.h"
#include "lib/quote.h"

static bool matches(const char *first)
{
	return strcasestr(first, "block_date");
}

/* DIRBS's notification lists have a block_date too, and must not be blocked. */
static int check_columns(struct reader *r)
{
	char found[QUOTE_TEXT];

	for (size_t i = 0; i < r->n_columns; i++) {
		const struct csv_field *field = &r->csv.fields[i];
		enum column column = r->columns[i];

		if (column == COLUMN_IMEI || column == COLUMN_BLOCK_DATE ||
		    column == COLUMN_REASONS || column == COLUMN_CHANGE ||
		    column == COLUMN_LEFT_OUT)
			continue;
		fault_of_file(&r->faults, field->line, field->column,
			      "found column %s, expected imei, block_date, reasons and change_type",
			      quote(found, field->text, field->len));
		return FATAL;
	}
	return 0;
}

struct name {
	long base; /* run, -1: there is none, it is the first */
	uint32_t run;
	char change[16];
};

static bool is_delta(const char *name)
{
	return strstr(name, "_delta_");
}

static int split_name(const char *text, struct name *name)
{
	static const char *const changes[] = { "blocked", "unblocked", "changed" };

	if (sscanf(strstr(text, "_delta_"), "_delta_%ld_%u_%15[a-z].csv", &name->base, &name->run,
		   name->change) != 3)
		return -1;
	for (size_t i = 0; i < sizeof(changes) / sizeof(*changes); i++)
		if (!strcmp(name->change, changes[i]))
			return 0;
	return -1;
}

/* The files of one zip, and the metadata in comments, must agree. */
static int take_run(uint32_t *taken, uint32_t run, struct reader *r, const char *title)
{
	if (*taken && *taken != run) {
		fault_of_file(&r->faults, r->csv.line, 1,
			      "found %s %u in the name of the file, expected %u", title, run,
			      *taken);
		return FATAL;
	}
	*taken = run;
	return 0;
}

static int read_name(struct reader *r, const char *text)
{
	struct metadata *metadata = &r->directive->metadata;
	struct name name;

	if (!is_delta(text))
		return 0;
	if (split_name(text, &name)) {
		fault_of_file(&r->faults, r->csv.line, 1,
			      "found a delta that is called %.100s, expected "
			      "..._delta_BASE_RUN_CHANGE.csv of blocked, unblocked or changed",
			      text);
		return FATAL;
	}
	metadata->delta = true;
	r->unlists = !strcmp(name.change, "unblocked");
	if (take_run(&metadata->number, name.run, r, "run"))
		return FATAL;
	return name.base > 0 ? take_run(&metadata->base, name.base, r, "base") : 0;
}

enum input_part read_dirbs_part(const char *name, enum directive_use use)
{
	int end = 0;

	if (is_delta(name))
		return use == DIRECTIVE_LOAD ? INPUT_PART : INPUT_PASSED;
	sscanf(name, "%*8[0-9]_blacklist.csv%n", &end);
	return use == DIRECTIVE_LOAD && end && !name[end] ? INPUT_PASSED : INPUT_WHOLE;
}

static int read_list(struct reader *r, char *first)
{
	int err = csv_header_read(r);

	(void)first;
	if (!err)
		err = check_columns(r);
	if (!err)
		err = read_name(r, input_name(r->input));
	r->full = !r->directive->metadata.delta;
	return err ? err : read_csv_rows(r);
}

const struct format format_dirbs = { .name = "dirbs", .matches = matches, .read = read_list };
