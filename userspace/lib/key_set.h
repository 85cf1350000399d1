/* SPDX-License-Identifier: GPL-2.0-only */
/* Elements, each key once, numbered from 0 in the order of their arrival. */
#ifndef XEIR_LIB_KEY_SET_H
#define XEIR_LIB_KEY_SET_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <xeir/maps.h>

struct key_set {
	void *all;		/* of one size, each with its key in front */
	size_t n, capacity;
	uint32_t *slots;	/* open addressing: 1 + number below bits of the hash; 0: free */
	size_t n_slots;		/* a power of 2, twice the capacity; 0: they came in order */
};

/*
 * The number of the element with the key that is in front of @element, of @size octets; it is
 * the former n when the key is new, and @element is copied then. -1: no memory.
 */
ssize_t key_set_add(struct key_set *keys, const void *element, size_t size);
void key_set_free(struct key_set *keys);

#endif /* XEIR_LIB_KEY_SET_H */
