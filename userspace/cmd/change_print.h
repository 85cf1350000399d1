/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XEIR_CMD_CHANGE_PRINT_H
#define XEIR_CMD_CHANGE_PRINT_H

#include <jansson.h>

#include "directive/directive.h"
#include "transport/transport.h"

/*
 * Print what a verb has changed of the list; returns the exit status. @directive: the file that the
 * change came from, or NULL. @more: members to add to the JSON, or NULL. Both @more and
 * outcome->refused are released.
 */
int change_print(const struct transport *t, struct outcome *outcome,
		 const struct directive *directive, json_t *more);

/* The exit status of a change that failed, or of one that prints nothing. */
int change_status(int err);

#endif /* XEIR_CMD_CHANGE_PRINT_H */
