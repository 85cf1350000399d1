/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XEIR_POLICY_ROLLBACK_H
#define XEIR_POLICY_ROLLBACK_H

#include <stdint.h>

/*
 * Undo what @directive lists, and bring back what it unlisted; answer, and return the exit status.
 */
int rollback(uint32_t directive);

#endif /* XEIR_POLICY_ROLLBACK_H */
