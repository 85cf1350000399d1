/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every change of the list goes through: the journal, then the maps, by one commit each; with
 * opt.dry_run neither.
 */
#ifndef XEIR_POLICY_CHANGE_H
#define XEIR_POLICY_CHANGE_H

#include <jansson.h>
#include "directive/directive.h"
#include "journal/ledger.h"

/* 0 or a negative errno, said why; then nothing has changed. -ECANCELED: the guards refuse it. */
int change_apply(struct transport *t, const struct order *order, struct outcome *outcome);

/* Likewise, where the rows are written by another call of ledger.h. */
int change_by(struct transport *t, const struct order *order,
	      int (*write)(struct store *store, const struct order *order,
			   struct list_change *change),
	      struct outcome *outcome);

/* Likewise, where the journal is open. */
int change_in(struct transport *t, struct store *store, const struct order *order,
	      int (*write)(struct store *store, const struct order *order,
			   struct list_change *change),
	      struct outcome *outcome);

/*
 * The answer of a verb that changes the list, and its exit status. @directive: the file it came
 * from, or NULL. @more: an object whose members go into the JSON, or NULL; it is given away, and
 * so is what was refused.
 */
int change_print(const struct transport *t, struct outcome *outcome,
		 const struct directive *directive, json_t *more);

/* The exit status where there is no answer. */
int change_status(int err);

#endif /* XEIR_POLICY_CHANGE_H */
