/* SPDX-License-Identifier: GPL-2.0-only */
/* Keys, each once, numbered from 0 in the order in which they came. */
#ifndef XEIR_KEYS_H
#define XEIR_KEYS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <xeir/maps.h>

struct keys {
	struct xeir_key *all;
	size_t n, room;
	uint32_t *slots;	/* open addressing: 1 + number below bits of the hash; 0: free */
	size_t n_slots;		/* a power of 2, twice the room */
};

/* The number of @key, which is the former n when it is new; -1: no memory. */
ssize_t keys_add(struct keys *keys, const struct xeir_key *key);
void keys_free(struct keys *keys);

#endif /* XEIR_KEYS_H */
