/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The list put back, with the lock held: what a writer that died had staged, or what a commit
 * changed. Calls return 0 or a negative errno after complain().
 */
#ifndef XEIR_TRANSPORT_TRANSPORT_BPF_REWRITE_H
#define XEIR_TRANSPORT_TRANSPORT_BPF_REWRITE_H

#include "transport/transport_bpf_list.h"

/* A writer died: bring the list back to what is enforced. */
int transport_bpf_rewrite_recover(struct transport_bpf *v);

/* Undo what the commit of @generation changed, and no later one. */
int transport_bpf_rewrite_revert(struct transport_bpf *v, uint32_t generation,
				 struct outcome *outcome);

#endif /* XEIR_TRANSPORT_TRANSPORT_BPF_REWRITE_H */
