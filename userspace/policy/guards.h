/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What stands between an order and the list: mistakes that a file or a hand may make, and nobody
 * means. All guards that object are named at once. --force REASON passes them, save the one that
 * says that there is no room.
 */
#ifndef XEIR_POLICY_GUARDS_H
#define XEIR_POLICY_GUARDS_H

#include <jansson.h>

#include "journal/ledger.h"

/* What they judge. */
struct proposal {
	struct transport *t;
	struct store *store; /* the order is written in the transaction that is open */
	const struct order *order;
	const struct list_change *change;
};

/*
 * 0: go on; @objections, an array, has what was found, if this is a dry run without --force.
 * -ECANCELED: refused, said why, likewise. -ESTALE: the order's detail says now what was forced,
 * and it must be written again. Another negative errno after complain().
 */
int guards_judge(const struct proposal *proposal, json_t *objections);

/* The journal's record of a refusal; in a transaction of its own. */
int guards_note(struct store *store, const struct order *order, const json_t *objections);

#endif /* XEIR_POLICY_GUARDS_H */
