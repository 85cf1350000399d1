/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The protect list: handsets that are listed only by mistake, as the operator's own. Calls return
 * 0 or a negative errno after complain(), unless said otherwise.
 */
#ifndef XEIR_POLICY_PROTECTION_H
#define XEIR_POLICY_PROTECTION_H

#include <jansson.h>
#include <stddef.h>
#include <xeir/maps.h>

#include "journal/store.h"

struct protection {
	struct xeir_key *imeis;
	size_t n;
};

int protection_read(struct store *store, struct protection *protection);
int protection_add(struct protection *protection, const struct xeir_key *imei);
bool protection_has(const struct protection *protection, const struct xeir_key *imei);
void protection_free(struct protection *protection);

/* Record that the IMEIs of @texts, an array, are added ("add") or removed ("del"). */
int protection_record(struct store *store, const char *op, json_t *texts);

/*
 * The directive that lists @key now, so that it is dropped or rejected; 0: an entry without a
 * directive; -ENOENT: not listed, without complain().
 */
int64_t protection_listed_by(struct store *store, const struct xeir_key *key);

#endif /* XEIR_POLICY_PROTECTION_H */
