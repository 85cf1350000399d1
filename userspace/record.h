/* SPDX-License-Identifier: GPL-2.0-only */
/* One line of a directive, from its fields to an entry. */
#ifndef XEIR_RECORD_H
#define XEIR_RECORD_H

#include "csv.h"
#include "directive.h"
#include "faults.h"
#include "rows.h"

enum column {
	COLUMN_UNKNOWN,
	COLUMN_IMEI,
	COLUMN_TAC,
	COLUMN_IMSI,
	COLUMN_MSISDN,
	COLUMN_ACTION,
	COLUMN_DIRECTIVE,
	COLUMN_UNTIL,
	COLUMN_REASON,
	COLUMN_REF,
	N_COLUMNS,
};

/* A directive while it is read. */
struct reader {
	struct input *input;
	struct csv csv;
	enum column columns[CSV_FIELDS_MAX];
	size_t n_columns;	/* 0: one number a line */
	struct rows rows;
	struct directive *directive;
	struct faults faults;
	__u32 now;
	__u8 default_action;
	size_t checked;		/* numbers with a check digit */
	size_t n_shortened;	/* that a spreadsheet may have taken a leading 0 from */
	unsigned int shortened[FAULTS_TOLD];	/* the lines of the first of them */
};

/*
 * These return 0 when the line is in order, -EINVAL when it was faulted and the next one can
 * be looked at, and another error when the file cannot be read further.
 */

/* The fields that r->csv was split into, as many as there are columns. */
int record_of_fields(struct reader *r);

/* A line of one number, from @text on. */
int record_of_line(struct reader *r, char *text);

/* What stands behind a word that says of which kind the number is; NULL: there is no such word. */
char *record_behind_word(char *text, __u8 *kind);

/* Numbers that may have lost a leading 0 stand out among others that have all 15 digits. */
void record_warn_of_lost_zeros(const struct reader *r);

#endif /* XEIR_RECORD_H */
