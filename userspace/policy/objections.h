/* SPDX-License-Identifier: GPL-2.0-only */
/* What follows from the objections of guards: a refusal, or --force REASON passes them. */
#ifndef XEIR_POLICY_OBJECTIONS_H
#define XEIR_POLICY_OBJECTIONS_H

#include <jansson.h>

#include "journal/ledger.h"

/*
 * Report the objections. 0: go on; those that are left of a dry run would refuse the order.
 * -ECANCELED: refused, after complain(). -ESTALE: the order's detail has now what was forced, and
 * its record must be written again.
 */
int objections_decide(json_t *objections, bool may_force, const struct order *order);

/* Record a refusal, in a transaction with nothing else. 0 or a negative errno after complain(). */
int objections_record(struct store *store, const struct order *order, const json_t *objections);

#endif /* XEIR_POLICY_OBJECTIONS_H */
