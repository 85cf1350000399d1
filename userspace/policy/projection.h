/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The maps are a projection of the journal: what they must have, and whether it is known that they
 * have it. Calls return 0 or a negative errno after complain(), unless said otherwise.
 */
#ifndef XEIR_POLICY_PROJECTION_H
#define XEIR_POLICY_PROJECTION_H

#include "journal/ledger.h"

#define BOOT_TEXT 40

/* Which list is enforced, and its generation. */
struct stamp {
	char boot[BOOT_TEXT];
	uint32_t list, generation;
};

int projection_stamp(struct stamp *stamp);

/* What must change so that the maps have what the journal lists; empty if they have. */
int projection_diff(struct transport *t, struct store *store, struct list_change *change);

/*
 * In the open transaction of @store, and in none of @t: make the maps have what the journal lists.
 * A list that exists before any journal becomes its first record.
 */
int projection_restore(struct transport *t, struct store *store);

/*
 * The same, but only if the maps are not marked as the journal's: a command was killed, or another
 * program has committed a list. @stamp is set to the list's.
 */
int projection_mend(struct transport *t, struct store *store, struct stamp *stamp);

/*
 * Mark that the maps will have the last record after @commits more commits. The mark is written
 * with the record, in one transaction; if the commit never comes, the mark does not match the maps.
 * The time when a record was first enforced stays.
 */
int projection_mark(struct store *store, uint32_t commits);

/* Do mark and maps match? 1, 0 or a negative errno. */
int projection_is_marked(struct store *store);

/* Were these maps ever marked? 1, 0 or a negative errno. */
int projection_is_filled(struct store *store);

/* Put @change into the open transaction of @t. */
int projection_stage(struct transport *t, const struct list_change *change);

/* Wait for a command that has committed to the journal, but not to the maps yet. */
int projection_wait(struct transport *t);

/* A whole transaction of @t, with the sweep of sessions. */
int projection_commit(struct transport *t, const struct list_change *change,
		      struct outcome *outcome);

#endif /* XEIR_POLICY_PROJECTION_H */
