// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <xeir/list.h>
#include "directive/listing.h"
#include "lib/dates.h"
#include "lib/enum_names.h"
#include "lib/identifier.h"

/* The wire has the first digit of an octet in its low nibble; the filler F comes before all. */
static int digits_of(__u8 octet)
{
	return ((octet + 1) & 0xf) << 4 | ((octet >> 4) + 1) % 16;
}

static int compare(const void *a, const void *b)
{
	const struct xeir_key *left = &((const struct entry *)a)->key;
	const struct xeir_key *right = &((const struct entry *)b)->key;
	int differ = left->kind - right->kind;

	for (size_t i = 0; i < sizeof(left->id) && !differ; i++)
		differ = digits_of(left->id[i]) - digits_of(right->id[i]);
	return differ;
}

static void drop_ended(struct memory_list *listing)
{
	__u32 now = time(NULL);
	size_t n = 0;

	for (size_t i = 0; i < listing->n; i++)
		if (!xeir_side_ended(&listing->entries[i].side, now))
			listing->entries[n++] = listing->entries[i];
	if (n < listing->n)
		fprintf(stderr, "xeir: %zu left out, expired\n", listing->n - n);
	listing->n = n;
}

int listing_read(struct memory_list *listing)
{
	int err;

	memset(listing, 0, sizeof(*listing));
	err = memory_list_of_enforced(listing);
	if (err) {
		memory_list_free(listing);
		return err;
	}
	drop_ended(listing);
	if (listing->n)
		qsort(listing->entries, listing->n, sizeof(*listing->entries), compare);
	return 0;
}

json_t *listing_entry_json(const struct entry *entry)
{
	const struct xeir_side *side = &entry->side;
	char digits[IDENTIFIER_TEXT], expiry[DATE_TEXT];
	json_t *object = json_pack("{s:s}", "kind", kind_name(entry->key.kind));

	for (__u8 kind = XEIR_KIND_IMEI; kind <= XEIR_KIND_MAX; kind++)
		if (kind != XEIR_KIND_EXCEPTION && *identifier_of_kind(&entry->key, kind, digits))
			json_object_set_new(object, kind_name(kind), json_string(digits));
	json_object_set_new(object, "action",
			    json_string(entry_action(entry->key.kind, side->action)));
	json_object_set_new(object, "directive",
			    side->directive ? json_integer(side->directive) : json_null());
	json_object_set_new(object, "expiry",
			    side->expiry ? json_string(date_text(side->expiry, expiry)) :
					   json_null());
	return object;
}

void listing_entry_print(const json_t *entry)
{
	const char *name, *separator = "";
	json_t *value;

	json_object_foreach((json_t *)entry, name, value) {
		if (!strcmp(name, "kind") || json_is_null(value))
			continue;
		printf("%s%s ", separator, name);
		if (json_is_string(value))
			fputs(json_string_value(value), stdout);
		else
			printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
		separator = ", ";
	}
}
