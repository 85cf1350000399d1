// SPDX-License-Identifier: GPL-2.0-only
#include "directive/directive_read.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "directive/directive_line.h"
#include "directive/metadata.h"
#include "directive/reader.h"
#include "directive/sidecar.h"
#include "lib/opt.h"
#include "lib/say.h"

/* A file has the first of these formats that matches it; the last one matches any. */
static const struct format *const formats[] = {
	&format_json,
	&format_plain,
	&format_dirbs,
	&format_csv,
};

#define N_FORMATS (sizeof(formats) / sizeof(*formats))

static const struct format *find_format(const char *name)
{
	for (size_t i = 0; i < N_FORMATS; i++)
		if (!strcmp(formats[i]->name, name))
			return formats[i];
	return NULL;
}

bool directive_read_has_format(const char *name)
{
	return find_format(name);
}

static const struct format *choose_format(const char *first)
{
	size_t i = 0;

	if (opt.format)
		return find_format(opt.format);
	while (!formats[i]->matches(first))
		i++;
	return formats[i];
}

/* The first line that is neither blank nor a comment: 1, or 0, there is none, or FATAL. */
static int read_first(struct reader *r, char **first)
{
	enum csv_result result;
	int err;

	while ((result = csv_line(&r->csv)) == CSV_DONE || result == CSV_TOO_LONG) {
		lines_skip_mark(&r->csv);
		*first = lines_text(&r->csv);
		/* JSON needs no lines */
		if (format_json.matches(*first))
			return 1;
		err = result == CSV_DONE ? lines_check(r) : lines_fault(r, result);
		if (err == FATAL)
			return err;
		if (**first == '#' &&
		    metadata_of_comment(&r->directive->metadata, &r->faults, &r->csv))
			return FATAL;
		if (!**first || **first == '#')
			continue;
		err = lines_separator_declared(r, *first);
		if (!err)
			return 1;
		if (err == FATAL)
			return err;
	}
	return 0;
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

/* One of the texts; where all files of a zip were skipped, they are for another use. */
static int read_text(struct reader *r)
{
	char *first;
	int err;

	r->csv.line = 0;
	r->csv.separator = '\0';
	err = read_first(r, &first);
	if (err == 1)
		return choose_format(first)->read(r, first);
	if (err || r->faults.n || ferror(r->csv.in))
		return err;
	if (input_has_passed(r->input) && r->use != DIRECTIVE_ANY) {
		r->full = r->use == DIRECTIVE_LOAD;
		r->directive->metadata.delta = r->use >= DIRECTIVE_SYNC;
		return 0;
	}
	fault_of_file(&r->faults, r->csv.line + 1, 1,
		      "found the end of the file, expected a header line or an identifier");
	return FATAL;
}

/* A fault of a part names the part. */
static int read_texts(struct reader *r)
{
	char name[PATH_MAX];
	int err;

	do {
		if (input_is_part(r->input)) {
			snprintf(name, sizeof(name), "%s(%s)", r->path, input_name(r->input));
			r->faults.path = name;
		}
		err = read_text(r);
		if (ferror(r->csv.in))
			err = fault_of_input(r);
	} while (!err && input_next(r->input));
	r->faults.path = r->path;
	return err;
}

static int read_all(struct reader *r)
{
	struct metadata *metadata = &r->directive->metadata;
	int err = read_texts(r);

	if (!err && input_finish(r->input, metadata->digest, &metadata->size))
		return fault_of_input(r);
	if (!err) {
		input_signed(r->input, metadata->signed_digest);
		err = metadata_check_records(metadata, &r->faults, r->n_rows, r->csv.line) ? FATAL :
											     0;
	}
	return err ? err : directive_line_check_lost_zeros(r);
}

static void report_left_out(const struct reader *r)
{
	const struct directive *directive = r->directive;

	if (r->faults.n)
		fprintf(stderr, "xeir: %s: %zu line%s skipped\n", r->faults.path, r->faults.n,
			r->faults.n == 1 ? "" : "s");
	if (directive->passed_over)
		fprintf(stderr, "xeir: %s: %zu row%s passed over\n", r->faults.path,
			directive->passed_over, directive->passed_over == 1 ? "" : "s");
	if (directive->ended)
		fprintf(stderr, "xeir: warning: %s: %zu left out, expired\n", r->faults.path,
			directive->ended);
	if (directive->pending)
		fprintf(stderr, "xeir: warning: %s: %zu left out, not yet effective (block_date)\n",
			r->faults.path, directive->pending);
}

/* A delta is no list to sync with, and loading a full list would only add to what is listed. */
static int check_use(const struct reader *r)
{
	if (r->use >= DIRECTIVE_SYNC && r->directive->metadata.delta) {
		complain("%s: this is a delta, which changes a list: use xeir load",
			 r->faults.path);
		return -EINVAL;
	}
	if (r->use == DIRECTIVE_LOAD && r->full) {
		complain(
			"%s: this is a full list, which load would only add to what is listed: use "
			"xeir sync",
			r->faults.path);
		return -EINVAL;
	}
	return 0;
}

static int conclude(struct reader *r, int err)
{
	if (r->faults.n > r->faults.n_reported)
		fprintf(stderr, "%s: %zu more\n", r->faults.path,
			r->faults.n - r->faults.n_reported);
	if (err && err != FATAL) {
		complain("%s: %s", r->faults.path, strerror(-err));
		return err;
	}
	/* a wrong file explains its faults */
	if (!err && sidecar_check(r->faults.path, &r->directive->metadata, r->n_rows))
		return -EINVAL;
	if (err || (r->faults.n && !opt.skip_invalid)) {
		complain_with("faults", r->faults.array, "%s: %zu fault%s; nothing is applied",
			      r->faults.path, r->faults.n, r->faults.n == 1 ? "" : "s");
		return -EINVAL;
	}
	err = check_use(r);
	if (err)
		return err;
	report_left_out(r);
	r->directive->skipped = r->faults.n;
	r->directive->faults = json_incref(r->faults.array);
	return directive_rows_finish(&r->rows, r->directive);
}

static enum input_part part_of_zip(const char *name, void *arg)
{
	const struct reader *r = arg;

	return read_dirbs_part(name, r->use);
}

int directive_read(const char *path, enum directive_use use, __u8 default_action,
		   struct directive *directive)
{
	struct reader r = {
		.path = path,
		.use = use,
		.column = 1,
		.faults.path = path,
		.directive = directive,
		.now = time(NULL),
		.default_action = default_action,
	};
	int err;

	memset(directive, 0, sizeof(*directive));
	r.input = input_open(path, part_of_zip, &r);
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
	directive_rows_free(&r.rows);
	json_decref(r.faults.array);
	if (err)
		directive_free(directive);
	return err;
}
