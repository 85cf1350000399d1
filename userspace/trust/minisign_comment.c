// SPDX-License-Identifier: GPL-2.0-only
#include "trust/minisign_comment.h"

#include <stdio.h>
#include <string.h>

#include "directive/metadata.h"
#include "lib/dates.h"
#include "lib/quote.h"

struct field {
	const char *key, *value;
	size_t key_len, len; /* of the value */
};

static int read_directive(const struct field *field, struct trusted *trusted)
{
	if (number_directive(field->value, field->len, &trusted->directive))
		return -1;
	return trusted->directive ? 0 : -1;
}

static int read_issued(const struct field *field, struct trusted *trusted)
{
	return until_read(field->value, field->len, &trusted->issued);
}

static int read_timestamp(const struct field *field, struct trusted *trusted)
{
	return until_read(field->value, field->len, &trusted->timestamp);
}

static int read_expires(const struct field *field, struct trusted *trusted)
{
	return until_read(field->value, field->len, &trusted->expires);
}

static int read_issuer(const struct field *field, struct trusted *trusted)
{
	if (!facts_is_text(field->value, field->len))
		return -1;
	memcpy(trusted->issuer, field->value, field->len);
	trusted->issuer[field->len] = '\0';
	return 0;
}

static int read_file(const struct field *field, struct trusted *trusted)
{
	(void)trusted;
	return field->len ? 0 : -1;
}

#define TIME_FORMS "a date, a date with its time in UTC, or seconds since 1970"

static const struct {
	const char *key;
	int (*read)(const struct field *field, struct trusted *trusted);
	const char *expected;
} keys[] = {
	{ "directive", read_directive, "a number from 1 to 4294967295" },
	{ "issued", read_issued, TIME_FORMS },
	{ "timestamp", read_timestamp, TIME_FORMS },
	{ "expires", read_expires, TIME_FORMS },
	{ "issuer", read_issuer, FACTS_TEXT_FORM },
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
struct comment {
	struct faults *faults;
	struct trusted *trusted;
	const char *text; /* all of it */
	unsigned int line, column; /* where it starts */
	unsigned int seen; /* keys, by their bits */
};

static int fault_at(struct comment *comment, const char *at, size_t len, const char *expected)
{
	char found[QUOTE_TEXT];

	return fault(comment->faults, comment->line, comment->column + (at - comment->text),
		     "found %s, expected %s", quote(found, at, len), expected);
}

static int read_field(struct comment *comment, const char *text, size_t len)
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
		return fault_at(comment, text, len,
				"directive:, issued:, timestamp:, expires:, issuer: or file:");
	if (comment->seen & 1u << i)
		return fault_at(comment, text, len, "each key once");
	comment->seen |= 1u << i;
	if (keys[i].read(&field, comment->trusted))
		return fault_at(comment, field.value, field.len, keys[i].expected);
	return 0;
}

int trusted_read(const char *text, unsigned int line, unsigned int column, struct faults *faults,
		 struct trusted *trusted)
{
	const char *between = strchr(text, '\t') ? "\t" : " ";
	struct comment comment = {
		.faults = faults,
		.trusted = trusted,
		.text = text,
		.line = line,
		.column = column,
	};
	int err = 0;

	memset(trusted, 0, sizeof(*trusted));
	while (*text && !err) {
		size_t len = strcspn(text, between);

		err = read_field(&comment, text, len);
		text += len;
		text += strspn(text, between);
	}
	return err;
}
