// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>
#include <linux/netlink.h>

#include "netlink/nl_client.h"

#define WAIT_MS 5000
#define REQUEST_OCTETS (128 << 10)

struct client *client_open(void)
{
	struct client *c = calloc(1, sizeof(*c));
	int on = 1;

	c->sock = nl_socket_alloc();
	if (genl_connect(c->sock) < 0)
		goto err;
	c->family = genl_ctrl_resolve(c->sock, XEIR_GENL_NAME);
	if (c->family < 0)
		goto err;
	nl_socket_disable_seq_check(c->sock);
	nl_socket_enable_msg_peek(c->sock);
	nl_socket_set_buffer_size(c->sock, REQUEST_OCTETS, REQUEST_OCTETS);
	setsockopt(nl_socket_get_fd(c->sock), SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(nl_socket_get_fd(c->sock), SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	return c;
err:
	client_close(c);
	return NULL;
}

void client_close(struct client *c)
{
	nl_socket_free(c->sock);
	free(c);
}

bool client_join(struct client *c, const char *group)
{
	int id = genl_ctrl_resolve_grp(c->sock, XEIR_GENL_NAME, group);

	return id >= 0 && !nl_socket_add_membership(c->sock, id);
}

struct nl_msg *request(struct client *c, int cmd, int flags)
{
	struct nl_msg *m = nlmsg_alloc_size(REQUEST_OCTETS);

	genlmsg_put(m, NL_AUTO_PORT, NL_AUTO_SEQ, c->family, 0, NLM_F_REQUEST | flags, cmd,
		    XEIR_GENL_VERSION);
	return m;
}

void add_entry(struct nl_msg *m, const struct xeir_key *key, const struct xeir_side *side)
{
	int len = xeir_key_octets(key->kind);
	struct nlattr *nest = nla_nest_start(m, XEIR_A_ENTRY | NLA_F_NESTED);

	nla_put_u32(m, XEIR_ENTRY_A_KIND, key->kind);
	nla_put(m, XEIR_ENTRY_A_KEY, len, key->id);
	if (side) {
		nla_put_u32(m, XEIR_ENTRY_A_ACTION, side->action);
		if (side->directive)
			nla_put_u32(m, XEIR_ENTRY_A_DIRECTIVE, side->directive);
		if (side->expiry)
			nla_put_u32(m, XEIR_ENTRY_A_EXPIRY, side->expiry);
	}
	nla_nest_end(m, nest);
}

static void read_entry(struct nlattr *nest, struct reply *a)
{
	struct nlattr *tb[XEIR_ENTRY_A_MAX + 1];
	struct listed *l;

	if (!(a->listed & (a->listed - 1)))
		a->list = realloc(a->list, (a->listed ? a->listed * 2 : 1) * sizeof(*a->list));
	l = &a->list[a->listed++];
	memset(l, 0, sizeof(*l));
	nla_parse_nested(tb, XEIR_ENTRY_A_MAX, nest, NULL);
	l->key.kind = nla_get_u32(tb[XEIR_ENTRY_A_KIND]);
	nla_memcpy(l->key.id, tb[XEIR_ENTRY_A_KEY], sizeof(l->key.id));
	l->side.action = nla_get_u32(tb[XEIR_ENTRY_A_ACTION]);
	l->side.directive = nla_get_u32(tb[XEIR_ENTRY_A_DIRECTIVE]);
	l->side.expiry = nla_get_u32(tb[XEIR_ENTRY_A_EXPIRY]);
}

static void read_counter(struct nlattr *nest, struct reply *a)
{
	struct nlattr *tb[XEIR_COUNTER_A_MAX + 1];
	struct xeir_counter *counter;
	uint32_t rule;

	nla_parse_nested(tb, XEIR_COUNTER_A_MAX, nest, NULL);
	rule = nla_get_u32(tb[XEIR_COUNTER_A_RULE]);
	if (rule > XEIR_RULE_MAX)
		return;
	counter = &a->counter[rule];
	counter->packets[XEIR_ACTION_PASS] = nla_get_u64(tb[XEIR_COUNTER_A_PASS]);
	counter->packets[XEIR_ACTION_WATCH] = nla_get_u64(tb[XEIR_COUNTER_A_WATCH]);
	counter->packets[XEIR_ACTION_REJECT] = nla_get_u64(tb[XEIR_COUNTER_A_REJECT]);
	counter->packets[XEIR_ACTION_DROP] = nla_get_u64(tb[XEIR_COUNTER_A_DROP]);
	counter->lost = nla_get_u64(tb[XEIR_COUNTER_A_LOST]);
	counter->not_enforced = nla_get_u64(tb[XEIR_COUNTER_A_NOT_ENFORCED]);
}

static void read_message(struct nlmsghdr *nlh, struct reply *a)
{
	struct genlmsghdr *genl = nlmsg_data(nlh);
	struct nlattr *attr;
	int rem;

	a->messages++;
	a->cmd = genl->cmd;
	nla_for_each_attr(attr, genlmsg_attrdata(genl, 0), genlmsg_attrlen(genl, 0), rem) {
		if (nla_type(attr) > XEIR_A_MAX)
			continue;
		a->has[nla_type(attr)] = true;
		if (nla_type(attr) == XEIR_A_ENTRY)
			read_entry(attr, a);
		else if (nla_type(attr) == XEIR_A_COUNTER)
			read_counter(attr, a);
		else
			a->value[nla_type(attr)] = nla_get_u32(attr);
	}
}

/* @head: what stands before the attributes of the extended acknowledgement. */
static void read_extack(struct nlmsghdr *nlh, size_t head, struct reply *a)
{
	struct nlattr *tb[NLMSGERR_ATTR_MAX + 1];
	char *data = nlmsg_data(nlh);

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	nla_parse(tb, NLMSGERR_ATTR_MAX, (struct nlattr *)(data + head), nlmsg_datalen(nlh) - head,
		  NULL);
	if (tb[NLMSGERR_ATTR_MSG])
		nla_strlcpy(a->why, tb[NLMSGERR_ATTR_MSG], sizeof(a->why));
	if (tb[NLMSGERR_ATTR_COOKIE] && nla_len(tb[NLMSGERR_ATTR_COOKIE]) == sizeof(uint32_t))
		a->index = nla_get_u32(tb[NLMSGERR_ATTR_COOKIE]);
	if (tb[NLMSGERR_ATTR_OFFS])
		a->attr = nla_get_u32(tb[NLMSGERR_ATTR_OFFS]);
}

void submit(struct client *c, struct nl_msg *m)
{
	if (nl_send_auto(c->sock, m) < 0)
		perror("nl_send_auto");
	nlmsg_free(m);
}

bool receive(struct client *c, struct reply *a)
{
	struct pollfd p = { .fd = nl_socket_get_fd(c->sock), .events = POLLIN };
	struct sockaddr_nl from;
	struct nlmsghdr *nlh;
	unsigned char *buffer;
	int n;

	if (poll(&p, 1, WAIT_MS) <= 0)
		return false;
	n = nl_recv(c->sock, &from, &buffer, NULL);
	if (n <= 0)
		return false;
	for (nlh = (struct nlmsghdr *)buffer; nlmsg_ok(nlh, n); nlh = nlmsg_next(nlh, &n)) {
		if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
			a->interrupted = true;
		if (nlh->nlmsg_type == NLMSG_ERROR || nlh->nlmsg_type == NLMSG_DONE) {
			a->error = *(int *)nlmsg_data(nlh);
			read_extack(nlh,
				    nlh->nlmsg_type == NLMSG_DONE ? sizeof(int) :
								    sizeof(struct nlmsgerr),
				    a);
			a->done = true;
		} else {
			read_message(nlh, a);
		}
	}
	free(buffer);
	return true;
}

struct reply exchange(struct client *c, struct nl_msg *m)
{
	struct reply a = { .index = ANY_INDEX };

	submit(c, m);
	while (!a.done) {
		if (!receive(c, &a)) {
			a.error = -ETIMEDOUT;
			break;
		}
	}
	return a;
}

struct reply command(struct client *c, int cmd)
{
	return exchange(c, request(c, cmd, 0));
}

struct reply put(struct client *c, const struct xeir_key *key, const struct xeir_side *side)
{
	struct nl_msg *m = request(c, XEIR_CMD_PUT, 0);

	add_entry(m, key, side);
	return exchange(c, m);
}

static struct reply with_key(struct client *c, int cmd, const struct xeir_key *key)
{
	struct nl_msg *m = request(c, cmd, 0);

	add_entry(m, key, NULL);
	return exchange(c, m);
}

struct reply remove_key(struct client *c, const struct xeir_key *key)
{
	return with_key(c, XEIR_CMD_REMOVE, key);
}

struct reply get(struct client *c, const struct xeir_key *key)
{
	return with_key(c, XEIR_CMD_GET, key);
}

struct reply dump(struct client *c)
{
	return exchange(c, request(c, XEIR_CMD_GET, NLM_F_DUMP));
}

struct reply bind_maps(struct client *c, int list, int control, int counters)
{
	struct nl_msg *m = request(c, XEIR_CMD_BIND, 0);

	nla_put_u32(m, XEIR_A_LIST_FD, list);
	nla_put_u32(m, XEIR_A_CONTROL_FD, control);
	nla_put_u32(m, XEIR_A_COUNTERS_FD, counters);
	return exchange(c, m);
}

void reply_free(struct reply *a)
{
	free(a->list);
	a->list = NULL;
}
