// SPDX-License-Identifier: GPL-2.0-only
#include "lib/identifiers_json.h"

#include "lib/enum_names.h"
#include "lib/identifier.h"

static void add(json_t *all, const char *kind, const char *text)
{
	json_t *of_kind = json_object_get(all, kind);

	if (!of_kind) {
		of_kind = json_array();
		json_object_set_new(all, kind, of_kind);
	}
	json_array_append_new(of_kind, json_string(text));
}

json_t *identifiers_json(const struct xeir_key *keys, size_t n)
{
	json_t *all = json_object();
	char text[IDENTIFIER_TEXT];

	for (size_t i = 0; i < n; i++)
		for (__u8 kind = XEIR_KIND_IMEI; kind <= XEIR_KIND_MAX; kind++)
			if (kind != XEIR_KIND_EXCEPTION &&
			    *identifier_of_kind(&keys[i], kind, text))
				add(all, kind_name(kind), text);
	return all;
}
