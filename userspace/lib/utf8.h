/* SPDX-License-Identifier: GPL-2.0-only */
/* Characters of a text, and those among them that look like nothing, a blank or a dash. */
#ifndef XEIR_LIB_UTF8_H
#define XEIR_LIB_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The character at @text, of which @len octets, one at least, are there: how many it takes. An
 * octet that is no UTF-8 is a character of ISO 8859-1, as in files of older spreadsheets.
 */
size_t utf8_read(const char *text, size_t len, uint32_t *character);

/* A blank of any width, also one that does not break; a tab is none. */
bool utf8_is_blank(uint32_t character);

/* What has no width: marks of direction, joiners, a byte order mark. */
bool utf8_is_invisible(uint32_t character);

/* A hyphen or dash of any length. */
bool utf8_is_dash(uint32_t character);

/* How many octets of blanks and of what is invisible begin, and end, the text. */
size_t utf8_blanks_before(const char *text, size_t len);
size_t utf8_blanks_behind(const char *text, size_t len);

#endif /* XEIR_LIB_UTF8_H */
