/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tables of the journal, version by version. 0 or a negative errno after complain().
 *
 * Facts have a life: each row says by which record it began (`added`) and by which it ended
 * (`removed`, 0: it holds). No row is ever changed otherwise or deleted, so that the records'
 * hashes can cover all of them.
 */
#ifndef XEIR_JOURNAL_SCHEMA_H
#define XEIR_JOURNAL_SCHEMA_H

#include "journal/store.h"

/* Whose a row of `listing` is. */
enum origin {
	ORIGIN_ORDER, /* of a file, or a command that named it */
	ORIGIN_REGISTER, /* of the register of numbers */
};

/* Make the tables, or bring those of an older xeir to this one's; refuse those of a newer one. */
int schema_migrate(struct store *store);

/* Are they this one's? */
int schema_check(struct store *store);

#endif /* XEIR_JOURNAL_SCHEMA_H */
