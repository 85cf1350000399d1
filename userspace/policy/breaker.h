/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * `--breaker`: a commit that stops more attempts than its limit is undone. The programs count the
 * attempts and skip the commit's entries at once; this arms them, and undoes the commit in journal
 * and maps afterwards. Calls return 0 or a negative errno after complain().
 */
#ifndef XEIR_POLICY_BREAKER_H
#define XEIR_POLICY_BREAKER_H

#include <xeir/maps.h>

#include "journal/store.h"
#include "transport/transport.h"

/* The breaker in the maps; all zero where they are not pinned. */
int breaker_read(struct xeir_breaker *breaker);

/* Is its window open? */
bool breaker_watches(const struct xeir_breaker *breaker);

/*
 * In a transaction of @store, and in none of @t: undo a commit whose breaker has tripped, or that
 * never came. The transaction may be committed; another one is open when it returns.
 */
int breaker_settle(struct transport *t, struct store *store);

/*
 * Arm the breaker as opt has it, for the open transactions and the last record of @store.
 * @directive: of that record, 0: none.
 */
int breaker_arm(struct store *store, uint32_t directive);

/* The transaction is not committed. */
int breaker_disarm(void);

/* Wait until the window of this command ends; returns the exit status. */
int breaker_watch(struct transport *t);

#endif /* XEIR_POLICY_BREAKER_H */
