/* SPDX-License-Identifier: GPL-2.0-only */
/* A directive while it is read, and the formats that it may have. */
#ifndef XEIR_DIRECTIVE_READER_H
#define XEIR_DIRECTIVE_READER_H

#include "directive/columns.h"
#include "directive/directive.h"
#include "directive/directive_rows.h"
#include "directive/faults.h"
#include "lib/csv.h"

/*
 * Functions below, and those of directive_line.h, return 0 when the line is in order, -EINVAL
 * after a fault when the next line can be read, and another error when the file cannot be read
 * further: FATAL after a fault.
 */
#define FATAL (-EBADMSG)

struct reader {
	const char *path;
	enum directive_use use;
	struct input *input;
	struct csv csv;
	unsigned int column; /* where the record starts in line csv.first */
	enum column columns[CSV_FIELDS_MAX]; /* of the fields of csv */
	size_t n_columns;
	struct directive_rows rows;
	size_t n_rows; /* in the file, also faulty ones */
	struct directive *directive;
	struct faults faults;
	__u32 now;
	__u8 default_action;
	bool full; /* a full list, by its format */
	bool unlists; /* every row unlists its identifiers */
	size_t n_checked; /* IMEIs with a check digit */
	size_t n_short; /* without one */
	size_t n_shortened; /* whose leading 0 a spreadsheet may have taken */
	struct csv_field shortened[FAULTS_REPORTED]; /* where the first of them are */
};

struct format {
	const char *name;
	/* Is @first, the first line that is neither blank nor a comment, one of it? */
	bool (*matches)(const char *first);
	/* All of the file, from the line on that r->csv holds; @first is in it. */
	int (*read)(struct reader *r, char *first);
};

/* One per file, read_NAME.c. */
extern const struct format format_plain, format_csv, format_dirbs, format_json;

/* What a file in a zip is for this use: DIRBS puts all its lists into one zip. */
enum input_part read_dirbs_part(const char *name, enum directive_use use);

/* The next valid line that is neither blank nor a comment; 1, or 0 at the end, or FATAL. */
int lines_next(struct reader *r, char **text);
/* What the line begins with, behind its blanks. */
char *lines_text(const struct csv *csv);
/* Without the byte order mark, if this is the first line. */
void lines_skip_mark(struct csv *csv);
/* That of a header line, unless it was declared. */
void lines_find_separator(struct csv *csv);
/* 1: the line is "sep=;", as spreadsheets know it, which declares it; 0: it is none; or FATAL. */
int lines_separator_declared(struct reader *r, const char *text);
/* Faults that any line can have. */
int lines_check(struct reader *r);
/* Those that a row may have that is split, also by what its quotes take in. */
int lines_check_record(struct reader *r);
int lines_fault(struct reader *r, enum csv_result result);

/* The header line that r->csv holds. */
int csv_header_read(struct reader *r);
/* The rows behind it. */
int read_csv_rows(struct reader *r);

#endif /* XEIR_DIRECTIVE_READER_H */
