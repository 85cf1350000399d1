/* SPDX-License-Identifier: GPL-2.0-only */
/* Apply updates to the register and the list, in one record. */
#ifndef XEIR_NUMBERS_REGISTER_APPLY_H
#define XEIR_NUMBERS_REGISTER_APPLY_H

#include "directive/faults.h"
#include "journal/ledger.h"
#include "numbers/number_updates.h"

/* Where updates come from. */
enum update_kind {
	UPDATE_ORDERED, /* numbers that an order names */
	UPDATE_SEEN, /* numbers that handsets were seen with */
	UPDATE_RESULT, /* of verification */
	UPDATE_OVERDUE, /* numbers whose time is over */
};

struct tally {
	size_t added, known, moved; /* numbers; moved: given another deadline */
	size_t linked; /* SIMs and handsets that a number was seen with */
	size_t verified, failed, disconnected, reconnected;
	size_t unchanged, duplicates;
};

/* An order of the register. `order` is the first member: register_apply() is given its address. */
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
