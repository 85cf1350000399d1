/* SPDX-License-Identifier: GPL-2.0-only */
/* The list over netlink, through the module. */
#ifndef XEIR_TRANSPORT_TRANSPORT_NETLINK_H
#define XEIR_TRANSPORT_TRANSPORT_NETLINK_H

struct transport *transport_netlink_open(void);

#endif /* XEIR_TRANSPORT_TRANSPORT_NETLINK_H */
