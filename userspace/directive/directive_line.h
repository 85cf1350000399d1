/* SPDX-License-Identifier: GPL-2.0-only */
/* One line of a directive, from its fields to an entry. */
#ifndef XEIR_DIRECTIVE_DIRECTIVE_LINE_H
#define XEIR_DIRECTIVE_DIRECTIVE_LINE_H

#include "directive/reader.h"

/* The first r->n_columns fields of r->csv, each of the column in r->columns. */
int directive_line_of_fields(struct reader *r);

/* A line of one identifier, from @text on. */
int directive_line_of_text(struct reader *r, char *text);

/* What follows a word that is the kind of an identifier; NULL: there is no such word. */
const char *directive_line_behind_word(const char *text, __u8 *kind);

/*
 * IMEIs that may have lost a leading 0: a fault when each of 14 digits may (one in ten does by
 * chance), and others have all 15 digits or these are three at least; else a warning.
 */
int directive_line_check_lost_zeros(struct reader *r);

#endif /* XEIR_DIRECTIVE_DIRECTIVE_LINE_H */
