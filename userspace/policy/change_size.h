/* SPDX-License-Identifier: GPL-2.0-only */
/* How large a change is, compared with what was listed before. */
#ifndef XEIR_POLICY_CHANGE_SIZE_H
#define XEIR_POLICY_CHANGE_SIZE_H

#include "journal/ledger.h"

struct change_size {
	size_t before; /* entries that had not expired */
	size_t lost, gained; /* of these; and entries added to them */
};

/* What it changes of the enforced list; `before` is not set. */
struct change_size change_size_of(const struct list_change *change);

/*
 * Set `before`; counting stops at @enough, or a little later. The order is written in the open
 * transaction. 0 or a negative errno after complain().
 */
int change_size_enforced(struct store *store, size_t enough, struct change_size *size);

/* Of the numbers that were not disconnected; a number counts once for each directive. */
int change_size_connected(struct store *store, struct change_size *size);

#endif /* XEIR_POLICY_CHANGE_SIZE_H */
