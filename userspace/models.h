/* SPDX-License-Identifier: GPL-2.0-only */
/* A TAC stops a whole model: a slip of a digit or a column must not. */
#ifndef XEIR_MODELS_H
#define XEIR_MODELS_H

#include "transport.h"

/*
 * EXIT_DONE when these entries stop no model that is not stopped already, or when --yes or
 * --dry-run is given; else EXIT_BAD or EXIT_FAILED, said why.
 */
int models_allowed(struct transport *t, const struct entry *puts, size_t n);

#endif /* XEIR_MODELS_H */
