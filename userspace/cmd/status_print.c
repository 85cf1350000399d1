// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "cmd/status.h"
#include "lib/enum_names.h"
#include "lib/opt.h"
#include "transport/pins.h"

/* What becomes of a listed handset, for whatever reason. */
static const char *enforcement(const struct status *state)
{
	return enforce_name(state->enforcing ? state->config.enforce : XEIR_ENFORCE_OFF);
}

static json_t *links_json(const struct status *state)
{
	json_t *array = json_array();

	for (size_t i = 0; i < state->n_links; i++) {
		const struct attachment *link = &state->links[i];

		json_array_append_new(array, json_pack("{s:s, s:i, s:s?, s:I, s:I}", "name",
						       *link->now ? link->now : link->ifname,
						       "ifindex", link->ifindex, "mode", link->mode,
						       "link", (json_int_t)link->id, "program",
						       (json_int_t)link->program_id));
	}
	return array;
}

static json_t *tables_json(const struct status *state)
{
	const struct map_usage *t = &state->tables;

	if (!t->there)
		return json_pack("{s:n, s:n}", "sessions", "sightings");
	return json_pack("{s:{s:I, s:I, s:I, s:I, s:I}, s:{s:b, s:I, s:I}}", "sessions", "up",
			 (json_int_t)t->sessions, "capacity", (json_int_t)t->sessions_capacity,
			 "cut", (json_int_t)t->cutting.cut, "tunnels_cut",
			 (json_int_t)t->cutting.tunnels, "memory", (json_int_t)t->sessions_memory,
			 "sightings", "on", (int)state->config.sightings, "capacity",
			 (json_int_t)t->sightings_capacity, "memory",
			 (json_int_t)t->sightings_memory);
}

static json_t *journal_json(const struct status *state)
{
	if (state->journal != JOURNAL_THERE)
		return json_pack("{s:s, s:n, s:b}", "path", opt.journal, "last", "enforced", 0);
	return json_pack("{s:s, s:O?, s:b}", "path", opt.journal, "last", state->last, "enforced",
			 (int)state->marked);
}

void status_print_json(const struct status *state)
{
	json_t *answer = json_pack(
		"{s:s, s:s?, s:s, s:s, s:o, s:I, s:I, s:I, s:s, s:s, s:O}", "pins", opt.pins,
		"transport", state->transport, "kernel", state->host.release, "module",
		state->module, "interfaces", links_json(state), "entries",
		(json_int_t)state->figures.entries, "capacity", (json_int_t)state->figures.capacity,
		"generation", (json_int_t)state->figures.generation, "enforce", enforcement(state),
		"fragments", state->reassembled ? "reassembled" : "first", "warnings",
		state->warnings);
	json_t *tables = tables_json(state);

	json_object_set_new(answer, "journal", journal_json(state));
	json_object_update(answer, tables);
	json_decref(tables);
	json_dumpf(answer, stdout, JSON_COMPACT);
	puts("");
	json_decref(answer);
}

static void print_links(const struct status *state)
{
	for (size_t i = 0; i < state->n_links; i++) {
		const struct attachment *link = &state->links[i];

		printf("%-12s%s, %s, link %u, program %u", i ? "" : "interfaces",
		       *link->now ? link->now : link->ifname,
		       link->mode    ? link->mode :
		       link->ifindex ? "elsewhere" :
				       "missing",
		       link->id, link->program_id);
		if (*link->now && strcmp(link->now, link->ifname))
			printf(", attached as %s", link->ifname);
		puts("");
	}
	if (!state->n_links)
		printf("%-12snone\n", "interfaces");
}

#define MIB (1 << 20)

static void print_tables(const struct status *state)
{
	const struct map_usage *t = &state->tables;

	if (!t->there)
		return;
	printf("%-12s%llu of %u, in %.1f MiB\n", "sessions", (unsigned long long)t->sessions,
	       t->sessions_capacity, (double)t->sessions_memory / MIB);
	printf("%-12s%u session%s by the last change, %u tunnel%s now\n", "cut", t->cutting.cut,
	       t->cutting.cut == 1 ? "" : "s", t->cutting.tunnels,
	       t->cutting.tunnels == 1 ? "" : "s");
	printf("%-12s%s, at most %u, in %.1f MiB\n", "sightings",
	       state->config.sightings ? "on" : "off", t->sightings_capacity,
	       (double)t->sightings_memory / MIB);
}

static const char *of_last(const struct status *state, const char *name)
{
	return json_string_value(json_object_get(state->last, name));
}

static void print_journal(const struct status *state)
{
	const json_t *directive = json_object_get(state->last, "directive");

	printf("%-12s%s", "journal", opt.journal);
	if (state->journal != JOURNAL_THERE)
		fputs(state->journal == JOURNAL_NONE ? " (not found)" : " (not readable)", stdout);
	if (state->last)
		printf(", record %" JSON_INTEGER_FORMAT ": %s by %s, %s",
		       json_integer_value(json_object_get(state->last, "id")),
		       of_last(state, "verb"), of_last(state, "actor"), of_last(state, "time"));
	if (json_is_integer(directive))
		printf(", directive %" JSON_INTEGER_FORMAT, json_integer_value(directive));
	putchar('\n');
}

void status_print_table(const struct status *state)
{
	const char *enforce = enforcement(state);
	bool on = !strcmp(enforce, "on");
	size_t i;
	json_t *text;

	printf("%-12s", "enforce");
	for (const char *c = enforce; *c; c++)
		putchar(on ? *c : toupper((unsigned char)*c));
	puts("");
	print_links(state);
	printf("%-12s", "list");
	if (state->transport)
		printf("%u of %u entries, generation %u\n", state->figures.entries,
		       state->figures.capacity, state->figures.generation);
	else
		puts("none");
	print_tables(state);
	printf("%-12s%s\n", "transport", state->transport ? state->transport : "none");
	printf("%-12s%s\n", "module", state->module);
	printf("%-12s%s\n", "kernel", state->host.release);
	printf("%-12s%s%s\n", "pins", opt.pins, pins_has(".") ? "" : " (not found)");
	print_journal(state);
	json_array_foreach(state->warnings, i, text)
		printf("warning: %s\n", json_string_value(text));
}
