// SPDX-License-Identifier: GPL-2.0-only
#include "directive/metadata.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "lib/dates.h"
#include "lib/identifier.h"
#include "lib/quote.h"

#define TEXT_MAX 255

enum fact { NUMBER, BASE, RECORDS, ISSUED, DUE, ISSUER, REFERENCE, N_FACTS };

static const struct {
	const char *key, *expected;
} metadata[N_FACTS] = {
	[NUMBER] = { "directive", "a number from 1 to 4294967295" },
	[BASE] = { "base", "the number of the directive that this one changes" },
	[RECORDS] = { "records", "how many rows there are" },
	[ISSUED] = { "issued", DATE_FORMS },
	[DUE] = { "due", DATE_FORMS },
	[ISSUER] = { "issuer", METADATA_TEXT_FORM },
	[REFERENCE] = { "reference", METADATA_TEXT_FORM },
};

bool metadata_is_text(const char *text, size_t len)
{
	json_t *utf8 = json_stringn(text, len);

	json_decref(utf8);
	if (!utf8 || !len || len > TEXT_MAX)
		return false;
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			return false;
	return true;
}

static int set_text(char **to, const struct csv_field *value)
{
	if (!metadata_is_text(value->text, value->len))
		return -1;
	*to = strndup(value->text, value->len);
	return *to ? 0 : -1;
}

static int set_number(uint32_t *to, const struct csv_field *value)
{
	return decimal_read_u32(value->text, value->len, to) || !*to ? -1 : 0;
}

static int set_records(struct metadata *to, const struct csv_field *value)
{
	uint32_t records;

	if (decimal_read_u32(value->text, value->len, &records))
		return -1;
	to->records = records;
	return 0;
}

static int set(struct metadata *to, enum fact fact, const struct csv_field *value)
{
	switch (fact) {
	case NUMBER:
		return set_number(&to->number, value);
	case BASE:
		to->delta = true;
		return set_number(&to->base, value);
	case RECORDS:
		return set_records(to, value);
	case ISSUED:
		return date_read(value->text, value->len, &to->issued);
	case DUE:
		return date_read(value->text, value->len, &to->due);
	case ISSUER:
		return set_text(&to->issuer, value);
	default:
		return set_text(&to->reference, value);
	}
}

static enum fact find(const struct csv_field *key)
{
	enum fact fact = 0;

	while (fact < N_FACTS && (key->len != strlen(metadata[fact].key) ||
				  strncasecmp(key->text, metadata[fact].key, key->len)))
		fact++;
	return fact;
}

int metadata_set(struct reader *r, const struct csv_field *key, const struct csv_field *value)
{
	enum fact fact = find(key);
	char found[QUOTE_TEXT];

	if (fact == N_FACTS)
		return 0;
	if (r->known & 1u << fact)
		return fault_of_file(&r->faults, key->line, key->column,
				     "found a second %s, expected one", metadata[fact].key);
	r->known |= 1u << fact;
	if (set(&r->directive->metadata, fact, value))
		return fault_of_file(&r->faults, value->line, value->column,
				     "found %s %s, expected %s", metadata[fact].key,
				     quote(found, value->text, value->len),
				     metadata[fact].expected);
	return 0;
}

int metadata_of_comment(struct reader *r)
{
	char *at = r->csv.text, *colon;
	struct csv_field key = { .line = r->csv.line }, value = key;

	at += strspn(at, " \t#");
	colon = strchr(at, ':');
	if (!colon)
		return 0;
	key.text = at;
	key.len = colon - at;
	key.column = at - r->csv.text + 1;
	value.text = colon + 1 + strspn(colon + 1, " \t");
	value.len = strlen(value.text);
	value.column = value.text - r->csv.text + 1;
	while (value.len && strchr(" \t", value.text[value.len - 1]))
		value.len--;
	return metadata_set(r, &key, &value);
}

int metadata_check_records(struct reader *r)
{
	if (!(r->known & 1u << RECORDS) || r->directive->metadata.records == r->n_rows)
		return 0;
	fault_of_file(&r->faults, r->csv.line, 1, "found %zu rows, expected %zu as announced",
		      r->n_rows, r->directive->metadata.records);
	return FATAL;
}

void metadata_free(struct metadata *metadata)
{
	free(metadata->issuer);
	free(metadata->reference);
}
