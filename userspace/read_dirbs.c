// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lists that DIRBS-Core generates: imei,block_date,reasons, full, or as deltas of one type
 * of change each, of which only the name of the file tells:
 * DATE_blacklist_delta_BASE_RUN_CHANGE.csv. Deltas of its earlier versions have the type in a
 * column change_type.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "quote.h"
#include "reader.h"

static bool matches(const char *first)
{
	return strcasestr(first, "block_date");
}

/* The lists of whom to notify have a block_date too, and are not to be blocked. */
static int check_columns(struct reader *r)
{
	char found[QUOTE_TEXT];

	for (size_t i = 0; i < r->n_columns; i++) {
		const struct csv_field *field = &r->csv.fields[i];
		enum column column = r->columns[i];

		if (column == COLUMN_IMEI || column == COLUMN_BLOCK_DATE ||
		    column == COLUMN_REASONS || column == COLUMN_CHANGE)
			continue;
		fault_of_file(&r->faults, field->line, field->column,
			      "found column %s, expected imei, block_date, reasons and change_type",
			      quote(found, field->text, field->len));
		return FATAL;
	}
	return 0;
}

/* Of the first delta, -1 is the run that it is based on. */
static int read_name(struct reader *r, const char *name)
{
	struct facts *facts = &r->directive->facts;
	const char *runs = strstr(name, "_delta_");
	char change[16];
	uint32_t run;
	long base;

	if (!runs)
		return 0;
	if (sscanf(runs, "_delta_%ld_%u_%15[a-z].csv", &base, &run, change) != 3 ||
	    (strcmp(change, "blocked") && strcmp(change, "unblocked") &&
	     strcmp(change, "changed"))) {
		fault_of_file(&r->faults, r->csv.line, 1,
			      "found a delta that is called %.100s, expected "
			      "..._delta_BASE_RUN_CHANGE.csv of blocked, unblocked or changed",
			      name);
		return FATAL;
	}
	facts->delta = true;
	if (!facts->number)
		facts->number = run;
	if (!facts->base && base > 0)
		facts->base = base;
	r->unlists = !strcmp(change, "unblocked");
	return 0;
}

static int read_list(struct reader *r, char *first)
{
	int err = header_read(r);

	(void)first;
	if (!err)
		err = check_columns(r);
	if (!err)
		err = read_name(r, input_name(r->input));
	r->full = !r->directive->facts.delta;
	return err ? err : read_csv_rows(r);
}

const struct format format_dirbs = { .name = "dirbs", .matches = matches, .read = read_list };
