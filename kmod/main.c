// SPDX-License-Identifier: GPL-2.0-only
#include <linux/init.h>
#include <linux/module.h>
#include <net/genetlink.h>

#include "compat.h"
#include "netlink.h"
#include "netns.h"
#include "sweep.h"

static int __init xeir_init(void)
{
	int err;

	err = xeir_sweep_queue_init();
	if (err)
		return err;
	err = xeir_netns_init();
	if (err)
		goto err_queue;

	/* Last, as messages may come at once, and need the state of namespaces. */
	err = xeir_netlink_init();
	if (err)
		goto err_netns;
	return 0;

err_netns:
	xeir_netns_exit();
err_queue:
	xeir_sweep_queue_exit();
	return err;
}

static void __exit xeir_exit(void)
{
	xeir_netlink_exit();
	xeir_netns_exit();
	/* Empty, as a namespace that ends cancels its work. */
	xeir_sweep_queue_exit();
}

module_init(xeir_init);
module_exit(xeir_exit);

MODULE_IMPORT_NS(XEIR_NS_BPF_INTERNAL);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Equipment identity register for the packet core: the list that XDP enforces");
MODULE_ALIAS_GENL_FAMILY(XEIR_GENL_NAME);
MODULE_VERSION("1");
