/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Netfilter hooks behind XDP: what IP fragments hide from it is judged here, by the
 * BPF program that came with the maps. The namespace is locked.
 */
#ifndef XEIR_KMOD_NF_H
#define XEIR_KMOD_NF_H

#include <linux/types.h>

struct net;

/* Maps are bound. A hook that is goes once this one is. *why: the sentence of a refusal. */
int xeir_nf_hook(struct net *net, u32 fd, const char **why);
void xeir_nf_unhook(struct net *net);

#endif /* XEIR_KMOD_NF_H */
