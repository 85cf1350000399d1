/* SPDX-License-Identifier: GPL-2.0-only */
/* How much an order makes of what was listed before it. */
#ifndef XEIR_POLICY_CHANGE_SIZE_H
#define XEIR_POLICY_CHANGE_SIZE_H

#include "journal/ledger.h"

struct change_size {
	size_t before; /* entries that had not ended */
	size_t lost, gained; /* of these, and to them */
};

/* What it changes of the list in force, but for what was there before. */
struct change_size change_size_of(const struct list_change *change);

/*
 * That, too, but no more than @enough, or little beyond. 0 or a negative errno after complain();
 * the order is written in the transaction that is open.
 */
int change_size_enforced(struct store *store, size_t enough, struct change_size *size);

/* Of the numbers of the register that were not disconnected; each under each directive. */
int change_size_connected(struct store *store, struct change_size *size);

#endif /* XEIR_POLICY_CHANGE_SIZE_H */
