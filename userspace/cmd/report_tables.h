/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the figures of a report are computed from, as temporary tables of its connection. A column
 * `record` has the id of the record that a row is from; NULL: what the programs count now.
 *
 *   said      record, time, verb, what, value: issuer, reference, issued and due, one row of each
 *             that the directive has
 *   arrival   record, time, verb, file, received: its files and orders, and refused files
 *   moment    what, record, moment: issued, received, applied, due
 *   entry     record, key, action, expiry, way: what it lists now; way: see SCHEMA_LISTED
 *   snapshot  record, time, began, boot, list, attempts, handsets, last_attempt, up
 *   step      record, time, began, boot, list, attempts: what a snapshot has more than those before
 *   counted   boot, list: the lists that were enforced since the directive came
 *   cutting   record, time, newly_cut
 *   numbered  record, msisdn, state, deadline, removed: its rows of the register of numbers
 */
#ifndef XEIR_CMD_REPORT_TABLES_H
#define XEIR_CMD_REPORT_TABLES_H

#include <stdint.h>
#include <time.h>

#include "journal/store.h"

/* The report of a directive, ?1 of its statements; all have one moment as now, ?2. */
struct report_query {
	struct store *store;
	uint32_t directive;
	time_t now;
};

/* NULL after complain(). */
sqlite3_stmt *report_prepare(const struct report_query *query, const char *sql);

/* Is there anything of the directive? 1, 0 or a negative errno; the last two after complain(). */
int report_is_known(const struct report_query *query);

/* Make the tables; 0 or a negative errno after complain(). */
int report_tables_make(const struct report_query *query);

#endif /* XEIR_CMD_REPORT_TABLES_H */
