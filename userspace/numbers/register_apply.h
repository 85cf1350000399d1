/* SPDX-License-Identifier: GPL-2.0-only */
/* What updates make of the register, and of the list, in one record. */
#ifndef XEIR_NUMBERS_REGISTER_APPLY_H
#define XEIR_NUMBERS_REGISTER_APPLY_H

#include "directive/faults.h"
#include "journal/ledger.h"
#include "numbers/number_updates.h"

/* What they are of. */
enum update_kind {
	UPDATE_ORDERED, /* numbers that an order names */
	UPDATE_SEEN, /* numbers that handsets were seen with */
	UPDATE_RESULT, /* of verification */
	UPDATE_OVERDUE, /* numbers whose time is over */
};

struct tally {
	size_t added, known, moved; /* numbers; moved: to another deadline */
	size_t linked; /* cards and handsets that a number was seen with */
	size_t verified, failed, disconnected, reconnected;
	size_t unchanged, duplicates;
};

/* An order of the register; what ledger.h takes is its first member. */
struct number_order {
	struct order order; /* without puts and removes; its directive narrows results */
	enum update_kind kind;
	struct number_updates *updates;
	uint8_t action; /* of entries */
	struct faults *faults;
	size_t faults_read; /* of them, those of reading the file */
	struct tally *tally;
};

/*
 * Write it, as ledger_apply() does. @order is a struct number_order. -EINVAL: its updates are at
 * fault, and opt.skip_invalid is off.
 */
int register_apply(struct store *store, const struct order *order, struct list_change *change);

#endif /* XEIR_NUMBERS_REGISTER_APPLY_H */
