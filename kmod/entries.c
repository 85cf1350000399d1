// SPDX-License-Identifier: GPL-2.0-only
/* The commands that carry entries: PUT, REMOVE and GET with its dump. */
#include <net/genetlink.h>
#include <net/sock.h>

#include "command.h"
#include "entries.h"
#include "netns.h"

static const struct nla_policy entry_policy[] = {
	[XEIR_ENTRY_A_KIND] = { .type = NLA_U32 },
	[XEIR_ENTRY_A_KEY] = { .type = NLA_BINARY }, /* its length depends on the kind */
	[XEIR_ENTRY_A_ACTION] = { .type = NLA_U32 },
	[XEIR_ENTRY_A_DIRECTIVE] = { .type = NLA_U32 },
	[XEIR_ENTRY_A_EXPIRY] = { .type = NLA_U32 },
};

static bool decimal(const u8 *octets, int len)
{
	bool null = true;
	int i;

	for (i = 0; i < len; i++) {
		if ((octets[i] & 0x0f) > 9 || octets[i] >> 4 > 9)
			return false;
		if (octets[i])
			null = false;
	}
	return !null;
}

/* Up to 15 digits, then F. */
static bool number(const u8 *octets)
{
	bool ended = false;
	int i;

	for (i = 0; i < 2 * XEIR_NUMBER_OCTETS; i++) {
		u8 digit = i & 1 ? octets[i / 2] >> 4 : octets[i / 2] & 0x0f;

		if (digit == 0x0f)
			ended = true;
		else if (ended || digit > 9)
			return false;
	}
	return ended && octets[0] != 0xff;
}

static bool key_is_digits(u32 kind, const u8 *octets)
{
	switch (kind) {
	case XEIR_KIND_EXCEPTION:
		return decimal(octets, XEIR_IMEI_OCTETS) && number(octets + XEIR_IMEI_OCTETS);
	case XEIR_KIND_MSISDN:
	case XEIR_KIND_IMSI:
		return number(octets);
	}
	return decimal(octets, xeir_key_octets(kind));
}

static int parse_key(struct nlattr **tb, const struct nlattr *nest, struct xeir_key *key,
		     struct netlink_ext_ack *extack)
{
	const struct nlattr *kind = tb[XEIR_ENTRY_A_KIND], *id = tb[XEIR_ENTRY_A_KEY];
	u32 octets;

	if (!kind || !id) {
		NL_SET_ERR_ATTR_MISS(extack, nest, kind ? XEIR_ENTRY_A_KEY : XEIR_ENTRY_A_KIND);
		NL_SET_ERR_MSG(extack, "an entry needs a kind and a key");
		return -EINVAL;
	}

	octets = xeir_key_octets(nla_get_u32(kind));
	if (!octets) {
		NL_SET_ERR_MSG_ATTR(extack, kind, "there is no such kind of entry");
		return -EOPNOTSUPP;
	}
	if (nla_len(id) != octets) {
		NL_SET_ERR_MSG_ATTR(
			extack, id,
			"the key needs 7 octets (IMEI), 4 (TAC), 8 (MSISDN, IMSI) or 15");
		return -EINVAL;
	}
	if (!key_is_digits(nla_get_u32(kind), nla_data(id))) {
		NL_SET_ERR_MSG_ATTR(extack, id,
				    "the key is not made of decimal digits, or of zeros alone");
		return -EINVAL;
	}

	memset(key, 0, sizeof(*key));
	key->kind = nla_get_u32(kind);
	memcpy(key->id, nla_data(id), nla_len(id));
	return 0;
}

static int parse_side(struct nlattr **tb, const struct nlattr *nest, struct xeir_side *side,
		      struct netlink_ext_ack *extack)
{
	const struct nlattr *action = tb[XEIR_ENTRY_A_ACTION];

	if (!action) {
		NL_SET_ERR_ATTR_MISS(extack, nest, XEIR_ENTRY_A_ACTION);
		NL_SET_ERR_MSG(extack, "an entry that is put needs an action");
		return -EINVAL;
	}

	switch (nla_get_u32(action)) {
	case XEIR_ACTION_WATCH:
	case XEIR_ACTION_REJECT:
	case XEIR_ACTION_DROP:
		break;
	case XEIR_ACTION_PASS:
		NL_SET_ERR_MSG_ATTR(extack, action, "an entry cannot pass: REMOVE it instead");
		return -EINVAL;
	default:
		NL_SET_ERR_MSG_ATTR(extack, action, "the action is not watch, reject or drop");
		return -EINVAL;
	}

	memset(side, 0, sizeof(*side));
	side->action = nla_get_u32(action);
	if (tb[XEIR_ENTRY_A_DIRECTIVE])
		side->directive = nla_get_u32(tb[XEIR_ENTRY_A_DIRECTIVE]);
	if (tb[XEIR_ENTRY_A_EXPIRY])
		side->expiry = nla_get_u32(tb[XEIR_ENTRY_A_EXPIRY]);
	return 0;
}

/* PUT has entries in full, REMOVE and GET the first two attributes only. */
static int parse_entry(const struct nlattr *nest, struct xeir_key *key, struct xeir_side *side,
		       struct netlink_ext_ack *extack)
{
	struct nlattr *tb[XEIR_ENTRY_A_MAX + 1] = {};
	int err;

	err = nla_parse_nested(tb, side ? XEIR_ENTRY_A_MAX : XEIR_ENTRY_A_KEY, nest, entry_policy,
			       extack);
	if (err)
		return err;
	err = parse_key(tb, nest, key, extack);
	if (!err && side)
		err = parse_side(tb, nest, side, extack);
	if (!err && side && key->kind == XEIR_KIND_EXCEPTION && side->action != XEIR_ACTION_WATCH) {
		NL_SET_ERR_MSG_ATTR(extack, tb[XEIR_ENTRY_A_ACTION],
				    "the action of an exception is watch");
		err = -EINVAL;
	}
	return err;
}

static int put_one(struct xeir_list *list, const struct nlattr *nest,
		   struct netlink_ext_ack *extack)
{
	struct xeir_side side;
	struct xeir_key key;
	int err;

	err = parse_entry(nest, &key, &side, extack);
	if (err)
		return err;

	err = xeir_list_put(list, &key, &side);
	if (err == -ENOSPC)
		NL_SET_ERR_MSG_ATTR(extack, nest, "the list is full");
	else if (err)
		NL_SET_ERR_MSG_ATTR(extack, nest, "the list could not take the entry");
	return err;
}

static int remove_one(struct xeir_list *list, const struct nlattr *nest,
		      struct netlink_ext_ack *extack)
{
	struct xeir_key key;
	int err;

	err = parse_entry(nest, &key, NULL, extack);
	if (err)
		return err;

	err = xeir_list_remove(list, &key);
	if (err)
		NL_SET_ERR_MSG_ATTR(extack, nest, "the list could not take the removal");
	return err;
}

/* An error is reported with the index of the entry that caused it. */
static int for_entries(struct genl_info *info,
		       int (*each)(struct xeir_list *list, const struct nlattr *nest,
				   struct netlink_ext_ack *extack))
{
	struct netlink_ext_ack *extack = info->extack;
	const struct nlattr *nest;
	u32 index = 0;
	int rem, err;

	nlmsg_for_each_attr(nest, info->nlhdr, GENL_HDRLEN, rem) {
		err = each(xeir_info_list(info), nest, extack);
		if (err) {
			memcpy(extack->cookie, &index, sizeof(index));
			extack->cookie_len = sizeof(index);
			return err;
		}
		index++;
		cond_resched();
	}
	if (!index) {
		GENL_SET_ERR_MSG(info, "the message has no entry");
		return -EINVAL;
	}
	return 0;
}

int xeir_put_doit(struct sk_buff *skb, struct genl_info *info)
{
	return for_entries(info, put_one);
}

int xeir_remove_doit(struct sk_buff *skb, struct genl_info *info)
{
	return for_entries(info, remove_one);
}

static int put_entry(struct sk_buff *skb, const struct xeir_key *key, const struct xeir_side *side)
{
	struct nlattr *nest = nla_nest_start(skb, XEIR_A_ENTRY);

	if (!nest)
		return -EMSGSIZE;
	if (nla_put_u32(skb, XEIR_ENTRY_A_KIND, key->kind) ||
	    nla_put(skb, XEIR_ENTRY_A_KEY, xeir_key_octets(key->kind), key->id) ||
	    nla_put_u32(skb, XEIR_ENTRY_A_ACTION, side->action) ||
	    nla_put_u32(skb, XEIR_ENTRY_A_DIRECTIVE, side->directive) ||
	    nla_put_u32(skb, XEIR_ENTRY_A_EXPIRY, side->expiry)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

int xeir_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct xeir_list *list = xeir_info_list(info);
	const struct nlattr *nest = info->attrs[XEIR_A_ENTRY];
	struct sk_buff *reply;
	struct xeir_side side;
	struct xeir_key key;
	void *hdr;
	int err;

	if (!nest || nlmsg_attrlen(info->nlhdr, GENL_HDRLEN) != nla_total_size(nla_len(nest))) {
		GENL_SET_ERR_MSG(info, "GET needs just one entry, or NLM_F_DUMP");
		return -EINVAL;
	}
	err = parse_entry(nest, &key, NULL, info->extack);
	if (err)
		return err;
	if (!xeir_list_get(list, &key, &side)) {
		NL_SET_ERR_MSG_ATTR(info->extack, nest, "the entry is not listed");
		return -ENOENT;
	}
	reply = xeir_new_reply(info, &hdr);
	if (!reply)
		return -ENOMEM;
	return xeir_send_reply(info, reply, hdr, put_entry(reply, &key, &side));
}

struct xeir_dump {
	bool begun; /* the first message was sent */
	bool any; /* an entry was sent; the last one is @last */
	struct xeir_key last;
};

/* Changes are detected from here on, not from the first message of the dump on. */
static int start_dump(struct netlink_callback *cb, struct netlink_ext_ack *extack)
{
	struct xeir_net *xn = xeir_net(sock_net(cb->skb->sk));
	int err;

	err = xeir_check_capability(cb->skb, extack);
	if (err)
		return err;
	if (nlmsg_attrlen(cb->nlh, GENL_HDRLEN)) {
		NL_SET_ERR_MSG(extack, "a dump takes no attributes");
		return -EINVAL;
	}

	mutex_lock(&xn->lock);
	err = xeir_check_bound(&xn->list, extack);
	cb->prev_seq = xn->list.seq;
	mutex_unlock(&xn->lock);
	return err;
}

int xeir_get_start(struct netlink_callback *cb)
{
	struct netlink_ext_ack own = {};
	int err;

	BUILD_BUG_ON(sizeof(struct xeir_dump) > sizeof(cb->ctx));

	if (cb->extack)
		return start_dump(cb, cb->extack);

	/*
	 * 6.1 has no extack here. A refusal by dumpit would have one, but in NLMSG_DONE,
	 * whose error common libraries ignore: the list would seem empty. So the refusal
	 * is sent from here; the core sends none for -EINTR.
	 */
	err = start_dump(cb, &own);
	if (!err)
		return 0;
	netlink_ack(cb->skb, (struct nlmsghdr *)cb->nlh, err, &own);
	return -EINTR;
}

static int dump_message(struct sk_buff *skb, struct netlink_callback *cb,
			const struct xeir_list *list)
{
	struct xeir_dump *dump = (void *)cb->ctx;
	struct xeir_side side;
	struct xeir_key key;
	bool empty = true;
	void *hdr;

	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq, &xeir_family,
			  NLM_F_MULTI, XEIR_CMD_GET);
	if (!hdr)
		return -EMSGSIZE;
	genl_dump_check_consistent(cb, hdr);
	if (nla_put_u32(skb, XEIR_A_GENERATION, xeir_list_live(list)))
		return -EMSGSIZE;

	while (xeir_list_next(list, dump->any ? &dump->last : NULL, &key, &side)) {
		if (put_entry(skb, &key, &side))
			break;
		dump->last = key;
		dump->any = true;
		empty = false;
	}
	/* An empty list is one message without entries. */
	if (empty && dump->begun) {
		genlmsg_cancel(skb, hdr);
		return 0;
	}
	dump->begun = true;
	genlmsg_end(skb, hdr);
	return skb->len;
}

int xeir_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct xeir_net *xn = xeir_net(sock_net(cb->skb->sk));
	struct xeir_dump *dump = (void *)cb->ctx;
	int ret = 0;

	mutex_lock(&xn->lock);
	cb->seq = xn->list.seq;
	/* The key to continue behind is deleted: end the dump, flagged in its last message. */
	if (xeir_maps_bound(&xn->list.maps) &&
	    (!dump->any || xeir_list_holds(&xn->list, &dump->last)))
		ret = dump_message(skb, cb, &xn->list);
	mutex_unlock(&xn->lock);
	return ret;
}
