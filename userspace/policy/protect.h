/* SPDX-License-Identifier: GPL-2.0-only */
/* The protect list: handsets that are listed by mistake only, as the operator's own. */
#ifndef XEIR_POLICY_PROTECT_H
#define XEIR_POLICY_PROTECT_H

#include <stddef.h>
#include <xeir/maps.h>

#include "journal/store.h"

struct protect {
	struct xeir_key *imeis;
	size_t n;
};

/* 0 or a negative errno after complain(). */
int protect_read(struct store *store, struct protect *protect);
void protect_free(struct protect *protect);

#endif /* XEIR_POLICY_PROTECT_H */
