// SPDX-License-Identifier: GPL-2.0-only
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "netns.h"

static unsigned int xeir_net_id __read_mostly;

struct xeir_net *xeir_net(const struct net *net)
{
	return net_generic(net, xeir_net_id);
}

static int __net_init xeir_net_init(struct net *net)
{
	struct xeir_net *xn = xeir_net(net);

	mutex_init(&xn->lock);
	xeir_list_init(&xn->list, &xn->sweep);
	xeir_nf_init(&xn->nf, &xn->lock);
	xeir_sweep_init(&xn->sweep);
	return 0;
}

/*
 * The namespace is deleted, or the module unloaded. No message can come any more: a
 * namespace outlives its sockets, and the family is unregistered first. The attached
 * programs hold references to the maps and go on with the last committed list.
 */
static void __net_exit xeir_net_exit(struct net *net)
{
	struct xeir_net *xn = xeir_net(net);

	mutex_lock(&xn->lock);
	xeir_nf_unhook(&xn->nf, net, &xn->list.maps);
	xeir_sweep_unbind(&xn->sweep);
	xeir_list_unbind(&xn->list);
	mutex_unlock(&xn->lock);
	mutex_destroy(&xn->sweep.lock);
	mutex_destroy(&xn->lock);
}

static struct pernet_operations xeir_net_ops = {
	.init = xeir_net_init,
	.exit = xeir_net_exit,
	.id = &xeir_net_id,
	.size = sizeof(struct xeir_net),
};

int xeir_netns_init(void)
{
	return register_pernet_subsys(&xeir_net_ops);
}

void xeir_netns_exit(void)
{
	unregister_pernet_subsys(&xeir_net_ops);
}
