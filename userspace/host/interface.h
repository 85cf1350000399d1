/* SPDX-License-Identifier: GPL-2.0-only */
/* What stands in the way of filtering on an interface of this network namespace. */
#ifndef XEIR_HOST_INTERFACE_H
#define XEIR_HOST_INTERFACE_H

#include <net/if.h>
#include <stdbool.h>

/* Do its packets begin with an Ethernet header? 1, 0 or -errno; reports nothing. */
int interface_is_ethernet(const char *ifname);

/* One on top of @ifname, as a macvlan or VLAN is, that has an XDP program; false: none is found. */
bool interface_find_upper_xdp(const char *ifname, char upper[IF_NAMESIZE]);

#endif /* XEIR_HOST_INTERFACE_H */
