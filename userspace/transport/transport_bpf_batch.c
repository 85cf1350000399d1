// SPDX-License-Identifier: GPL-2.0-only
#include "transport/transport_bpf_batch.h"

#include <bpf/bpf.h>

int transport_bpf_batch_update(struct transport_bpf *v, struct batch *batch)
{
	__u32 n = batch->n;

	batch->n = 0;
	return n ? bpf_map_update_batch(v->list, batch->keys, batch->entries, &n, NULL) : 0;
}

int transport_bpf_batch_delete(struct transport_bpf *v, struct batch *batch)
{
	__u32 n = batch->n;

	batch->n = 0;
	return n ? bpf_map_delete_batch(v->list, batch->keys, &n, NULL) : 0;
}

int transport_bpf_batch_add(struct transport_bpf *v, struct batch *batch,
			    const struct xeir_key *key, const struct xeir_entry *entry,
			    int (*empty)(struct transport_bpf *, struct batch *))
{
	int err = batch->n == BATCH ? empty(v, batch) : 0;

	batch->keys[batch->n] = *key;
	batch->entries[batch->n++] = *entry;
	return err;
}
