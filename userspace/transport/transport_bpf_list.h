/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The maps of the list, open, locked and read as they are. Calls return 0 or a negative errno
 * after complain().
 */
#ifndef XEIR_TRANSPORT_TRANSPORT_BPF_LIST_H
#define XEIR_TRANSPORT_TRANSPORT_BPF_LIST_H

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
	struct xeir_control *control;	/* the mapped map; NULL: none is open */
	const struct entry *puts;	/* the caller's, as the next */
	const struct xeir_key *removes;
	size_t n_puts, n_removes;
	struct element *there;	/* the map's elements of these keys, at least; sorted */
	size_t n_there, there_capacity;
	bool is_all;		/* `there` is all of the map */
};

/* All entries of the map, as they are. */
struct raw_list {
	struct xeir_key *keys;
	struct xeir_entry *entries;
	size_t n;
};

/* Lock the pins, and open the maps that are pinned now; a descriptor to close. */
int transport_bpf_list_lock(struct transport_bpf *v, bool exclusive);

/* Open both, or close what is open. */
int transport_bpf_list_open(struct transport_bpf *v);
void transport_bpf_list_close(struct transport_bpf *v);

int transport_bpf_list_read(struct transport_bpf *v, struct raw_list *raw);
void transport_bpf_list_free(struct raw_list *raw);

/* When this returns, no program still runs that has loaded the former generation. */
void transport_bpf_list_wait(void);

/* Of the control, which programs and other writers read at any time. */
static inline void transport_bpf_list_set(__u32 *word, __u32 value)
{
	__atomic_store_n(word, value, __ATOMIC_SEQ_CST);
}

/* Complain; returns @err. */
int transport_bpf_list_failed(const char *what, int err);

#endif /* XEIR_TRANSPORT_TRANSPORT_BPF_LIST_H */
