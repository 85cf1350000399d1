/* SPDX-License-Identifier: GPL-2.0-only */
/* Many sessions, each of another handset, by their number. */
#ifndef XEIR_MANY_SESSIONS_H
#define XEIR_MANY_SESSIONS_H

#include "lib/transaction.h"

/* @n as decimal digits, low nibble first, behind what makes an IMEI or a number of them. */
void many_sessions_digits(unsigned int n, unsigned char id[9]);

/* Valid until the next. */
struct pdn many_sessions_pdn(unsigned int n);

/* Request and response; false: one of them was stopped. */
bool many_sessions_set_up(unsigned int n);

/* List or unlist the handsets of @n sessions: every @step-th from the first. */
void many_sessions_list(unsigned int n, unsigned int step, bool listed);

#endif /* XEIR_MANY_SESSIONS_H */
