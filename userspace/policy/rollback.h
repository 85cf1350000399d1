/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XEIR_POLICY_ROLLBACK_H
#define XEIR_POLICY_ROLLBACK_H

#include <jansson.h>
#include <stdint.h>

#include "transport/transport.h"

/*
 * Undo what @directive lists, and list again what it unlisted. @kept, an array, gets {"directive",
 * "entries"} of each other directive that still lists some of the same entries. Returns as
 * change_apply().
 */
int rollback(struct transport *t, uint32_t directive, json_t *kept, struct outcome *outcome);

#endif /* XEIR_POLICY_ROLLBACK_H */
