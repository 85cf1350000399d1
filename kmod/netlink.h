/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XEIR_KMOD_NETLINK_H
#define XEIR_KMOD_NETLINK_H

struct genl_family;
struct genl_info;
struct netlink_ext_ack;
struct sk_buff;
struct xeir_list;

int xeir_netlink_init(void);
void xeir_netlink_exit(void);

/* What the commands share. */
extern struct genl_family xeir_family;

int xeir_check_capability(const struct sk_buff *skb, struct netlink_ext_ack *extack);
int xeir_check_bound(const struct xeir_list *list, struct netlink_ext_ack *extack);

/* The list of the sender's namespace, which is locked. */
struct xeir_list *xeir_info_list(const struct genl_info *info);

/* A reply is made before the command is done, so that nothing done goes unanswered. */
struct sk_buff *xeir_new_reply(struct genl_info *info, void **hdr);
int xeir_send_reply(struct genl_info *info, struct sk_buff *skb, void *hdr, int err);

#endif /* XEIR_KMOD_NETLINK_H */
