/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XEIR_CMD_PREVIEW_PRINT_H
#define XEIR_CMD_PREVIEW_PRINT_H

#include "policy/preview.h"

/* {"sessions", ..., "by_apn": [], "by_tac": []} */
json_t *preview_json(const struct preview *preview);
void preview_print(const struct preview *preview);

#endif /* XEIR_CMD_PREVIEW_PRINT_H */
