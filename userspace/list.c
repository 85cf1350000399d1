// SPDX-License-Identifier: GPL-2.0-only
#include <jansson.h>
#include "names.h"
#include "number.h"
#include "listing.h"
#include "until.h"
#include "xeir.h"

/* An object at a time: a long list as one tree would be many times the list. */
static void print_json(const struct snapshot *listing)
{
	putchar('[');
	for (size_t i = 0; i < listing->n; i++) {
		const struct entry *entry = &listing->entries[i];
		const struct xeir_side *side = &entry->side;
		const char *kind = kind_name(entry->key.kind);
		char number[NUMBER_TEXT], until[UNTIL_TEXT];
		json_t *object;

		number_text(&entry->key, number);
		object = json_pack(
			"{s:s, s:s, s:s, s:o, s:o}", "kind", kind, kind, number, "action",
			action_name(side->action), "directive",
			side->directive ? json_integer(side->directive) : json_null(), "until",
			side->until ? json_string(until_text(side->until, until)) : json_null());
		fputs(i ? ",\n" : "\n", stdout);
		json_dumpf(object, stdout, JSON_COMPACT);
		json_decref(object);
	}
	puts(listing->n ? "\n]" : "]");
}

static void print_text(const struct snapshot *listing)
{
	if (listing->n)
		puts("KIND  NUMBER          ACTION  DIRECTIVE   UNTIL");
	for (size_t i = 0; i < listing->n; i++) {
		const struct entry *entry = &listing->entries[i];
		char number[NUMBER_TEXT], until[UNTIL_TEXT], directive[16] = "-";

		number_text(&entry->key, number);
		if (entry->side.directive)
			snprintf(directive, sizeof(directive), "%u", entry->side.directive);
		printf("%-4s  %-14s  %-6s  %-10s  %s\n", kind_name(entry->key.kind), number,
		       action_name(entry->side.action), directive,
		       entry->side.until ? until_text(entry->side.until, until) : "-");
	}
}

static int run(int argc, char **argv)
{
	struct snapshot listing;

	if (argc != 1)
		return bad_usage(&verb_list, "list takes no \"%s\"", argv[1]);
	if (listing_read(&listing))
		return EXIT_FAILED;
	if (opt.json)
		print_json(&listing);
	else
		print_text(&listing);
	snapshot_free(&listing);
	return EXIT_DONE;
}

const struct verb verb_list = {
	.name = "list",
	.usage = "",
	.summary = "print all entries in force",
	.help = "Prints the entries of one instant, IMEIs before TACs, in the order of their\n"
		"digits. IMEIs have 14: check digit and software version take no part in a match.\n"
		"With --json an array of objects.\n\n"
		"examples:\n"
		"  xeir list\n"
		"  xeir list --json | jq -r '.[] | select(.directive == 7) | .imei'\n",
	.run = run,
};
