/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The maps as the projection of the journal: what they have to have, and whether they are known
 * to. Calls return 0 or a negative errno after complain(), unless said otherwise.
 */
#ifndef XEIR_POLICY_PROJECTION_H
#define XEIR_POLICY_PROJECTION_H

#include "journal/ledger.h"

#define BOOT_TEXT 40

/* Which list is in force, and in which state of it. */
struct stamp {
	char boot[BOOT_TEXT];
	uint32_t list, generation;
};

int projection_stamp(struct stamp *stamp);

/* What would make the list in force what the journal says; all of @change is empty if it is. */
int projection_diff(struct transport *t, struct store *store, struct list_change *change);

/*
 * In the transaction of @store that is open, and in none of @t: make the list in force the
 * journal's last. A list that is there before any journal becomes its first record.
 */
int projection_restore(struct transport *t, struct store *store);

/*
 * The same where it is not known to be so, as after a tool that was killed, or when another program
 * than xeir has committed a list. @stamp is that list's.
 */
int projection_mend(struct transport *t, struct store *store, struct stamp *stamp);

/*
 * The list in force is that of the last record, once it has seen so many more commits. Who writes
 * that with the record needs no second transaction, and a commit that never comes is seen by it.
 * The time when a record first was in force stays.
 */
int projection_mark(struct store *store, uint32_t commits);

/* Is it known to be? 1, 0 or a negative errno. */
int projection_is_marked(struct store *store);

/* Has this list ever been the journal's? 1, 0 or a negative errno. */
int projection_is_filled(struct store *store);

/* Put @change into the transaction of @t that is open. */
int projection_stage(struct transport *t, const struct list_change *change);

/* In no transaction of @t: until who has come to the journal's commit has come to the maps' too. */
int projection_wait(struct transport *t);

/* By a transaction of its own, with the sweep of sessions. */
int projection_commit(struct transport *t, const struct list_change *change,
		      struct outcome *outcome);

#endif /* XEIR_POLICY_PROJECTION_H */
