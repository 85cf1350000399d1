/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The listing in the journal: which directive lists what. Several may list the same key; of
 * those the one that stops it is enforced, of these the one that lasts longest, of these the one
 * that came last: a key is stopped for as long as any directive wants it stopped.
 *
 * A change of it is one record. Calls return 0 or a negative errno after complain().
 */
#ifndef XEIR_JOURNAL_LEDGER_H
#define XEIR_JOURNAL_LEDGER_H

#include "journal/chain.h"
#include "journal/schema.h"
#include "transport/transport.h"

/* How far an order reaches beyond what it names. */
enum reach {
	REACH_NAMED, /* not at all */
	REACH_ISSUER, /* what its issuer's files list and it does not name is unlisted */
	REACH_ALL, /* likewise, whoever listed it */
};

/* How much of it the guards look at, each more than the former. */
enum caution {
	CAUTION_ROOM, /* whether there is room for it */
	CAUTION_NAMED, /* what somebody named by hand */
	CAUTION_FILE, /* what came in a file, which nobody may have looked at */
};

/* What a verb asks for. */
struct order {
	const char *verb; /* as the record has it */
	uint32_t directive; /* likewise; 0: none, or several */
	json_t *detail; /* likewise, with more members; may be NULL with CAUTION_ROOM */
	enum caution caution;
	enum reach reach;
	const char *issuer; /* NULL: nobody's */
	enum origin origin; /* of the entries */
	struct entry *puts; /* each key once, here or in the removes; they are sorted */
	size_t n_puts;
	struct xeir_key *removes; /* likewise; whoever listed them */
	size_t n_removes;
	bool removes_own; /* they reach only what files of its issuer list */
	size_t n_left_out; /* lines of its file that ask for nothing yet, or any more */
	bool delta; /* its file is the change of another one */
};

/* What the list that is enforced becomes by it. */
struct list_change {
	struct entry *puts; /* sorted by key; the order's own where puts_room is 0 */
	size_t n_puts, puts_room, n_lent;
	struct xeir_key *removes; /* likewise; no key is in both */
	size_t n_removes, removes_room;
	size_t ended; /* of the removes: they were not enforced any more */
	size_t added, changed; /* of the puts */
	size_t kept; /* were to be removed, and are listed by others, too */
	/* with REACH_ISSUER, of what files of the issuer listed and had not ended: */
	size_t own_before, own_kept; /* all of it, and what the order puts again */
};

/* Write what @order asks for, with its record, in the transaction that is open. */
int ledger_apply(struct store *store, const struct order *order, struct list_change *change);

/* Likewise what undoes one record, or all of @directive's. */
int ledger_undo_record(struct store *store, int64_t record, const struct order *order,
		       struct list_change *change);
int ledger_undo_directive(struct store *store, const struct order *order,
			  struct list_change *change);

/* All that must be enforced, sorted by key: @each gets each once, and returns 0 to go on. */
int ledger_iterate(struct store *store, int (*each)(const struct entry *entry, void *arg),
		   void *arg);

int list_change_put(struct list_change *change, const struct xeir_key *key,
		    const struct xeir_side *side);
int list_change_remove(struct list_change *change, const struct xeir_key *key);
void list_change_free(struct list_change *change);

#endif /* XEIR_JOURNAL_LEDGER_H */
