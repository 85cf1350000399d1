/* SPDX-License-Identifier: GPL-2.0-only */
/* Sends the answer to a request that the hook's program has rejected. */
#ifndef XEIR_KMOD_REJECT_H
#define XEIR_KMOD_REJECT_H

#include <linux/types.h>

struct net;
struct sk_buff;

/* Is @skb, in a netfilter hook, to one address alone? */
bool xeir_is_to_one(const struct sk_buff *skb);

/* @skb came in, and its octets are the answer by now: it is dropped, and they are sent. */
void xeir_send_response(struct net *net, struct sk_buff *skb);

#endif /* XEIR_KMOD_REJECT_H */
