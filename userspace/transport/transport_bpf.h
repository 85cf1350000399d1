/* SPDX-License-Identifier: GPL-2.0-only */
/* The list by bpf(2), in the pinned maps. */
#ifndef XEIR_TRANSPORT_TRANSPORT_BPF_H
#define XEIR_TRANSPORT_TRANSPORT_BPF_H

struct transport *transport_bpf_open(void);

#endif /* XEIR_TRANSPORT_TRANSPORT_BPF_H */
