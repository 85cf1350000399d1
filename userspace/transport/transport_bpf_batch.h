/* SPDX-License-Identifier: GPL-2.0-only */
/* Changes to the list's map, thousands in one system call. Calls return 0 or a negative errno. */
#ifndef XEIR_TRANSPORT_TRANSPORT_BPF_BATCH_H
#define XEIR_TRANSPORT_TRANSPORT_BPF_BATCH_H

#include "transport/transport_bpf_list.h"

#define BATCH 4096

/* Changes that wait for one system call. */
struct batch {
	struct xeir_key keys[BATCH];
	struct xeir_entry entries[BATCH];
	__u32 n;
};

int transport_bpf_batch_update(struct transport_bpf *v, struct batch *batch);
int transport_bpf_batch_delete(struct transport_bpf *v, struct batch *batch);

/* Add one, after @empty has made room. */
int transport_bpf_batch_add(struct transport_bpf *v, struct batch *batch,
			    const struct xeir_key *key, const struct xeir_entry *entry,
			    int (*empty)(struct transport_bpf *, struct batch *));

#endif /* XEIR_TRANSPORT_TRANSPORT_BPF_BATCH_H */
