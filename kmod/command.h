/* SPDX-License-Identifier: GPL-2.0-only */
/* What the commands of the family share: checks, and replies. */
#ifndef XEIR_KMOD_COMMAND_H
#define XEIR_KMOD_COMMAND_H

struct genl_family;
struct genl_info;
struct netlink_ext_ack;
struct sk_buff;
struct xeir_list;

extern struct genl_family xeir_family; /* in netlink.c */

int xeir_check_capability(const struct sk_buff *skb, struct netlink_ext_ack *extack);
int xeir_check_bound(const struct xeir_list *list, struct netlink_ext_ack *extack);

/* The list of the sender's namespace, which is locked. */
struct xeir_list *xeir_info_list(const struct genl_info *info);

/* A command allocates its reply before it changes anything, so that it cannot fail afterwards. */
struct sk_buff *xeir_new_reply(struct genl_info *info, void **hdr);
int xeir_send_reply(struct genl_info *info, struct sk_buff *skb, void *hdr, int err);

#endif /* XEIR_KMOD_COMMAND_H */
