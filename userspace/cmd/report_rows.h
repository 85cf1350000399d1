/* SPDX-License-Identifier: GPL-2.0-only */
/* Rows of the tables of a report as JSON: times are RFC 3339, identifiers are their digits. */
#ifndef XEIR_CMD_REPORT_ROWS_H
#define XEIR_CMD_REPORT_ROWS_H

#include <jansson.h>

#include "cmd/report_tables.h"

json_t *report_column_json(sqlite3_stmt *s, int column);

/* [{column: value}]; NULL after complain(). */
json_t *report_rows_json(const struct report_query *query, const char *sql);

#endif /* XEIR_CMD_REPORT_ROWS_H */
