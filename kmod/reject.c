// SPDX-License-Identifier: GPL-2.0-only
/*
 * The answer leaves as the kernel's own rejections do (nf_send_reset()): in a buffer
 * of its own, by the host's routes, and by the connection of the request, whose
 * translated addresses it must have.
 */
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/skbuff.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/route.h>

#include "reject.h"

/* Of IPv6 addresses, the program sees by themselves what they are. */
bool xeir_is_to_one(const struct sk_buff *skb)
{
	if (skb->pkt_type != PACKET_HOST || !skb_dst(skb))
		return false;
	return skb->protocol != htons(ETH_P_IP) ||
	       !(skb_rtable(skb)->rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST));
}

static void send_ipv4(struct net *net, struct sk_buff *answer)
{
	skb_set_transport_header(answer, sizeof(struct iphdr));
	if (ip_route_me_harder(net, NULL, answer, RTN_UNSPEC))
		kfree_skb(answer);
	else
		ip_local_out(net, NULL, answer);
}

static void send_ipv6(struct net *net, struct sk_buff *answer)
{
	skb_set_transport_header(answer, sizeof(struct ipv6hdr));
	if (ip6_route_me_harder(net, NULL, answer))
		kfree_skb(answer);
	else
		ip6_local_out(net, NULL, answer);
}

void xeir_send_response(struct net *net, struct sk_buff *skb)
{
	struct sk_buff *answer = alloc_skb(LL_MAX_HEADER + skb->len, GFP_ATOMIC);

	if (!answer)
		return;
	skb_reserve(answer, LL_MAX_HEADER);
	skb_reset_network_header(answer);
	skb_put_data(answer, skb->data, skb->len);
	answer->protocol = skb->protocol;
	/* Where the request was routed to says in which VRF the answer is to be routed. */
	skb_dst_set_noref(answer, skb_dst(skb));
	nf_ct_attach(answer, skb);
	if (skb->protocol == htons(ETH_P_IP)) {
		answer->mark = IP4_REPLY_MARK(net, skb->mark);
		send_ipv4(net, answer);
	} else {
		answer->mark = IP6_REPLY_MARK(net, skb->mark);
		send_ipv6(net, answer);
	}
}
