/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XEIR_CMD_ROLLBACK_H
#define XEIR_CMD_ROLLBACK_H

#include <stdint.h>

/* `xeir directive rollback N`; returns the exit status. */
int directive_rollback(uint32_t directive);

#endif /* XEIR_CMD_ROLLBACK_H */
