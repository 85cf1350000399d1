/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XEIR_KMOD_NETNS_H
#define XEIR_KMOD_NETNS_H

#include <linux/mutex.h>

#include "list.h"
#include "sweep.h"

struct bpf_prog;
struct net;

/* What the module keeps of one network namespace. */
struct xeir_net {
	struct mutex lock;	/* of all that follows; taken in process context only */
	struct xeir_list list;
	struct bpf_prog __rcu *hook;	/* judges reassembled datagrams, see nf.h */
	struct xeir_sweep sweep;	/* has a lock of its own */
};

struct xeir_net *xeir_net(const struct net *net);

int xeir_netns_init(void);
void xeir_netns_exit(void);

#endif /* XEIR_KMOD_NETNS_H */
