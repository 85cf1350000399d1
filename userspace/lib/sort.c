// SPDX-License-Identifier: GPL-2.0-only
/*
 * In place, by one octet of the key after another: millions of keys differ in few of them, and
 * a comparison of any two is more work than to look at each so often.
 */
#include "lib/sort.h"

#include <stdlib.h>
#include <string.h>
#include <xeir/maps.h>

/* Of fewer, comparisons are less work. */
#define FEW 24

int key_order(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct xeir_key));
}

static void swap(char *a, char *b, size_t size)
{
	char held[SORT_SIZE_MAX];

	memcpy(held, a, size);
	memcpy(a, b, size);
	memcpy(b, held, size);
}

/* Bring each element to those that have the same @octet; ends[i] is where those of i end. */
static void part(char *all, size_t size, size_t octet, size_t ends[256])
{
	size_t next[256];

	for (size_t i = 0; i < 256; i++)
		next[i] = i ? ends[i - 1] : 0;
	for (size_t i = 0; i < 256; i++)
		while (next[i] < ends[i]) {
			char *one = all + next[i] * size;
			unsigned char where = one[octet];

			if (where != i)
				swap(one, all + next[where] * size, size);
			next[where]++;
		}
}

static void sort_from(char *all, size_t n, size_t size, size_t octet)
{
	size_t ends[256] = {}, start = 0;

	if (n < FEW) {
		qsort(all, n, size, key_order);
		return;
	}
	if (octet == sizeof(struct xeir_key))
		return;
	for (size_t i = 0; i < n; i++)
		ends[(unsigned char)all[i * size + octet]]++;
	for (size_t i = 1; i < 256; i++)
		ends[i] += ends[i - 1];
	part(all, size, octet, ends);
	for (size_t i = 0; i < 256; start = ends[i++])
		if (ends[i] - start > 1)
			sort_from(all + start * size, ends[i] - start, size, octet + 1);
}

void sort_by_key(void *all, size_t n, size_t size)
{
	const char *at = all;
	size_t i = 1;

	/* most files are */
	while (i < n && key_order(at, at + size) <= 0) {
		at += size;
		i++;
	}
	if (i < n)
		sort_from(all, n, size, 0);
}
