/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The listing in the journal: which directive lists which key. Several directives may list the
 * same key. Enforced is then the one that stops the handset; of several, the one that expires
 * last; of several, the latest. So a key is stopped for as long as any directive stops it.
 *
 * A change of the listing is one record. Calls return 0 or a negative errno after complain().
 */
#ifndef XEIR_JOURNAL_LEDGER_H
#define XEIR_JOURNAL_LEDGER_H

#include <jansson.h>

#include "journal/ledger_cursor.h"
#include "journal/list_change.h"

/* Which entries an order removes besides those that it names. */
enum reach {
	REACH_NAMED, /* none */
	REACH_ISSUER, /* those of its issuer's files */
	REACH_ALL, /* all */
};

/* Which guards check an order; each value adds to the one before. */
enum caution {
	CAUTION_CAPACITY, /* only whether it fits into the maps */
	CAUTION_NAMED, /* an order that names its entries on the command line */
	CAUTION_FILE, /* a file, which perhaps nobody has looked at */
};

/* What a command orders. */
struct order {
	const char *verb; /* of the record */
	uint32_t directive; /* of the record; 0: none, or several */
	json_t *detail; /* of the record; may be NULL with CAUTION_CAPACITY */
	enum caution caution;
	enum reach reach;
	const char *issuer; /* NULL: none */
	enum origin origin; /* of the entries */
	struct entry *puts; /* each key once, in puts or in removes; ledger_apply() sorts them */
	size_t n_puts;
	struct xeir_key *removes; /* whoever listed them */
	size_t n_removes;
	bool removes_own; /* removes apply only to entries of its issuer's files */
	size_t n_left_out; /* lines of its file that are not yet effective, or have expired */
	bool delta; /* its file is a change to a previous file */
};

/* Write the rows and the record of @order, in the open transaction. */
int ledger_apply(struct store *store, const struct order *order, struct list_change *change);

/* Each entry that must be enforced, sorted by key. @each returns 0 to go on. */
int ledger_iterate(struct store *store, int (*each)(const struct entry *entry, void *arg),
		   void *arg);

#endif /* XEIR_JOURNAL_LEDGER_H */
