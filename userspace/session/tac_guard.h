/* SPDX-License-Identifier: GPL-2.0-only */
/* A TAC stops a whole model; a mistyped digit or a wrong column must not. */
#ifndef XEIR_SESSION_TAC_GUARD_H
#define XEIR_SESSION_TAC_GUARD_H

#include "transport/transport.h"

/*
 * EXIT_DONE when these entries stop no model that is not stopped already, or when --yes or
 * --dry-run is given; else EXIT_BAD or EXIT_FAILED after complain().
 */
int tac_guard_check(struct transport *t, const struct entry *puts, size_t n);

#endif /* XEIR_SESSION_TAC_GUARD_H */
