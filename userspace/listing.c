// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <xeir/list.h>
#include "listing.h"
#include "xeir.h"

/* The wire has the first digit of an octet in its low nibble; the filler F comes before all. */
static int digits_of(__u8 octet)
{
	return ((octet + 1) & 0xf) << 4 | ((octet >> 4) + 1) % 16;
}

static int compare(const void *a, const void *b)
{
	const struct xeir_key *left = &((const struct entry *)a)->key;
	const struct xeir_key *right = &((const struct entry *)b)->key;
	int differ = left->kind - right->kind;

	for (size_t i = 0; i < sizeof(left->id) && !differ; i++)
		differ = digits_of(left->id[i]) - digits_of(right->id[i]);
	return differ;
}

static void drop_ended(struct snapshot *listing)
{
	__u32 now = time(NULL);
	size_t n = 0;

	for (size_t i = 0; i < listing->n; i++)
		if (!xeir_side_ended(&listing->entries[i].side, now))
			listing->entries[n++] = listing->entries[i];
	if (n < listing->n)
		fprintf(stderr, "xeir: %zu left out, whose end has passed\n", listing->n - n);
	listing->n = n;
}

int listing_read(struct snapshot *listing)
{
	int err;

	memset(listing, 0, sizeof(*listing));
	err = snapshot_of_enforced(listing);
	if (err) {
		snapshot_free(listing);
		return err;
	}
	drop_ended(listing);
	if (listing->n)
		qsort(listing->entries, listing->n, sizeof(*listing->entries), compare);
	return 0;
}
