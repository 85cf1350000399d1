/* SPDX-License-Identifier: GPL-2.0-only */
/* The pinned maps, as transport_bpf.c reads them and transport_bpf_write.c changes them. */
#ifndef XEIR_TRANSPORT_TRANSPORT_BPF_H
#define XEIR_TRANSPORT_TRANSPORT_BPF_H

#include "transport/transport.h"

/* What the map has of a key, as the transaction begins. */
struct element {
	struct xeir_key key;
	struct xeir_entry entry;
};

struct transport_bpf {
	struct transport t;
	int list;
	int control_fd;
	uint32_t list_id;
	uint32_t capacity;

	/* While a transaction is open: */
	int lock;
	struct xeir_control *control;	/* the map itself; NULL: none is open */
	const struct entry *puts;	/* the caller's, as the next */
	const struct xeir_key *removes;
	size_t n_puts, n_removes;
	struct element *there;	/* of their keys, at least, what is in the map; by key */
	size_t n_there, room;
	bool whole;		/* that is all of the map */
};

/* All of the list's entries, as they stand in the map. */
struct raw_list {
	struct xeir_key *keys;
	struct xeir_entry *entries;
	size_t n;
};

/* Lock the pins, and see to it that the open maps are the pinned ones; a descriptor to close. */
int transport_bpf_lock(struct transport_bpf *v, bool exclusive);

int raw_list_read(struct transport_bpf *v, struct raw_list *raw);
void raw_list_free(struct raw_list *raw);

/* What is staged is forgotten, and the lock given back. */
void transport_bpf_end(struct transport_bpf *v);

int transport_bpf_begin(struct transport *t);
int transport_bpf_put(struct transport *t, const struct entry *entries, size_t n);
int transport_bpf_remove(struct transport *t, const struct xeir_key *keys, size_t n);
int transport_bpf_commit(struct transport *t, struct outcome *outcome);
int transport_bpf_abort(struct transport *t, struct outcome *outcome);
int transport_bpf_revert(struct transport *t, uint32_t generation, struct outcome *outcome);

#endif /* XEIR_TRANSPORT_TRANSPORT_BPF_H */
