/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XEIR_LIB_QUOTE_H
#define XEIR_LIB_QUOTE_H

#include <stddef.h>

#define QUOTE_TEXT 48

/* What a file holds, fit for a sentence: in quotes, printable, not too long. Returns @out. */
const char *quote(char out[QUOTE_TEXT], const char *text, size_t len);

#endif /* XEIR_LIB_QUOTE_H */
