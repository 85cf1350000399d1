/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XEIR_JOURNAL_CHAIN_VERIFY_H
#define XEIR_JOURNAL_CHAIN_VERIFY_H

#include <stdint.h>

#include "journal/store.h"

/*
 * Compute all hashes of the journal again; @found is called for each fault. Returns the number of
 * faults, or a negative errno after complain().
 */
int64_t chain_verify(struct store *store, void (*found)(const char *fault, void *arg), void *arg);

#endif /* XEIR_JOURNAL_CHAIN_VERIFY_H */
