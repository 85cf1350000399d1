// SPDX-License-Identifier: GPL-2.0-only
/*
 * The response is sent like the kernel's own rejections (nf_send_reset()): in a new
 * buffer, by the host's routes, and as part of the connection of the request, whose
 * translated addresses it must have.
 */
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/skbuff.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/route.h>

#include "reject.h"

/* The program recognises IPv6 multicast by the address. */
bool xeir_is_to_one(const struct sk_buff *skb)
{
	if (skb->pkt_type != PACKET_HOST || !skb_dst(skb))
		return false;
	return skb->protocol != htons(ETH_P_IP) ||
	       !(skb_rtable(skb)->rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST));
}

static void send_ipv4(struct net *net, struct sk_buff *response)
{
	skb_set_transport_header(response, sizeof(struct iphdr));
	if (ip_route_me_harder(net, NULL, response, RTN_UNSPEC))
		kfree_skb(response);
	else
		ip_local_out(net, NULL, response);
}

static void send_ipv6(struct net *net, struct sk_buff *response)
{
	skb_set_transport_header(response, sizeof(struct ipv6hdr));
	if (ip6_route_me_harder(net, NULL, response))
		kfree_skb(response);
	else
		ip6_local_out(net, NULL, response);
}

void xeir_send_response(struct net *net, struct sk_buff *skb)
{
	struct sk_buff *response = alloc_skb(LL_MAX_HEADER + skb->len, GFP_ATOMIC);

	if (!response)
		return;
	skb_reserve(response, LL_MAX_HEADER);
	skb_reset_network_header(response);
	skb_put_data(response, skb->data, skb->len);
	response->protocol = skb->protocol;
	/* The route of the request decides in which VRF the response is routed. */
	skb_dst_set_noref(response, skb_dst(skb));
	nf_ct_attach(response, skb);
	if (skb->protocol == htons(ETH_P_IP)) {
		response->mark = IP4_REPLY_MARK(net, skb->mark);
		send_ipv4(net, response);
	} else {
		response->mark = IP6_REPLY_MARK(net, skb->mark);
		send_ipv6(net, response);
	}
}
