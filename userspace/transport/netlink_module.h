/* SPDX-License-Identifier: GPL-2.0-only */
/* What the module holds, and the requests that hand it over or take it back. */
#ifndef XEIR_TRANSPORT_NETLINK_MODULE_H
#define XEIR_TRANSPORT_NETLINK_MODULE_H

#include <stdbool.h>
#include <stdint.h>

/* Is the family there? */
bool netlink_module_present(void);

/* Has the module bound the list with this BPF map id (0: any) in this namespace? 1, 0, -errno */
int netlink_module_has_bound(uint32_t list_id);

/* The same of the pinned list; 0 too when none is pinned. */
int netlink_module_has_pinned_list(void);

/*
 * Hand over the list, the control, the counters and the programs of the hook and of the
 * sweep, or take them back. 0 or -errno after complain(), likewise the next.
 */
#define NETLINK_MODULE_FDS 5
int netlink_module_bind(const int *fds);
int netlink_module_unbind(void);

/* Two other programs, for the hook and for the sweep. */
int netlink_module_set_programs(const int *fds);

#endif /* XEIR_TRANSPORT_NETLINK_MODULE_H */
