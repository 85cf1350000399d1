/* SPDX-License-Identifier: GPL-2.0-only */
/* What a record changes of the list that is enforced. */
#ifndef XEIR_JOURNAL_LIST_CHANGE_H
#define XEIR_JOURNAL_LIST_CHANGE_H

#include "transport/transport.h"

struct list_change {
	struct entry *puts; /* sorted by key; the order's array while puts_capacity is 0 */
	size_t n_puts, puts_capacity;
	size_t n_shared; /* entries of the order's array */
	struct xeir_key *removes; /* sorted; no key is in both */
	size_t n_removes, removes_capacity;
	size_t ended; /* removes that had expired, and so were not enforced any more */
	size_t added, changed; /* of the puts */
	size_t kept; /* were to be removed, but others list them too */
	/* with REACH_ISSUER: keys that files of the issuer listed and that had not expired */
	size_t own_before, own_kept; /* all, and those that the order puts again */
};

/* Keys come sorted. 0 or a negative errno after complain(). */
int list_change_put(struct list_change *change, const struct xeir_key *key,
		    const struct xeir_side *side);
int list_change_remove(struct list_change *change, const struct xeir_key *key);
void list_change_free(struct list_change *change);

#endif /* XEIR_JOURNAL_LIST_CHANGE_H */
