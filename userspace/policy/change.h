/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every change of the list: written into the journal, checked by the guards, committed there, then
 * committed to the maps. With opt.dry_run nothing is committed.
 */
#ifndef XEIR_POLICY_CHANGE_H
#define XEIR_POLICY_CHANGE_H

#include <jansson.h>
#include "directive/directive.h"
#include "journal/ledger.h"

/*
 * 0 or a negative errno after complain(), and then nothing is changed. -ECANCELED: the guards
 * refuse it.
 */
int change_apply(struct transport *t, const struct order *order, struct outcome *outcome);

/* The same, with another function than ledger_apply() to write the rows and the record. */
int change_by(struct transport *t, const struct order *order,
	      int (*write)(struct store *store, const struct order *order,
			   struct list_change *change),
	      struct outcome *outcome);

/* The same, with a journal that is open. */
int change_in(struct transport *t, struct store *store, const struct order *order,
	      int (*write)(struct store *store, const struct order *order,
			   struct list_change *change),
	      struct outcome *outcome);

#endif /* XEIR_POLICY_CHANGE_H */
