/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * `--breaker`: when a commit stops more attempts than it may, it is undone. The programs hold the
 * promise; this arms them, and puts the list in order afterwards. Calls return 0 or a negative
 * errno after complain().
 */
#ifndef XEIR_POLICY_BREAKER_H
#define XEIR_POLICY_BREAKER_H

#include <xeir/maps.h>

#include "journal/store.h"
#include "transport/transport.h"

/* What the programs have of it; all zero where they are not pinned. */
int breaker_read(struct xeir_breaker *breaker);

/* Is its window open? */
bool breaker_watches(const struct xeir_breaker *breaker);

/*
 * In the transaction of @store, and in none of @t: see to it that a commit whose breaker has
 * tripped is undone, also one that never came. A transaction of @store is open behind it as well.
 */
int breaker_settle(struct transport *t, struct store *store);

/*
 * As opt says, for the transactions that are open, and the last record of @store; @directive: whose
 * it is, 0: not known.
 */
int breaker_arm(struct store *store, uint32_t directive);

/* The transaction has not come to its commit. */
int breaker_disarm(void);

/* Wait until the window of what was armed ends; returns the exit status. */
int breaker_watch(struct transport *t);

#endif /* XEIR_POLICY_BREAKER_H */
