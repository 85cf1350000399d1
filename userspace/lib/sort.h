/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XEIR_LIB_SORT_H
#define XEIR_LIB_SORT_H

#include <stddef.h>

/* Of two struct xeir_key, or of what starts with one: as memcmp(). */
int key_order(const void *a, const void *b);

/* Sort @n elements of @size octets, up to SORT_SIZE_MAX, by the struct xeir_key at their start. */
#define SORT_SIZE_MAX 64
void sort_by_key(void *all, size_t n, size_t size);

#endif /* XEIR_LIB_SORT_H */
