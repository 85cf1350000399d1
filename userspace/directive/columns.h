/* SPDX-License-Identifier: GPL-2.0-only */
/* What the columns of a table, or the members of JSON objects, are called. */
#ifndef XEIR_DIRECTIVE_COLUMNS_H
#define XEIR_DIRECTIVE_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

enum column {
	COLUMN_UNKNOWN,
	COLUMN_LEFT_OUT, /* by --map */
	COLUMN_IMEI, /* also imei1, imei_2 and so on; the only one that may come again */
	COLUMN_TAC,
	COLUMN_IMSI,
	COLUMN_MSISDN,
	COLUMN_ACTION,
	COLUMN_DIRECTIVE,
	COLUMN_EXPIRY,
	COLUMN_REASON,
	COLUMN_REF,
	COLUMN_CHANGE,
	COLUMN_BLOCK_DATE,
	COLUMN_REASONS,
	N_COLUMNS,
};

const char *columns_name(enum column column);

/* Of the identifiers in it, or 0. */
__u8 columns_kind(enum column column);

/* By its name, or only by the names that --map gives it, if there are any. */
enum column columns_find(const char *name, size_t len);

/*
 * What was expected instead of this unknown column, or NULL: it can be ignored. Without a column
 * that changes what the rows mean, a row that unlists a handset would list it.
 */
const char *columns_expected(const char *name, size_t len);

/*
 * Set the names COLUMN=NAME[+NAME...][,...]; COLUMN - is left out. The column status, or action,
 * may be NAME:VALUE=MEANING[,VALUE=MEANING...], see column_values.h. 0, or -1: wrong form.
 */
int columns_map(const char *text);

/* The @i-th name that was mapped, or NULL. */
const char *columns_mapped(size_t i);

#endif /* XEIR_DIRECTIVE_COLUMNS_H */
