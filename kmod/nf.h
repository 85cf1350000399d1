/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Netfilter hooks behind reassembly: what IP fragments hide from XDP is judged here, by the BPF
 * program that came with the maps. Callers hold the lock of the namespace.
 */
#ifndef XEIR_KMOD_NF_H
#define XEIR_KMOD_NF_H

#include <linux/netfilter.h>
#include <linux/types.h>

#define XEIR_NF_HOOKS 4

struct bpf_prog;
struct mutex;
struct net;
struct xeir_maps;

struct xeir_nf {
	struct bpf_prog __rcu *prog;	/* NULL: no hook is registered */
	struct nf_hook_ops ops[XEIR_NF_HOOKS];
	struct mutex *lock;	/* of the namespace */
};

void xeir_nf_init(struct xeir_nf *nf, struct mutex *lock);

/* @maps are bound. Replaces the program, if there is one. *why: the sentence of a refusal. */
int xeir_nf_hook(struct xeir_nf *nf, struct net *net, const struct xeir_maps *maps, u32 fd,
		 const char **why);
void xeir_nf_unhook(struct xeir_nf *nf, struct net *net, const struct xeir_maps *maps);

#endif /* XEIR_KMOD_NF_H */
