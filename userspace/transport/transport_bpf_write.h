/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A transaction written by bpf(2), under the lock, by its commit. Each step leaves
 * the maps such that packets meet the old list or the new one. When this process
 * dies in the middle, by a signal too, what it staged stays in the maps without ever
 * counting, and control->pending makes the next writer undo it first.
 *
 * The calls are those of struct transport_ops.
 */
#ifndef XEIR_TRANSPORT_TRANSPORT_BPF_WRITE_H
#define XEIR_TRANSPORT_TRANSPORT_BPF_WRITE_H

#include "transport/transport_bpf_list.h"

int transport_bpf_write_begin(struct transport *t);
int transport_bpf_write_put(struct transport *t, const struct entry *entries, size_t n);
int transport_bpf_write_remove(struct transport *t, const struct xeir_key *keys, size_t n);
int transport_bpf_write_commit(struct transport *t, struct outcome *outcome);
int transport_bpf_write_abort(struct transport *t, struct outcome *outcome);
int transport_bpf_write_revert(struct transport *t, uint32_t generation, struct outcome *outcome);

/* Forget what is staged, and give the lock back. */
void transport_bpf_write_end(struct transport_bpf *v);

#endif /* XEIR_TRANSPORT_TRANSPORT_BPF_WRITE_H */
