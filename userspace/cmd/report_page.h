/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of the page that report --html writes. */
#ifndef XEIR_CMD_REPORT_PAGE_H
#define XEIR_CMD_REPORT_PAGE_H

#include <jansson.h>
#include <stdio.h>

/* The text of a string or number, escaped; a dash for null. */
void page_put_value(FILE *to, const json_t *value);

/* The name of a figure as a title: sessions_cut is "Sessions cut". */
void page_put_title(FILE *to, const char *name);

/* The head of a table: its caption, then the titles of its columns, up to NULL. */
void page_table_begin(FILE *to, const char *caption, const char *const *titles);

/* A cell, with the title of its column for narrow screens. */
void page_put_cell(FILE *to, const char *title, const json_t *value);

/* A term of a list of terms, and its value. */
void page_put_pair(FILE *to, const char *name, const json_t *value);

/* A chart of each thing that happened on days, and a table of all values. */
void page_put_charts(FILE *to, const json_t *report);

/* Annex A, the files of the directive, and annex B, its entries. */
void page_put_annexes(FILE *to, const json_t *report);

#endif /* XEIR_CMD_REPORT_PAGE_H */
