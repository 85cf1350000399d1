/* SPDX-License-Identifier: GPL-2.0-only */
/* What a directive would affect, before it is applied: sessions that are up, and sightings. */
#ifndef XEIR_POLICY_PREVIEW_H
#define XEIR_POLICY_PREVIEW_H

#include "directive/directive.h"
#include "directive/memory_list.h"
#include "session/group_sums.h"

struct preview {
	/* the list as it would be; of a key, puts and removes come first */
	struct memory_list puts, removes, enforced;
	__u32 now;

	size_t sessions;	/* that would be cut */
	size_t sightings;	/* whose session would be stopped today */
	size_t watched;		/* of both, that would only be watched */
	struct key_set numbers, handsets;
	struct group_sums apns, tacs;
};

/* @flush: nothing else stays listed. 0 or a negative errno, after complain(). */
int preview_make(const struct directive *directive, bool flush, struct preview *preview);
void preview_free(struct preview *preview);

#endif /* XEIR_POLICY_PREVIEW_H */
