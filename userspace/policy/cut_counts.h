/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The sessions that were cut, each counted once, when it was cut, under the directive of the entry
 * that cut it. The programs count since their maps were made; the journal has how much of that is
 * recorded.
 */
#ifndef XEIR_POLICY_CUT_COUNTS_H
#define XEIR_POLICY_CUT_COUNTS_H

#include <jansson.h>

#include "journal/ledger.h"

/* Not recorded yet: [{"directive", "newly_cut"}], none of them 0. NULL after complain(). */
json_t *cut_counts_read(struct store *store);

/*
 * Record these, a record for each directive. What a commit did to sessions is in the record of its
 * order, and the sum of these in outcome->newly_cut. Without a commit @order is NULL. 0 or a
 * negative errno after complain().
 */
int cut_counts_record(struct store *store, const struct order *order, struct outcome *outcome);

#endif /* XEIR_POLICY_CUT_COUNTS_H */
