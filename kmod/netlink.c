// SPDX-License-Identifier: GPL-2.0-only
/* The family "xeir": messages to calls of list.h. uapi/linux/xeir.h defines the protocol. */
#include <linux/module.h>
#include <linux/notifier.h>
#include <net/genetlink.h>

#include "command.h"
#include "compat.h"
#include "entries.h"
#include "netlink.h"
#include "netns.h"

/* genl_ops.internal_flags: what the command needs. */
#define XEIR_NEEDS_MAPS BIT(0)
#define XEIR_NEEDS_TRANSACTION BIT(1)

enum {
	XEIR_GROUP_LIST,
	XEIR_GROUP_EVENTS,
};

static const struct nla_policy bind_policy[] = {
	[XEIR_A_LIST_FD] = { .type = NLA_U32 },
	[XEIR_A_CONTROL_FD] = { .type = NLA_U32 },
	[XEIR_A_COUNTERS_FD] = { .type = NLA_U32 },
	/* optional; likewise the next */
	[XEIR_A_HOOK_FD] = { .type = NLA_U32 },
	[XEIR_A_SWEEP_FD] = { .type = NLA_U32 },
};

static const struct nla_policy hook_policy[] = {
	[XEIR_A_HOOK_FD] = { .type = NLA_U32 },
	[XEIR_A_SWEEP_FD] = { .type = NLA_U32 },
};

static const struct nla_policy revert_policy[] = {
	[XEIR_A_GENERATION] = { .type = NLA_U32 },
};

/* Without a nested policy: entries are checked where their index is known. */
static const struct nla_policy entries_policy[] = {
	[XEIR_A_ENTRY] = { .type = NLA_NESTED },
};

static int check_transaction(const struct xeir_list *list, const struct genl_info *info)
{
	if (!list->open) {
		NL_SET_ERR_MSG(info->extack, "no transaction is open: BEGIN one");
		return -EINVAL;
	}
	if (list->owner != info->snd_portid) {
		NL_SET_ERR_MSG(info->extack, "the open transaction belongs to another socket");
		return -EINVAL;
	}
	return 0;
}

/* Every doit runs with its namespace locked, and with that in user_ptr[0]. */
static int xeir_pre_doit(const struct genl_split_ops *ops, struct sk_buff *skb,
			 struct genl_info *info)
{
	struct xeir_net *xn = xeir_net(genl_info_net(info));
	int err;

	err = xeir_check_capability(skb, info->extack);
	if (err)
		return err;

	mutex_lock(&xn->lock);
	if (ops->internal_flags & XEIR_NEEDS_MAPS)
		err = xeir_check_bound(&xn->list, info->extack);
	if (!err && ops->internal_flags & XEIR_NEEDS_TRANSACTION)
		err = check_transaction(&xn->list, info);
	if (err) {
		mutex_unlock(&xn->lock);
		return err;
	}
	info->user_ptr[0] = xn;
	return 0;
}

static void xeir_post_doit(const struct genl_split_ops *ops, struct sk_buff *skb,
			   struct genl_info *info)
{
	struct xeir_net *xn = info->user_ptr[0];

	mutex_unlock(&xn->lock);
}

/* Notifications are best effort: nobody waits for one, and the state can be read. */
static void notify_event(struct net *net, enum xeir_event_kind event, u32 generation)
{
	struct sk_buff *skb;
	void *hdr;

	skb = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!skb)
		return;
	hdr = genlmsg_put(skb, 0, 0, &xeir_family, 0, XEIR_CMD_EVENT_NTF);
	if (!hdr || nla_put_u32(skb, XEIR_A_EVENT, event) ||
	    nla_put_u32(skb, XEIR_A_GENERATION, generation)) {
		nlmsg_free(skb);
		return;
	}
	genlmsg_end(skb, hdr);
	genlmsg_multicast_netns(&xeir_family, net, skb, 0, XEIR_GROUP_EVENTS, GFP_KERNEL);
}

static int put_result(struct sk_buff *skb, const struct xeir_list *list,
		      const struct xeir_counts *counts)
{
	if (nla_put_u32(skb, XEIR_A_GENERATION, xeir_list_live(list)) ||
	    nla_put_u32(skb, XEIR_A_ADDED, counts->added) ||
	    nla_put_u32(skb, XEIR_A_CHANGED, counts->changed) ||
	    nla_put_u32(skb, XEIR_A_REMOVED, counts->removed) ||
	    nla_put_u32(skb, XEIR_A_ENTRIES, list->maps.control->entries))
		return -EMSGSIZE;
	return 0;
}

static void notify_list(struct net *net, const struct xeir_list *list,
			const struct xeir_counts *counts)
{
	struct sk_buff *skb;
	void *hdr;

	skb = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!skb)
		return;
	hdr = genlmsg_put(skb, 0, 0, &xeir_family, 0, XEIR_CMD_LIST_NTF);
	if (!hdr || put_result(skb, list, counts)) {
		nlmsg_free(skb);
		return;
	}
	genlmsg_end(skb, hdr);
	genlmsg_multicast_netns(&xeir_family, net, skb, 0, XEIR_GROUP_LIST, GFP_KERNEL);
}

static int take_programs(struct genl_info *info)
{
	const struct nlattr *hook = info->attrs[XEIR_A_HOOK_FD], *bad = hook;
	const struct nlattr *sweep = info->attrs[XEIR_A_SWEEP_FD];
	struct net *net = genl_info_net(info);
	struct xeir_net *xn = xeir_net(net);
	const char *why;
	int err = 0;

	if (hook)
		err = xeir_nf_hook(&xn->nf, net, &xn->list.maps, nla_get_u32(hook), &why);
	if (!err && sweep) {
		bad = sweep;
		err = xeir_sweep_bind(&xn->sweep, &xn->list.maps, nla_get_u32(sweep), &why);
	}
	if (err) {
		info->extack->_msg = why;
		NL_SET_BAD_ATTR(info->extack, bad);
	}
	return err;
}

static int xeir_hook_doit(struct sk_buff *skb, struct genl_info *info)
{
	if (GENL_REQ_ATTR_CHECK(info, XEIR_A_HOOK_FD)) {
		NL_SET_ERR_MSG(info->extack, "HOOK needs the descriptor of a program");
		return -EINVAL;
	}
	return take_programs(info);
}

static int xeir_bind_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct xeir_net *xn = info->user_ptr[0];
	struct xeir_list *list = &xn->list;
	struct xeir_map_refusal no;
	u32 fd[XEIR_MAPS];
	int i, err;

	for (i = 0; i < XEIR_MAPS; i++) {
		if (GENL_REQ_ATTR_CHECK(info, XEIR_A_LIST_FD + i)) {
			NL_SET_ERR_MSG(info->extack, "BIND needs the descriptors of the list, the "
						     "control and the counters");
			return -EINVAL;
		}
		fd[i] = nla_get_u32(info->attrs[XEIR_A_LIST_FD + i]);
	}
	if (xeir_maps_bound(&list->maps)) {
		NL_SET_ERR_MSG(
			info->extack,
			"maps are bound in this network namespace already: UNBIND them first");
		return -EBUSY;
	}

	err = xeir_list_bind(list, fd, &no);
	if (err) {
		info->extack->_msg = no.why;
		NL_SET_BAD_ATTR(info->extack, info->attrs[XEIR_A_LIST_FD + no.map]);
		return err;
	}
	err = take_programs(info);
	if (err) {
		xeir_nf_unhook(&xn->nf, genl_info_net(info), &list->maps);
		xeir_list_unbind(list);
		return err;
	}
	notify_event(genl_info_net(info), XEIR_EVENT_BOUND, xeir_list_live(list));
	return 0;
}

static int xeir_unbind_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct xeir_net *xn = info->user_ptr[0];
	struct xeir_list *list = &xn->list;
	u32 live = xeir_list_live(list);

	xeir_nf_unhook(&xn->nf, genl_info_net(info), &list->maps);
	xeir_sweep_unbind(&xn->sweep);
	xeir_list_unbind(list);
	notify_event(genl_info_net(info), XEIR_EVENT_UNBOUND, live);
	return 0;
}

static int xeir_begin_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct xeir_list *list = xeir_info_list(info);
	struct sk_buff *reply;
	void *hdr;
	int err;

	if (list->open) {
		if (list->owner == info->snd_portid)
			NL_SET_ERR_MSG(info->extack, "this socket has a transaction open already");
		else
			NL_SET_ERR_MSG(info->extack, "another socket has a transaction open");
		return -EBUSY;
	}
	reply = xeir_new_reply(info, &hdr);
	if (!reply)
		return -ENOMEM;

	err = xeir_list_begin(list, info->snd_portid);
	if (err) {
		NL_SET_ERR_MSG(info->extack,
			       "the list holds an unfinished transaction that cannot be undone");
		nlmsg_free(reply);
		return err;
	}
	return xeir_send_reply(info, reply, hdr,
			       nla_put_u32(reply, XEIR_A_GENERATION, xeir_list_live(list) + 1));
}

static int xeir_flush_doit(struct sk_buff *skb, struct genl_info *info)
{
	int err = xeir_list_flush(xeir_info_list(info));

	if (err)
		GENL_SET_ERR_MSG(info, "the list could not take every removal");
	return err;
}

/* Others may read and write the list meanwhile. */
static int sweep_unlocked(struct xeir_net *xn, struct sk_buff *reply)
{
	struct xeir_cutting found;
	int err = 0;

	mutex_unlock(&xn->lock);
	if (xeir_sweep_run(&xn->sweep, &found) && (nla_put_u32(reply, XEIR_A_CUT, found.cut) ||
						   nla_put_u32(reply, XEIR_A_FREED, found.freed)))
		err = -EMSGSIZE;
	mutex_lock(&xn->lock);
	return err;
}

static int xeir_commit_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct xeir_list *list = xeir_info_list(info);
	struct xeir_counts counts;
	struct sk_buff *reply;
	void *hdr;
	int err;

	reply = xeir_new_reply(info, &hdr);
	if (!reply)
		return -ENOMEM;
	counts = xeir_list_commit(list);
	if (counts.added || counts.changed || counts.removed)
		notify_list(genl_info_net(info), list, &counts);
	err = put_result(reply, list, &counts);
	if (!err)
		err = sweep_unlocked(info->user_ptr[0], reply);
	return xeir_send_reply(info, reply, hdr, err);
}

static int xeir_revert_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct xeir_list *list = xeir_info_list(info);
	struct xeir_counts counts = {};
	struct sk_buff *reply;
	void *hdr;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, XEIR_A_GENERATION)) {
		NL_SET_ERR_MSG(info->extack, "REVERT needs the generation of a COMMIT");
		return -EINVAL;
	}
	if (list->open) {
		NL_SET_ERR_MSG(info->extack, "a transaction is open");
		return -EBUSY;
	}
	reply = xeir_new_reply(info, &hdr);
	if (!reply)
		return -ENOMEM;
	err = xeir_list_revert(list, nla_get_u32(info->attrs[XEIR_A_GENERATION]), &counts);
	if (err) {
		NL_SET_ERR_MSG(info->extack, "not all of the list could be reverted");
		nlmsg_free(reply);
		return err;
	}
	if (counts.added || counts.changed || counts.removed)
		notify_list(genl_info_net(info), list, &counts);
	err = put_result(reply, list, &counts);
	if (!err)
		err = sweep_unlocked(info->user_ptr[0], reply);
	return xeir_send_reply(info, reply, hdr, err);
}

static int xeir_abort_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct xeir_list *list = xeir_info_list(info);
	struct xeir_counts counts;
	struct sk_buff *reply;
	void *hdr;

	reply = xeir_new_reply(info, &hdr);
	if (!reply)
		return -ENOMEM;
	counts = xeir_list_abort(list);
	return xeir_send_reply(info, reply, hdr, put_result(reply, list, &counts));
}

static int put_counter(struct sk_buff *skb, u32 rule, const struct xeir_counter *counter)
{
	struct nlattr *nest = nla_nest_start(skb, XEIR_A_COUNTER);

	if (!nest || nla_put_u32(skb, XEIR_COUNTER_A_RULE, rule) ||
	    nla_put_u64_64bit(skb, XEIR_COUNTER_A_PASS, counter->packets[XEIR_ACTION_PASS],
			      XEIR_COUNTER_A_PAD) ||
	    nla_put_u64_64bit(skb, XEIR_COUNTER_A_WATCH, counter->packets[XEIR_ACTION_WATCH],
			      XEIR_COUNTER_A_PAD) ||
	    nla_put_u64_64bit(skb, XEIR_COUNTER_A_REJECT, counter->packets[XEIR_ACTION_REJECT],
			      XEIR_COUNTER_A_PAD) ||
	    nla_put_u64_64bit(skb, XEIR_COUNTER_A_DROP, counter->packets[XEIR_ACTION_DROP],
			      XEIR_COUNTER_A_PAD) ||
	    nla_put_u64_64bit(skb, XEIR_COUNTER_A_LOST, counter->lost, XEIR_COUNTER_A_PAD) ||
	    nla_put_u64_64bit(skb, XEIR_COUNTER_A_NOT_ENFORCED, counter->not_enforced,
			      XEIR_COUNTER_A_PAD))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_stats(struct sk_buff *skb, const struct xeir_list *list)
{
	const struct xeir_maps *maps = &list->maps;
	struct xeir_counter counter;
	u32 rule;

	if (nla_put_u32(skb, XEIR_A_LIST_ID, maps->list_id) ||
	    nla_put_u32(skb, XEIR_A_GENERATION, xeir_list_live(list)) ||
	    nla_put_u32(skb, XEIR_A_ENTRIES, maps->control->entries) ||
	    nla_put_u32(skb, XEIR_A_CAPACITY, maps->capacity))
		return -EMSGSIZE;
	for (rule = 0; rule <= XEIR_RULE_MAX; rule++) {
		xeir_maps_count(maps, rule, &counter);
		if (put_counter(skb, rule, &counter))
			return -EMSGSIZE;
	}
	return 0;
}

static int xeir_stats_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *reply;
	void *hdr;

	reply = xeir_new_reply(info, &hdr);
	if (!reply)
		return -ENOMEM;
	return xeir_send_reply(info, reply, hdr, put_stats(reply, xeir_info_list(info)));
}

/* Without a policy, the core refuses every attribute. */
static const struct genl_ops xeir_ops[] = {
	{
		.cmd = XEIR_CMD_BIND,
		.doit = xeir_bind_doit,
		.policy = bind_policy,
		.maxattr = ARRAY_SIZE(bind_policy) - 1,
	},
	{
		.cmd = XEIR_CMD_HOOK,
		.doit = xeir_hook_doit,
		.policy = hook_policy,
		.maxattr = ARRAY_SIZE(hook_policy) - 1,
		.internal_flags = XEIR_NEEDS_MAPS,
	},
	{
		.cmd = XEIR_CMD_UNBIND,
		.doit = xeir_unbind_doit,
		.internal_flags = XEIR_NEEDS_MAPS,
	},
	{
		.cmd = XEIR_CMD_BEGIN,
		.doit = xeir_begin_doit,
		.internal_flags = XEIR_NEEDS_MAPS,
	},
	{
		.cmd = XEIR_CMD_PUT,
		.doit = xeir_put_doit,
		.policy = entries_policy,
		.maxattr = ARRAY_SIZE(entries_policy) - 1,
		.internal_flags = XEIR_NEEDS_MAPS | XEIR_NEEDS_TRANSACTION,
	},
	{
		.cmd = XEIR_CMD_REMOVE,
		.doit = xeir_remove_doit,
		.policy = entries_policy,
		.maxattr = ARRAY_SIZE(entries_policy) - 1,
		.internal_flags = XEIR_NEEDS_MAPS | XEIR_NEEDS_TRANSACTION,
	},
	{
		.cmd = XEIR_CMD_FLUSH,
		.doit = xeir_flush_doit,
		.internal_flags = XEIR_NEEDS_MAPS | XEIR_NEEDS_TRANSACTION,
	},
	{
		.cmd = XEIR_CMD_COMMIT,
		.doit = xeir_commit_doit,
		.internal_flags = XEIR_NEEDS_MAPS | XEIR_NEEDS_TRANSACTION,
	},
	{
		.cmd = XEIR_CMD_ABORT,
		.doit = xeir_abort_doit,
		.internal_flags = XEIR_NEEDS_MAPS | XEIR_NEEDS_TRANSACTION,
	},
	{
		.cmd = XEIR_CMD_REVERT,
		.doit = xeir_revert_doit,
		.policy = revert_policy,
		.maxattr = ARRAY_SIZE(revert_policy) - 1,
		.internal_flags = XEIR_NEEDS_MAPS,
	},
	{
		.cmd = XEIR_CMD_GET,
		.doit = xeir_get_doit,
		.start = xeir_get_start,
		.dumpit = xeir_get_dumpit,
		.policy = entries_policy,
		.maxattr = ARRAY_SIZE(entries_policy) - 1,
		.internal_flags = XEIR_NEEDS_MAPS,
	},
	{
		.cmd = XEIR_CMD_STATS,
		.doit = xeir_stats_doit,
		.internal_flags = XEIR_NEEDS_MAPS,
	},
};

static const struct genl_multicast_group xeir_groups[] = {
	[XEIR_GROUP_LIST] = { .name = XEIR_MCGRP_LIST },
	[XEIR_GROUP_EVENTS] = { .name = XEIR_MCGRP_EVENTS },
};

struct genl_family xeir_family __ro_after_init = {
	.name = XEIR_GENL_NAME,
	.version = XEIR_GENL_VERSION,
	.module = THIS_MODULE,
	.netnsok = true,
	.parallel_ops = true, /* there is a lock per namespace */
	.pre_doit = xeir_pre_doit,
	.post_doit = xeir_post_doit,
	.ops = xeir_ops,
	.n_ops = ARRAY_SIZE(xeir_ops),
	.resv_start_op = XEIR_CMD_BIND,
	.mcgrps = xeir_groups,
	.n_mcgrps = ARRAY_SIZE(xeir_groups),
};

/*
 * A transaction ends with its socket. Every generic netlink socket that closes comes here, and
 * most own none, so they must not wait for the lock. The look without it is exact for the owner:
 * both were written by a BEGIN of this very socket, which was over before the socket was released,
 * and they stay until its transaction ends. Any other socket may at most be led to take the lock.
 */
static int xeir_socket_released(struct notifier_block *nb, unsigned long action, void *data)
{
	const struct netlink_notify *n = data;
	struct xeir_list *list;
	struct xeir_net *xn;

	if (action != NETLINK_URELEASE || n->protocol != NETLINK_GENERIC)
		return NOTIFY_DONE;

	xn = xeir_net(n->net);
	list = &xn->list;
	if (!READ_ONCE(list->open) || READ_ONCE(list->owner) != n->portid)
		return NOTIFY_DONE;

	mutex_lock(&xn->lock);
	if (list->open && list->owner == n->portid) {
		xeir_list_abort(list);
		notify_event(n->net, XEIR_EVENT_ABANDONED, xeir_list_live(list));
	}
	mutex_unlock(&xn->lock);
	return NOTIFY_DONE;
}

static struct notifier_block xeir_notifier = {
	.notifier_call = xeir_socket_released,
};

/* The notifier is registered first and unregistered last: no socket may close unseen. */
int xeir_netlink_init(void)
{
	int err;

	err = netlink_register_notifier(&xeir_notifier);
	if (err)
		return err;
	err = genl_register_family(&xeir_family);
	if (err)
		netlink_unregister_notifier(&xeir_notifier);
	return err;
}

void xeir_netlink_exit(void)
{
	genl_unregister_family(&xeir_family);
	netlink_unregister_notifier(&xeir_notifier);
}
