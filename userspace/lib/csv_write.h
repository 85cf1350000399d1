/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CSV as RFC 4180 has it, lines ending in LF. A spreadsheet runs a field that begins like a
 * formula; such a field, unless it is a number, is written with an apostrophe in front.
 */
#ifndef XEIR_LIB_CSV_WRITE_H
#define XEIR_LIB_CSV_WRITE_H

#include <stdio.h>

void csv_write_row(FILE *to, const char *const fields[], size_t n);

/* A field as it was before csv_write_row() put an apostrophe in front; others unchanged. */
const char *csv_without_mark(const char *field);

#endif /* XEIR_LIB_CSV_WRITE_H */
