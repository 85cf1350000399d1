// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <xeir/list.h>
#include "listing.h"
#include "xeir.h"

/* The wire has the first digit of an octet in its low nibble. */
static uint64_t rank(const struct xeir_key *key)
{
	uint64_t rank = key->kind;

	for (size_t i = 0; i < sizeof(key->id); i++)
		rank = rank << 8 | (key->id[i] & 0xf) << 4 | key->id[i] >> 4;
	return rank;
}

static int compare(const void *a, const void *b)
{
	uint64_t left = rank(&((const struct entry *)a)->key);
	uint64_t right = rank(&((const struct entry *)b)->key);

	return left < right ? -1 : left > right;
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
