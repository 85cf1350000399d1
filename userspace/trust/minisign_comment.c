// SPDX-License-Identifier: GPL-2.0-only
#include "trust/minisign_comment.h"

#include <stdio.h>
#include <string.h>

#include "directive/metadata.h"
#include "lib/dates.h"
#include "lib/decimal.h"
#include "lib/quote.h"

struct field {
	const char *key, *value;
	size_t key_len, len; /* of the value */
};

static int read_directive(const struct field *field, struct minisign_comment *comment)
{
	if (decimal_read_u32(field->value, field->len, &comment->directive))
		return -1;
	return comment->directive ? 0 : -1;
}

static int read_issued(const struct field *field, struct minisign_comment *comment)
{
	return date_read(field->value, field->len, &comment->issued);
}

static int read_timestamp(const struct field *field, struct minisign_comment *comment)
{
	return date_read(field->value, field->len, &comment->timestamp);
}

static int read_expires(const struct field *field, struct minisign_comment *comment)
{
	return date_read_expiry(field->value, field->len, &comment->expires);
}

static int read_issuer(const struct field *field, struct minisign_comment *comment)
{
	if (!metadata_is_text(field->value, field->len))
		return -1;
	memcpy(comment->issuer, field->value, field->len);
	comment->issuer[field->len] = '\0';
	return 0;
}

static int read_file(const struct field *field, struct minisign_comment *comment)
{
	(void)comment;
	return field->len ? 0 : -1;
}

#define TIME_FORMS "a date, a date with its time in UTC, or seconds since 1970"

static const struct {
	const char *key;
	int (*read)(const struct field *field, struct minisign_comment *comment);
	const char *expected;
} keys[] = {
	{ "directive", read_directive, "a number from 1 to 4294967295" },
	{ "issued", read_issued, TIME_FORMS },
	{ "timestamp", read_timestamp, TIME_FORMS },
	{ "expires", read_expires, TIME_FORMS },
	{ "issuer", read_issuer, METADATA_TEXT_FORM },
	{ "file", read_file, "a name" },
};

#define N_KEYS (sizeof(keys) / sizeof(*keys))

static size_t find_key(const struct field *field)
{
	size_t i = 0;

	while (i < N_KEYS && (strlen(keys[i].key) != field->key_len ||
			      memcmp(keys[i].key, field->key, field->key_len) != 0))
		i++;
	return i;
}

/* A comment while it is read. */
struct reading {
	struct faults *faults;
	struct minisign_comment *comment;
	const char *text; /* all of it */
	unsigned int line, column; /* where it starts */
	unsigned int seen; /* keys, by their bits */
};

static int fault_at(struct reading *r, const char *at, size_t len, const char *expected)
{
	char found[QUOTE_TEXT];

	return fault(r->faults, r->line, r->column + (at - r->text), "found %s, expected %s",
		     quote(found, at, len), expected);
}

static int read_field(struct reading *r, const char *text, size_t len)
{
	const char *colon = memchr(text, ':', len);
	struct field field = { .key = text };
	size_t i;

	if (!colon)
		return 0;
	field.key_len = colon - text;
	field.value = colon + 1;
	field.len = text + len - field.value;
	i = find_key(&field);
	if (i == N_KEYS)
		return fault_at(r, text, len,
				"directive:, issued:, timestamp:, expires:, issuer: or file:");
	if (r->seen & 1u << i)
		return fault_at(r, text, len, "each key once");
	r->seen |= 1u << i;
	if (keys[i].read(&field, r->comment))
		return fault_at(r, field.value, field.len, keys[i].expected);
	return 0;
}

int minisign_comment_read(const char *text, unsigned int line, unsigned int column,
			  struct faults *faults, struct minisign_comment *comment)
{
	const char *between = strchr(text, '\t') ? "\t" : " ";
	struct reading r = {
		.faults = faults,
		.comment = comment,
		.text = text,
		.line = line,
		.column = column,
	};
	int err = 0;

	memset(comment, 0, sizeof(*comment));
	while (*text && !err) {
		size_t len = strcspn(text, between);

		err = read_field(&r, text, len);
		text += len;
		text += strspn(text, between);
	}
	return err;
}
