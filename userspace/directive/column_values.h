/* SPDX-License-Identifier: GPL-2.0-only */
/* What the values of a column mean by --map: BLACK=drop,GREY=watch,WHITE=-. */
#ifndef XEIR_DIRECTIVE_COLUMN_VALUES_H
#define XEIR_DIRECTIVE_COLUMN_VALUES_H

#include <stdbool.h>
#include <stddef.h>

/* VALUE=MEANING, which is kept: an action, or - for rows that are passed over. 0, or -1. */
int column_values_add(char *text);

/* Is there any? Then the column of actions has these alone. */
bool column_values_given(void);

/* The word of an action, or "-"; NULL: --map does not name this value. */
const char *column_values_find(const char *value, size_t len);

/* All of them, for a sentence; what does not fit is left out. Returns @text. */
const char *column_values_list(char *text, size_t size);

#endif /* XEIR_DIRECTIVE_COLUMN_VALUES_H */
