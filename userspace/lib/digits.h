/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The digits of an identifier, with what people put between them: dashes, blanks and slashes,
 * where those who write such identifiers put them. Two numbers never become a third.
 */
#ifndef XEIR_LIB_DIGITS_H
#define XEIR_LIB_DIGITS_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

#define DIGITS_MAX	16	/* IMEISV */
#define DIGITS_GROUPS	9	/* E.164 in pairs, behind the first digit */

struct identifier_error {
	size_t at;		/* 0-based octet in the text */
	char found[64];
	char expected[64];
};

struct digits {
	char text[DIGITS_MAX];
	size_t n;	/* of all, also those that do not fit */
	size_t last;	/* where in the text the last that fits stands */
	size_t n_groups;	/* of digits with nothing between them; also those that do not fit */
	struct {
		size_t start;	/* in the text */
		size_t len;
	} groups[DIGITS_GROUPS];
	bool dash;	/* one stands between the last two groups */
};

/* 0, or -1 with *error set. */
int digits_collect(const char *text, size_t len, struct digits *digits,
		   struct identifier_error *error);

/* Do the groups stand as they do in identifiers of this kind? 0, or -1 with *error set. */
int digits_check_groups(__u8 kind, const struct digits *digits, struct identifier_error *error);

/* What was found, and expected in its place. -1. */
int digits_refuse(struct identifier_error *error, size_t at, const char *found,
		  const char *expected);

#endif /* XEIR_LIB_DIGITS_H */
