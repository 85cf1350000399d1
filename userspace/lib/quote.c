// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>
#include "lib/quote.h"

#define TAIL sizeof("\\xff...\"")

const char *quote(char out[QUOTE_TEXT], const char *text, size_t len)
{
	size_t n = 0, i;

	out[n++] = '"';
	for (i = 0; i < len && n + TAIL < QUOTE_TEXT; i++) {
		unsigned char c = text[i];

		if (c < 0x20 || c > 0x7e)
			n += sprintf(out + n, "\\x%02x", c);
		else
			out[n++] = c;
	}
	strcpy(out + n, i < len ? "...\"" : "\"");
	return out;
}
