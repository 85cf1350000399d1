/* SPDX-License-Identifier: GPL-2.0-only */
/* What a report is of, and what it is worth. */
#ifndef XEIR_CMD_REPORT_SCOPE_H
#define XEIR_CMD_REPORT_SCOPE_H

#include <jansson.h>

#include "cmd/report_tables.h"

/*
 * Add to the report:
 *
 *   operator, host, version   of the network, this host, this tool
 *   interfaces                [{"interface", "direction"}] that the programs are on now
 *   from                      when the directive came; the report goes to its own time
 *   files                     [{"record", "time", "verb", "actor", "file", "sha256", "signer",
 *                             "key_id", "reason"}], also those that were refused
 *   journal                   {"file", "records", "head"}: the last record and its hash
 *   limits                    sentences: what it does not show
 *
 * 0 or a negative errno after complain().
 */
int report_add_scope(const struct report_query *query, json_t *report);

#endif /* XEIR_CMD_REPORT_SCOPE_H */
