// SPDX-License-Identifier: GPL-2.0-only
#include "directive/metadata.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "lib/dates.h"
#include "lib/decimal.h"
#include "lib/quote.h"

#define TEXT_MAX 255

enum item { NUMBER, BASE, RECORDS, ISSUED, DUE, ISSUER, REFERENCE, N_ITEMS };

static const struct {
	const char *key, *expected;
} items[N_ITEMS] = {
	[NUMBER] = { "directive", "a number from 1 to 4294967295" },
	[BASE] = { "base", "the number of the directive that this one changes" },
	[RECORDS] = { "records", "how many rows there are" },
	[ISSUED] = { "issued", NULL },
	[DUE] = { "due", NULL },
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

static int set(struct metadata *to, enum item item, const struct csv_field *value)
{
	switch (item) {
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
		return date_read_due(value->text, value->len, &to->due);
	case ISSUER:
		return set_text(&to->issuer, value);
	default:
		return set_text(&to->reference, value);
	}
}

static enum item find(const struct csv_field *key)
{
	enum item item = 0;

	while (item < N_ITEMS && (key->len != strlen(items[item].key) ||
				  strncasecmp(key->text, items[item].key, key->len)))
		item++;
	return item;
}

int metadata_set(struct metadata *metadata, struct faults *faults, const struct csv_field *key,
		 const struct csv_field *value)
{
	enum item item = find(key);
	char found[QUOTE_TEXT];

	if (item == N_ITEMS)
		return 0;
	if (metadata->given & 1u << item)
		return fault_of_file(faults, key->line, key->column,
				     "found a second %s, expected one", items[item].key);
	metadata->given |= 1u << item;
	if (set(metadata, item, value))
		return fault_of_file(faults, value->line, value->column, "found %s %s, expected %s",
				     items[item].key, quote(found, value->text, value->len),
				     items[item].expected ?:
							    date_expected(value->text, value->len));
	return 0;
}

int metadata_of_comment(struct metadata *metadata, struct faults *faults, const struct csv *csv)
{
	char *at = csv->text, *colon;
	struct csv_field key = { .line = csv->line }, value = key;

	at += strspn(at, " \t#");
	colon = strchr(at, ':');
	if (!colon)
		return 0;
	key.text = at;
	key.len = colon - at;
	key.column = at - csv->text + 1;
	value.text = colon + 1 + strspn(colon + 1, " \t");
	value.len = strlen(value.text);
	value.column = value.text - csv->text + 1;
	while (value.len && strchr(" \t", value.text[value.len - 1]))
		value.len--;
	return metadata_set(metadata, faults, &key, &value);
}

int metadata_check_records(const struct metadata *metadata, struct faults *faults, size_t n_rows,
			   unsigned int line)
{
	if (!(metadata->given & 1u << RECORDS) || metadata->records == n_rows)
		return 0;
	return fault_of_file(faults, line, 1, "found %zu rows, expected %zu as announced", n_rows,
			     metadata->records);
}

void metadata_free(struct metadata *metadata)
{
	free(metadata->issuer);
	free(metadata->reference);
}
