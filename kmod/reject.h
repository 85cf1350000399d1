/* SPDX-License-Identifier: GPL-2.0-only */
/* Sends the response to a request that the program of the hook has rejected. */
#ifndef XEIR_KMOD_REJECT_H
#define XEIR_KMOD_REJECT_H

#include <linux/types.h>

struct net;
struct sk_buff;

/* Is @skb, in a netfilter hook, addressed to one host? */
bool xeir_is_to_one(const struct sk_buff *skb);

/* @skb came in, and the program has replaced it by the response: send a copy; @skb is dropped. */
void xeir_send_response(struct net *net, struct sk_buff *skb);

#endif /* XEIR_KMOD_REJECT_H */
