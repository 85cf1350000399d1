// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include "policy/change.h"
#include "host/sweep.h"
#include "journal/chain.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "policy/breaker.h"
#include "policy/guards.h"
#include "policy/projection.h"
#include "policy/session_deletion.h"
#include "policy/settings.h"
#include "transport/pinned_config.h"

/* Where that is asked for, tell the ends of the sessions that are cut. */
static int tell_ends(struct outcome *outcome)
{
	struct xeir_config config;
	struct session_deletion done;
	int err = pinned_config_read(&config);

	if (err || config.cut != XEIR_CUT_BY_DELETE || config.enforce != XEIR_ENFORCE_ON)
		return err;
	err = session_deletion_run(&config, &done);
	outcome->deleted = done.sessions;
	outcome->unanswered = done.unanswered;
	return err;
}

/* What came of it for sessions that were up is known only now. */
static int note_sessions(struct store *store, const struct order *order,
			 const struct outcome *outcome)
{
	json_t *detail;
	int err;

	if (!outcome->cut && !outcome->freed)
		return 0;
	detail = json_pack("{s:I, s:I, s:I, s:I}", "cut", (json_int_t)outcome->cut, "freed",
			   (json_int_t)outcome->freed, "deleted", (json_int_t)outcome->deleted,
			   "unanswered", (json_int_t)outcome->unanswered);
	err = chain_note(store, "sessions", order->directive, detail);
	json_decref(detail);
	return err;
}

static int commit(struct transport *t, struct store *store, const struct order *order,
		  struct outcome *outcome)
{
	int err = t->ops->commit(t, outcome);

	if (err) {
		complain("the journal has the change, but the maps do not; the next command that "
			 "changes the list applies it, as does xeir restore");
		return err;
	}
	err = sweep_run(outcome);
	if (!err && outcome->cut)
		err = tell_ends(outcome);
	if (!err && note_sessions(store, order, outcome))
		complain("the list is enforced, but the journal does not have the sessions that it "
			 "cut or freed");
	return err;
}

/* Another program may have come between, or have put another list in the place of this one. */
static int check_same(const struct stamp *from)
{
	struct stamp now;
	int err = projection_stamp(&now);

	if (err)
		return err;
	return memcmp(&now, from, sizeof(now)) ? -ESTALE : 0;
}

static int stage(struct transport *t, const struct list_change *change, const struct stamp *from)
{
	int err = opt.dry_run ? 0 : check_same(from);

	return err ? err : projection_stage(t, change);
}

static int make_durable(struct store *store, const struct order *order)
{
	int err = opt.breaker_seconds ? breaker_arm(store, order->directive) : 0;

	if (err)
		return err;
	err = projection_mark(store, 1);
	if (!err)
		err = store_commit(store);
	if (err && opt.breaker_seconds)
		breaker_disarm();
	return err;
}

/*
 * Durable before enforced: all that can be refused is staged in the maps first, then the journal
 * has it, and then one store puts it in force. Who is killed in between leaves that to the next.
 */
static int enforce(struct transport *t, struct store *store, const struct order *order,
		   const struct list_change *change, const struct stamp *from,
		   struct outcome *outcome)
{
	int err = t->ops->begin(t);

	if (err)
		return err;
	err = stage(t, change, from);
	if (!err && !opt.dry_run)
		err = make_durable(store, order);
	if (!err && !opt.dry_run)
		return commit(t, store, order, outcome);
	if (t->ops->abort(t, outcome) && !err)
		err = -EIO;
	outcome->entries += outcome->added - outcome->removed; /* as they would be */
	return err;
}

/* The list in force, and a transaction of the journal, from which to go on. */
static int begin(struct transport *t, struct store *store, struct stamp *stamp)
{
	int err = store_begin(store);

	if (err || opt.dry_run)
		return err;
	err = breaker_settle(t, store);
	if (!err)
		err = projection_mend(t, store, stamp);
	return err ? err : settings_mend(store);
}

static int change_judged(struct transport *t, struct store *store, const struct order *order,
			 int (*write)(struct store *store, const struct order *order,
				      struct list_change *change),
			 json_t *objections, struct outcome *outcome)
{
	struct stamp stamp;
	int err;

	do {
		struct list_change change = {};
		struct proposal proposal = { t, store, order, &change };

		err = begin(t, store, &stamp);
		if (!err)
			err = write(store, order, &change);
		if (!err)
			err = guards_judge(&proposal, objections);
		if (!err)
			err = enforce(t, store, order, &change, &stamp, outcome);
		store_rollback(store);
		list_change_free(&change);
	} while (err == -ESTALE);
	if (err == -ECANCELED && !opt.dry_run && guards_note(store, order, objections))
		err = -EIO;
	return err;
}

int change_in(struct transport *t, struct store *store, const struct order *order,
	      int (*write)(struct store *store, const struct order *order,
			   struct list_change *change),
	      struct outcome *outcome)
{
	json_t *objections = json_array();
	int err;

	*outcome = (struct outcome){};
	err = change_judged(t, store, order, write, objections, outcome);
	if (!err && opt.dry_run && json_array_size(objections))
		outcome->refused = json_incref(objections);
	json_decref(objections);
	return err;
}

int change_by(struct transport *t, const struct order *order,
	      int (*write)(struct store *store, const struct order *order,
			   struct list_change *change),
	      struct outcome *outcome)
{
	struct store store;
	int err = store_open(&store);

	if (err)
		return err;
	err = change_in(t, &store, order, write, outcome);
	store_close(&store);
	return err;
}

int change_apply(struct transport *t, const struct order *order, struct outcome *outcome)
{
	return change_by(t, order, ledger_apply, outcome);
}

static void print_json(const struct outcome *outcome, const struct directive *directive,
		       json_t *more)
{
	json_t *object = json_pack(
		"{s:I, s:I, s:I, s:I, s:I, s:b}", "added", (json_int_t)outcome->added, "changed",
		(json_int_t)outcome->changed, "removed", (json_int_t)outcome->removed, "generation",
		(json_int_t)outcome->generation, "entries", (json_int_t)outcome->entries, "dry_run",
		(int)opt.dry_run);

	json_object_set_new(object, "sessions_cut", json_integer(outcome->cut));
	json_object_set_new(object, "sessions_freed", json_integer(outcome->freed));
	json_object_set_new(object, "sessions_deleted", json_integer(outcome->deleted));
	json_object_set_new(object, "deletes_unanswered", json_integer(outcome->unanswered));
	json_object_set_new(object, "skipped", json_integer(directive ? directive->skipped : 0));
	if (directive) {
		json_object_set_new(object, "duplicates", json_integer(directive->duplicates));
		json_object_set_new(object, "ended", json_integer(directive->ended));
		json_object_set_new(object, "pending", json_integer(directive->pending));
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
		printf(", %zu said twice", directive->duplicates);
	if (directive && directive->skipped)
		printf(", %zu skipped", directive->skipped);
	printf("; %u %slisted (generation %u, transport %s)\n", outcome->entries,
	       opt.dry_run ? "would be " : "", outcome->generation, t->ops->name);
	if (outcome->cut || outcome->freed)
		printf("sessions: %u cut, %u freed\n", outcome->cut, outcome->freed);
	if (outcome->deleted)
		printf("both ends were told to delete %u of them, %u did not answer\n",
		       outcome->deleted, outcome->unanswered);
	return status;
}

int change_status(int err)
{
	if (err)
		return err == -ECANCELED ? EXIT_BAD : EXIT_FAILED;
	return EXIT_DONE;
}
