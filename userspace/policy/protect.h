/* SPDX-License-Identifier: GPL-2.0-only */
/* The protect list: handsets that are listed by mistake only, as the operator's own. */
#ifndef XEIR_POLICY_PROTECT_H
#define XEIR_POLICY_PROTECT_H

#include <stddef.h>
#include <xeir/maps.h>

#include "journal/store.h"

struct protection {
	struct xeir_key *imeis;
	size_t n;
};

/* 0 or a negative errno after complain(). */
int protection_read(struct store *store, struct protection *protect);
void protection_free(struct protection *protect);

#endif /* XEIR_POLICY_PROTECT_H */
