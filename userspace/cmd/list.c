// SPDX-License-Identifier: GPL-2.0-only
#include <jansson.h>
#include <string.h>
#include <unistd.h>
#include "cmd/verb.h"
#include "directive/listing.h"
#include "lib/clock.h"
#include "lib/dates.h"
#include "lib/enum_names.h"
#include "lib/identifier.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "session/traffic.h"

static json_t *seen_json(__u64 ns)
{
	char text[DATE_TEXT];

	return json_string(date_text(clock_of_tai(ns).tv_sec, text));
}

static void add_hits(json_t *object, const struct xeir_hits *hits)
{
	json_object_set_new(object, "packets", json_integer(hits->packets));
	json_object_set_new(object, "attempts", json_integer(hits->attempts));
	json_object_set_new(object, "last_seen",
			    hits->last_ns ? seen_json(hits->last_ns) : json_null());
}

/* An object at a time: a long list as one tree would be many times the list. */
static void print_json(const struct memory_list *listing, int hits)
{
	putchar('[');
	for (size_t i = 0; i < listing->n; i++) {
		json_t *object = listing_entry_json(&listing->entries[i]);
		struct xeir_hits met = {};

		traffic_hits_of(hits, &listing->entries[i].key, &met);
		add_hits(object, &met);
		fputs(i ? ",\n" : "\n", stdout);
		json_dumpf(object, stdout, JSON_COMPACT);
		json_decref(object);
	}
	puts(listing->n ? "\n]" : "]");
}

/* Columns that are as wide as these entries need them. */
struct widths {
	int kind, identifier;
};

static int max(int a, int b)
{
	return a > b ? a : b;
}

static struct widths measure(const struct memory_list *listing)
{
	struct widths widths = { sizeof("KIND") - 1, 2 * XEIR_IMEI_OCTETS };
	char identifier[IDENTIFIER_TEXT];

	for (size_t i = 0; i < listing->n; i++) {
		const struct xeir_key *key = &listing->entries[i].key;

		identifier_text(key, identifier);
		widths.kind = max(widths.kind, strlen(kind_name(key->kind)));
		widths.identifier = max(widths.identifier, strlen(identifier));
	}
	return widths;
}

static void print_text(const struct memory_list *listing, int hits)
{
	struct widths widths = measure(listing);

	if (listing->n)
		printf("%-*s  %-*s  ACTION  DIRECTIVE   EXPIRY                ATTEMPTS  LAST "
		       "SEEN\n",
		       widths.kind, "KIND", widths.identifier, "IDENTIFIER");
	for (size_t i = 0; i < listing->n; i++) {
		const struct entry *entry = &listing->entries[i];
		char identifier[IDENTIFIER_TEXT], expiry[DATE_TEXT], directive[16] = "-";
		char seen[DATE_TEXT];
		struct xeir_hits met = {};

		identifier_text(&entry->key, identifier);
		if (entry->side.directive)
			snprintf(directive, sizeof(directive), "%u", entry->side.directive);
		traffic_hits_of(hits, &entry->key, &met);
		printf("%-*s  %-*s  %-6s  %-10s  %-20s  %8llu  %s\n", widths.kind,
		       kind_name(entry->key.kind), widths.identifier, identifier,
		       entry_action(entry->key.kind, entry->side.action), directive,
		       entry->side.expiry ? date_text(entry->side.expiry, expiry) : "-",
		       (unsigned long long)met.attempts,
		       met.last_ns ? date_text(clock_of_tai(met.last_ns).tv_sec, seen) : "-");
	}
}

static int run(int argc, char **argv)
{
	struct memory_list listing;
	int hits;

	if (argc != 1)
		return bad_usage(&verb_list, "list takes no \"%s\"", argv[1]);
	hits = traffic_hits_open();
	if (hits < 0 || listing_read(&listing))
		return EXIT_FAILED;
	if (opt.json)
		print_json(&listing, hits);
	else
		print_text(&listing, hits);
	memory_list_free(&listing);
	close(hits);
	return EXIT_DONE;
}

const struct verb verb_list = {
	.name = "list",
	.usage = "",
	.summary = "print all active entries",
	.help = "Prints the entries of one instant: IMEIs, TACs, exceptions, MSISDNs and IMSIs,\n"
		"each sorted by digits. An IMEI has 14 digits: check digit and software version\n"
		"are not compared. With --json an array of objects.\n\n"
		"examples:\n"
		"  xeir list\n"
		"  xeir list --json | jq -r '.[] | select(.directive == 7) | .imei'\n",
	.run = run,
};
