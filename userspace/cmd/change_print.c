// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/change_print.h"

#include <errno.h>
#include <stdio.h>

#include "lib/opt.h"
#include "lib/say.h"

static void print_json(const struct outcome *outcome, const struct directive *directive,
		       json_t *more)
{
	json_t *object = json_pack(
		"{s:I, s:I, s:I, s:I, s:I, s:b}", "added", (json_int_t)outcome->added, "changed",
		(json_int_t)outcome->changed, "removed", (json_int_t)outcome->removed, "generation",
		(json_int_t)outcome->generation, "entries", (json_int_t)outcome->entries, "dry_run",
		(int)opt.dry_run);

	json_object_set_new(object, "sessions_newly_cut", json_integer(outcome->newly_cut));
	json_object_set_new(object, "sessions_cut", json_integer(outcome->cut));
	json_object_set_new(object, "sessions_freed", json_integer(outcome->freed));
	json_object_set_new(object, "sessions_deleted", json_integer(outcome->deleted));
	json_object_set_new(object, "deletes_unanswered", json_integer(outcome->unanswered));
	json_object_set_new(object, "skipped", json_integer(directive ? directive->skipped : 0));
	if (directive) {
		json_object_set_new(object, "duplicates", json_integer(directive->duplicates));
		json_object_set_new(object, "ended", json_integer(directive->ended));
		json_object_set_new(object, "pending", json_integer(directive->pending));
		json_object_set_new(object, "passed_over", json_integer(directive->passed_over));
	}
	if (outcome->refused)
		json_object_set_new(object, "refused", outcome->refused);
	if (more)
		json_object_update(object, more);
	json_dumpf(object, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(object);
	json_decref(more);
}

int change_print(const struct transport *t, struct outcome *outcome,
		 const struct directive *directive, json_t *more)
{
	int status = outcome->refused ? EXIT_BAD : EXIT_DONE;

	if (opt.json) {
		print_json(outcome, directive, more);
		return status;
	}
	json_decref(more);
	json_decref(outcome->refused);
	if (opt.dry_run)
		printf("dry run, nothing is changed: %u would be added, %u changed, %u removed",
		       outcome->added, outcome->changed, outcome->removed);
	else
		printf("%u added, %u changed, %u removed", outcome->added, outcome->changed,
		       outcome->removed);
	if (directive && directive->duplicates)
		printf(", %zu duplicates", directive->duplicates);
	if (directive && directive->skipped)
		printf(", %zu skipped", directive->skipped);
	printf("; %u %slisted (generation %u, transport %s)\n", outcome->entries,
	       opt.dry_run ? "would be " : "", outcome->generation, t->ops->name);
	if (outcome->newly_cut || outcome->freed)
		printf("sessions: %u newly cut, %u cut in all, %u freed\n", outcome->newly_cut,
		       outcome->cut, outcome->freed);
	if (outcome->deleted)
		printf("deletion requested at both ends of %u of them, %u did not respond\n",
		       outcome->deleted, outcome->unanswered);
	return status;
}

int change_status(int err)
{
	if (err)
		return err == -ECANCELED ? EXIT_BAD : EXIT_FAILED;
	return EXIT_DONE;
}
