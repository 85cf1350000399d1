/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XEIR_RESTORE_H
#define XEIR_RESTORE_H

#include "transport.h"

/*
 * Bring list and settings to what the journal says, if there is one; 0, 1: there is none, or a
 * negative errno after complain().
 */
int restore_from_journal(struct figures *figures);

#endif /* XEIR_RESTORE_H */
