// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include "policy/change.h"
#include "host/sweep.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "policy/breaker.h"
#include "policy/cut_counts.h"
#include "policy/guards.h"
#include "policy/objections.h"
#include "policy/projection.h"
#include "policy/session_deletion.h"
#include "policy/settings.h"
#include "transport/pinned_config.h"

/* Where `xeir set cut delete` asks for it, delete the sessions that are cut at both ends. */
static int delete_sessions(struct outcome *outcome)
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
		err = delete_sessions(outcome);
	/* what the commit cut and freed is known only after it, so it is in records that follow */
	if (!err && cut_counts_record(store, order, outcome))
		complain("the list is enforced, but the journal does not have the sessions that it "
			 "cut or freed");
	return err;
}

/* Another program may have committed since, or have replaced the list. */
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
 * Durable before enforced: first the change is staged in the maps, which may refuse it; then the
 * journal commits it; then one store in the maps activates it. If the tool is killed in between,
 * the next command that changes the list completes it.
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
	outcome->entries +=
		outcome->added - outcome->removed; /* after the commit that a dry run does not do */
	return err;
}

/* Open a transaction of the journal, and bring the maps to its state. */
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

/* -ECANCELED: refused. -ESTALE: to be written again, with what was forced. */
static int check(const struct proposal *proposal, json_t *objections)
{
	bool may_force;
	int err;

	json_array_clear(objections);
	err = guards_check(proposal, objections, &may_force);
	return err ? err : objections_decide(objections, may_force, proposal->order);
}

static int change_checked(struct transport *t, struct store *store, const struct order *order,
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
			err = check(&proposal, objections);
		if (!err)
			err = enforce(t, store, order, &change, &stamp, outcome);
		store_rollback(store);
		list_change_free(&change);
	} while (err == -ESTALE);
	if (err == -ECANCELED && !opt.dry_run && objections_record(store, order, objections))
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
	err = change_checked(t, store, order, write, objections, outcome);
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
