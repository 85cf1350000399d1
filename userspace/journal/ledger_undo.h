/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Undo changes of the listing. The rows are written into a record that the caller begins and ends.
 * Calls return 0 or a negative errno after complain().
 */
#ifndef XEIR_JOURNAL_LEDGER_UNDO_H
#define XEIR_JOURNAL_LEDGER_UNDO_H

#include "journal/ledger_rows.h"

/* What one record changed. A key that a later record named again stays as it is now. */
int ledger_undo_record(struct ledger_rows *ledger, int64_t record);

/* All that @directive lists, and what it unlisted is listed again. */
int ledger_undo_directive(struct ledger_rows *ledger, uint32_t directive);

#endif /* XEIR_JOURNAL_LEDGER_UNDO_H */
