/* SPDX-License-Identifier: GPL-2.0-only */
/* All elements of a BPF hash of any size, in bounded memory. */
#ifndef XEIR_TRANSPORT_MAP_ITERATE_H
#define XEIR_TRANSPORT_MAP_ITERATE_H

#include <stddef.h>

/*
 * Each element once, in no order; one that is added or removed meanwhile may be met or not. @each
 * returns 0 to go on. 0, what @each returned, or -errno.
 */
int map_iterate(int fd, int (*each)(const void *key, const void *value, void *arg), void *arg);

/* Remove all, *n of them. 0 or -errno. */
int map_iterate_clear(int fd, size_t *n);

#endif /* XEIR_TRANSPORT_MAP_ITERATE_H */
