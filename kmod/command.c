// SPDX-License-Identifier: GPL-2.0-only
#include <net/genetlink.h>
#include <net/sock.h>

#include "command.h"
#include "netns.h"

int xeir_check_capability(const struct sk_buff *skb, struct netlink_ext_ack *extack)
{
	if (netlink_ns_capable(skb, sock_net(skb->sk)->user_ns, CAP_NET_ADMIN))
		return 0;
	NL_SET_ERR_MSG(
		extack,
		"this needs CAP_NET_ADMIN in the user namespace that owns the network namespace");
	return -EPERM;
}

int xeir_check_bound(const struct xeir_list *list, struct netlink_ext_ack *extack)
{
	if (xeir_maps_bound(&list->maps))
		return 0;
	NL_SET_ERR_MSG(extack, "no maps are bound in this network namespace");
	return -ENXIO;
}

struct xeir_list *xeir_info_list(const struct genl_info *info)
{
	struct xeir_net *xn = info->user_ptr[0];

	return &xn->list;
}

struct sk_buff *xeir_new_reply(struct genl_info *info, void **hdr)
{
	struct sk_buff *skb = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);

	if (!skb) {
		NL_SET_ERR_MSG(info->extack, "out of memory for the reply");
		return NULL;
	}
	*hdr = genlmsg_put_reply(skb, info, &xeir_family, 0, info->genlhdr->cmd);
	return skb;
}

int xeir_send_reply(struct genl_info *info, struct sk_buff *skb, void *hdr, int err)
{
	if (err) {
		NL_SET_ERR_MSG(info->extack, "the reply does not fit its message");
		nlmsg_free(skb);
		return err;
	}
	genlmsg_end(skb, hdr);
	return genlmsg_reply(skb, info);
}
