// SPDX-License-Identifier: GPL-2.0-only
#include "lib/utf8.h"

/* How many octets a character has that begins with this one; 0: none begins so. */
static size_t octets_of(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first >= 0xc2 && first <= 0xdf)
		return 2;
	if (first >= 0xe0 && first <= 0xef)
		return 3;
	return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

size_t utf8_read(const char *text, size_t len, uint32_t *character)
{
	unsigned char first = *text;
	size_t n = octets_of(first);
	uint32_t c = n > 1 ? first & (0x7f >> n) : first;

	*character = first;
	if (n > len)
		return 1;
	for (size_t i = 1; i < n; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 1;
		c = c << 6 | (text[i] & 0x3f);
	}
	*character = c;
	return n ? n : 1;
}

bool utf8_is_blank(uint32_t c)
{
	return c == ' ' || c == 0xa0 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f ||
	       c == 0x205f || c == 0x3000;
}

bool utf8_is_invisible(uint32_t c)
{
	return c == 0xad || (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2060 && c <= 0x2069) || c == 0xfeff;
}

bool utf8_is_dash(uint32_t c)
{
	return c == '-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212;
}

size_t utf8_blanks_before(const char *text, size_t len)
{
	size_t at = 0;

	while (at < len) {
		uint32_t c;
		size_t n = utf8_read(text + at, len - at, &c);

		if (!utf8_is_blank(c) && !utf8_is_invisible(c))
			break;
		at += n;
	}
	return at;
}

size_t utf8_blanks_behind(const char *text, size_t len)
{
	size_t end = 0;

	for (size_t at = 0; at < len;) {
		uint32_t c;

		at += utf8_read(text + at, len - at, &c);
		if (!utf8_is_blank(c) && !utf8_is_invisible(c))
			end = at;
	}
	return len - end;
}
