// SPDX-License-Identifier: GPL-2.0-only
/*
 * Prints what the tool's readers make of a directive: first its metadata, then each
 * entry, as `list` and `remove` lines.
 *
 *	directive_probe any|load|sync|restore FILE [FORMAT [MAP]]
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "directive/columns.h"
#include "directive/directive_read.h"
#include "lib/enum_names.h"
#include "lib/identifier.h"
#include "lib/dates.h"
#include "lib/say.h"
#include "lib/opt.h"

static const char *or_dash(const char *text)
{
	return text && *text ? text : "-";
}

static void print_facts(const struct directive *directive)
{
	const struct metadata *metadata = &directive->metadata;
	char text[DATE_TEXT];

	printf("directive %u %s %u\n", metadata->number, metadata->delta ? "on" : "full",
	       metadata->base);
	printf("issuer %s\n", or_dash(metadata->issuer));
	printf("reference %s\n", or_dash(metadata->reference));
	printf("issued %s\n", or_dash(date_text(metadata->issued, text)));
	printf("due %s\n", or_dash(date_text(metadata->due, text)));
	printf("sha256 ");
	for (size_t i = 0; i < sizeof(metadata->digest); i++)
		printf("%02x", metadata->digest[i]);
	printf("\nsize %llu\n", (unsigned long long)metadata->size);
	printf("left out %zu ended, %zu pending\n", directive->ended, directive->pending);
	if (directive->passed_over)
		printf("passed over %zu\n", directive->passed_over);
}

static void print_entries(const struct directive *directive)
{
	char text[IDENTIFIER_TEXT], until[DATE_TEXT];

	for (size_t i = 0; i < directive->n_puts; i++) {
		const struct entry *entry = &directive->puts[i];

		identifier_text(&entry->key, text);
		printf("list %s %s %s %u %s\n", kind_name(entry->key.kind), text,
		       entry_action(entry->key.kind, entry->side.action), entry->side.directive,
		       or_dash(date_text(entry->side.expiry, until)));
	}
	for (size_t i = 0; i < directive->n_removes; i++) {
		identifier_text(&directive->removes[i], text);
		printf("remove %s %s\n", kind_name(directive->removes[i].kind), text);
	}
}

int main(int argc, char **argv)
{
	static const char *const uses[] = { "any", "load", "sync", "restore" };
	enum directive_use use = 0;
	struct directive directive;

	while (argc > 2 && use <= DIRECTIVE_RESTORE && strcmp(argv[1], uses[use]))
		use++;
	opt.format = argc > 3 && *argv[3] ? argv[3] : NULL;
	if (argc < 3 || use > DIRECTIVE_RESTORE || (argc > 4 && columns_map(argv[4]))) {
		fprintf(stderr,
			"usage: directive_probe any|load|sync|restore FILE [FORMAT [MAP]]\n");
		return EXIT_BAD;
	}
	if (directive_read(argv[2], use, XEIR_ACTION_DROP, &directive))
		return EXIT_FAILURE;
	print_facts(&directive);
	print_entries(&directive);
	directive_free(&directive);
	return EXIT_SUCCESS;
}
