/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guards stand between an order and the list: each looks for one mistake that a file or a
 * command may contain and that nobody makes on purpose. They read the proposed change and return
 * objections; what follows from these, objections.h decides.
 */
#ifndef XEIR_POLICY_GUARDS_H
#define XEIR_POLICY_GUARDS_H

#include <jansson.h>

#include "journal/ledger.h"

/* What the guards check. */
struct proposal {
	struct transport *t;
	struct store *store; /* the order is written in the open transaction */
	const struct order *order;
	const struct list_change *change;
};

/*
 * Add to @objections, an array, {"guard", "why"} of each guard that objects. @may_force: --force
 * may pass all of them. 0 or a negative errno after complain().
 */
int guards_check(const struct proposal *proposal, json_t *objections, bool *may_force);

#endif /* XEIR_POLICY_GUARDS_H */
