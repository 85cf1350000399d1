// SPDX-License-Identifier: GPL-2.0-only
/*
 * At LOCAL_IN, IPv4 is reassembled already. IPv6 is reassembled behind all hooks, so
 * fragments that may be UDP are gathered here, and no others: a queue must get all
 * fragments of a datagram or none, and only the first one has ports.
 *
 * What is forwarded is not gathered, as its fragments may take several routes. If it
 * is still in fragments here, the first of them is judged.
 */
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/pkt_cls.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/ipv6_frag.h>
#include <net/netfilter/ipv6/nf_defrag_ipv6.h>

#include <xeir/ports.h>

#include "maps.h"
#include "nf.h"
#include "reject.h"

static bool is_gtpc(const struct sk_buff *skb, int off)
{
	const struct udphdr *udp;
	struct udphdr buffer;

	udp = skb_header_pointer(skb, off, sizeof(buffer), &buffer);
	return udp &&
	       (xeir_is_gtpc_port(ntohs(udp->source)) || xeir_is_gtpc_port(ntohs(udp->dest)));
}

static unsigned int judge(const struct xeir_nf *nf, struct sk_buff *skb, struct net *net)
{
	const struct bpf_prog *prog = rcu_dereference(nf->prog);
	u8 cb[sizeof(skb->cb)];
	u32 verdict;

	if (!prog)
		return NF_ACCEPT;
	/* The program reads octets, not buffers; what it cannot read must not pass. */
	if (skb_linearize(skb))
		return NF_DROP;
	memcpy(cb, skb->cb, sizeof(cb));
	bpf_compute_data_pointers(skb);
	*(u32 *)bpf_skb_cb(skb) = xeir_is_to_one(skb);
	/* Behind NFQUEUE this is process context, and the maps of a CPU are XDP's too. */
	local_bh_disable();
	verdict = bpf_prog_run_pin_on_cpu(prog, skb);
	local_bh_enable();
	memcpy(skb->cb, cb, sizeof(cb));
	if (verdict == TC_ACT_REDIRECT)
		xeir_send_response(net, skb);
	return verdict == TC_ACT_OK ? NF_ACCEPT : NF_DROP;
}

static unsigned int judge_ipv4(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	const struct iphdr *ip = ip_hdr(skb);
	bool first = (ip->frag_off & htons(IP_MF | IP_OFFSET)) == htons(IP_MF);

	/* Of packets that came in, only reassembled ones have the size set. */
	if (!(first || IPCB(skb)->frag_max_size) || ip->protocol != IPPROTO_UDP ||
	    !is_gtpc(skb, ip_hdrlen(skb)))
		return NF_ACCEPT;
	return judge(priv, skb, state->net);
}

/* Is there a fragment header, with more to come or in front, that UDP may follow? */
static bool is_udp_fragment(const struct sk_buff *skb)
{
	const struct frag_hdr *fragment;
	struct frag_hdr buffer;
	unsigned int off = 0;

	if (ipv6_find_hdr(skb, &off, NEXTHDR_FRAGMENT, NULL, NULL) < 0)
		return false;
	fragment = skb_header_pointer(skb, off, sizeof(buffer), &buffer);
	if (!fragment || !(fragment->frag_off & htons(IP6_OFFSET | IP6_MF)))
		return false;
	return fragment->nexthdr == NEXTHDR_UDP || ipv6_ext_hdr(fragment->nexthdr);
}

/*
 * Gathering moves the transport header behind the fragment header. The stack must go on
 * where it would have without gathering: behind the hop-by-hop options, if there are
 * any, as it has read these.
 */
static void rewind_headers(struct sk_buff *skb)
{
	const struct ipv6hdr *ip = ipv6_hdr(skb);
	int octets = sizeof(*ip);

	if (IP6CB(skb)->nhoff == sizeof(*ip))
		octets += ipv6_optlen((const struct ipv6_opt_hdr *)(ip + 1));
	skb_set_transport_header(skb, skb_network_offset(skb) + octets);
}

static unsigned int judge_ipv6(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	unsigned int off = 0;
	int err;

	/* Connection tracking gathers all fragments earlier, where it is in use. */
	if (!IP6CB(skb)->frag_max_size && !is_udp_fragment(skb))
		return NF_ACCEPT;
	if (!IP6CB(skb)->frag_max_size && state->hook == NF_INET_LOCAL_IN) {
		err = nf_ct_frag6_gather(state->net, skb, IP6_DEFRAG_LOCAL_DELIVER);
		if (err)
			return err == -EINPROGRESS ? NF_STOLEN : NF_DROP;
		/* Refused here; the stack will refuse it too, and report that to the sender. */
		if (!IP6CB(skb)->frag_max_size)
			return NF_ACCEPT;
		rewind_headers(skb);
	}

	if (ipv6_find_hdr(skb, &off, NEXTHDR_UDP, NULL, NULL) < 0 || !is_gtpc(skb, off))
		return NF_ACCEPT;
	return judge(priv, skb, state->net);
}

/* Behind all firewall rules, which stay as they are; before a connection is confirmed. */
static const struct nf_hook_ops hooks[XEIR_NF_HOOKS] = {
	{
		.hook = judge_ipv4,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_LOCAL_IN,
		.priority = NF_IP_PRI_CONNTRACK_CONFIRM - 1,
	},
	{
		.hook = judge_ipv4,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_FORWARD,
		.priority = NF_IP_PRI_LAST,
	},
	{
		.hook = judge_ipv6,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_LOCAL_IN,
		.priority = NF_IP6_PRI_LAST - 1,
	},
	{
		.hook = judge_ipv6,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_FORWARD,
		.priority = NF_IP6_PRI_LAST,
	},
};

static struct bpf_prog *get_program(const struct xeir_maps *maps, u32 fd, const char **why)
{
	struct bpf_prog *prog;

	prog = bpf_prog_get_type_dev(fd, BPF_PROG_TYPE_SCHED_CLS, false);
	if (IS_ERR(prog)) {
		*why = "the hook's descriptor is not one of a BPF_PROG_TYPE_SCHED_CLS program";
		return prog;
	}
	if (strcmp(prog->aux->name, XEIR_HOOK_NAME))
		*why = "the hook is another program than " XEIR_HOOK_NAME;
	else if (!xeir_maps_list_is_of(maps, prog))
		*why = "the hook judges by another list than the one that is bound";
	else
		return prog;
	bpf_prog_put(prog);
	return ERR_PTR(-EINVAL);
}

void xeir_nf_init(struct xeir_nf *nf, struct mutex *lock)
{
	int i;

	nf->lock = lock;
	memcpy(nf->ops, hooks, sizeof(hooks));
	for (i = 0; i < XEIR_NF_HOOKS; i++)
		nf->ops[i].priv = nf;
}

int xeir_nf_hook(struct xeir_nf *nf, struct net *net, const struct xeir_maps *maps, u32 fd,
		 const char **why)
{
	struct bpf_prog *prog, *former;
	int err;

	prog = get_program(maps, fd, why);
	if (IS_ERR(prog))
		return PTR_ERR(prog);

	former = rcu_dereference_protected(nf->prog, lockdep_is_held(nf->lock));
	rcu_assign_pointer(nf->prog, prog);
	if (former) {
		synchronize_rcu_expedited();
		bpf_prog_put(former);
		return 0;
	}
	err = nf_register_net_hooks(net, nf->ops, XEIR_NF_HOOKS);
	if (err) {
		*why = "the hooks behind reassembly cannot be registered";
		RCU_INIT_POINTER(nf->prog, NULL);
		bpf_prog_put(prog);
		return err;
	}
	/* XDP leaves fragments to the hooks from now on. */
	WRITE_ONCE(maps->control->reassembled, 1);
	return 0;
}

void xeir_nf_unhook(struct xeir_nf *nf, struct net *net, const struct xeir_maps *maps)
{
	struct bpf_prog *prog = rcu_dereference_protected(nf->prog, lockdep_is_held(nf->lock));

	if (!prog)
		return;
	WRITE_ONCE(maps->control->reassembled, 0);
	nf_unregister_net_hooks(net, nf->ops, XEIR_NF_HOOKS);
	RCU_INIT_POINTER(nf->prog, NULL);
	/* The hooks may still run, and the module may be unloaded next. */
	synchronize_rcu_expedited();
	bpf_prog_put(prog);
}
