/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XEIR_KMOD_NETLINK_H
#define XEIR_KMOD_NETLINK_H

int xeir_netlink_init(void);
void xeir_netlink_exit(void);

#endif /* XEIR_KMOD_NETLINK_H */
