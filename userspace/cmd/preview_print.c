// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/preview_print.h"

#include <stdio.h>

#define PRINTED_MAX 10 /* of each table, to people */

static json_t *groups_json(const struct group_sums *groups, const char *by)
{
	json_t *array = json_array();

	for (size_t i = 0; i < groups->n; i++) {
		const struct group_sum *group = &groups->all[i];

		json_array_append_new(array, json_pack("{s:s, s:I, s:I, s:I}", by, group->name,
						       "sessions", (json_int_t)group->sessions,
						       "sightings", (json_int_t)group->sightings,
						       "numbers", (json_int_t)group->numbers));
	}
	return array;
}

json_t *preview_json(const struct preview *preview)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:o, s:o}", "sessions",
			 (json_int_t)preview->sessions, "sightings", (json_int_t)preview->sightings,
			 "numbers", (json_int_t)preview->numbers.n, "handsets",
			 (json_int_t)preview->handsets.n, "watched", (json_int_t)preview->watched,
			 "by_apn", groups_json(&preview->apns, "apn"), "by_tac",
			 groups_json(&preview->tacs, "tac"));
}

static void print_row(const char *name, const struct group_sum *group)
{
	printf("%-32s  %9zu  %9zu", name, group->sessions, group->sightings);
}

static void print_groups(const struct group_sums *groups, const char *title)
{
	struct group_sum rest = {};
	size_t i;

	if (!groups->n)
		return;
	printf("\n%-32s  %9s  %9s  %9s\n", title, "SESSIONS", "SIGHTINGS", "NUMBERS");
	for (i = 0; i < groups->n && i < PRINTED_MAX; i++) {
		print_row(groups->all[i].name, &groups->all[i]);
		printf("  %9zu\n", groups->all[i].numbers);
	}
	for (; i < groups->n; i++) {
		rest.sessions += groups->all[i].sessions;
		rest.sightings += groups->all[i].sightings;
	}
	if (groups->n <= PRINTED_MAX)
		return;
	/* one number may be in several groups, so that their sum is none of numbers */
	snprintf(rest.name, sizeof(rest.name), "%zu more", groups->n - PRINTED_MAX);
	print_row(rest.name, &rest);
	puts("  (--json)");
}

void preview_print(const struct preview *preview)
{
	printf("affected: %zu active sessions, %zu sightings; %zu handsets, %zu numbers",
	       preview->sessions, preview->sightings, preview->handsets.n, preview->numbers.n);
	if (preview->watched)
		printf("; %zu more would only be watched", preview->watched);
	puts("");
	print_groups(&preview->apns, "APN");
	print_groups(&preview->tacs, "TAC");
}
