/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XEIR_KMOD_ENTRIES_H
#define XEIR_KMOD_ENTRIES_H

struct genl_info;
struct netlink_callback;
struct sk_buff;

int xeir_put_doit(struct sk_buff *skb, struct genl_info *info);
int xeir_remove_doit(struct sk_buff *skb, struct genl_info *info);
int xeir_get_doit(struct sk_buff *skb, struct genl_info *info);
int xeir_get_start(struct netlink_callback *cb);
int xeir_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);

#endif /* XEIR_KMOD_ENTRIES_H */
