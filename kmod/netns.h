/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XEIR_KMOD_NETNS_H
#define XEIR_KMOD_NETNS_H

#include <linux/mutex.h>

#include "list.h"
#include "nf.h"
#include "sweep.h"

struct net;

/* The state of one network namespace. */
struct xeir_net {
	struct mutex lock;	/* of all that follows; taken in process context only */
	struct xeir_list list;
	struct xeir_nf nf;
	struct xeir_sweep sweep;	/* has another lock */
};

struct xeir_net *xeir_net(const struct net *net);

int xeir_netns_init(void);
void xeir_netns_exit(void);

#endif /* XEIR_KMOD_NETNS_H */
