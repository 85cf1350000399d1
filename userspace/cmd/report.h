/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The proof of compliance of one directive, from the journal and, where the programs are there,
 * from what they count now:
 *
 *   figures  [{"figure", "value", "unit", "qualifier", "definition", "source"}]: the value is a
 *            number, a text or null; the unit is null for a plain number or a text; the qualifier
 *            is "at least" if the value is a lower bound, or null; the source is the command that
 *            lists what the value is computed from
 *   days     [{"day", ...}]: figures of each day, UTC, on which anything happened
 *   and what report_scope.h adds; with the annex entries, the first 10000 that it lists now, and
 *   entries_total
 */
#ifndef XEIR_CMD_REPORT_H
#define XEIR_CMD_REPORT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "journal/store.h"

/* NULL after complain(). */
json_t *report_make(struct store *store, uint32_t directive, bool with_annex);

/*
 * One figure as above, computed by the same query, with directive, time and evidence: the rows that
 * the query is over. The figure must be one that there is. NULL after complain().
 */
bool report_has_figure(const char *name);
json_t *report_explain(struct store *store, uint32_t directive, const char *name);

/* The name of a figure as people read it: sessions_cut is "sessions cut". */
void report_put_title(FILE *to, const char *name);

#define REPORT_NUMBER 32

/* The value of a figure as text, in @number if it is one; "" for null. */
const char *report_value(const json_t *value, char number[REPORT_NUMBER]);

/* The unit to print behind the value; NULL: none. */
const char *report_unit(const json_t *figure);

/* One page without anything from elsewhere; 0 or -errno, as outfile_write() wants it. */
int report_html(FILE *to, void *report);

#endif /* XEIR_CMD_REPORT_H */
