/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XEIR_CMD_RESTORE_H
#define XEIR_CMD_RESTORE_H

#include "transport/transport.h"

/*
 * Bring list and settings to what the journal says, if there is one; 0, 1: there is none, or a
 * negative errno after complain().
 */
int restore_from_journal(struct figures *figures);

/* Entries that the journal wants enforced, 0 if there is none; 0 or a negative errno, likewise. */
int restore_listed(unsigned int *n);

#endif /* XEIR_CMD_RESTORE_H */
