// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "lib/say.h"
#include "transport/netlink_events.h"
#include "transport/netlink_message.h"

struct groups {
	uint32_t list;
	uint32_t events;
};

struct reader {
	void (*each)(const struct netlink_event *event, void *arg);
	void *arg;
};

static void read_group(const struct nlattr *nest, struct groups *groups)
{
	const struct nlattr *attr;
	const char *name = "";
	uint32_t id = 0;

	mnl_attr_for_each_nested(attr, nest) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_NAME)
			name = mnl_attr_get_str(attr);
		else if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_ID)
			id = mnl_attr_get_u32(attr);
	}
	if (!strcmp(name, XEIR_MCGRP_LIST))
		groups->list = id;
	else if (!strcmp(name, XEIR_MCGRP_EVENTS))
		groups->events = id;
}

static int read_family(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *attr, *group;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) != CTRL_ATTR_MCAST_GROUPS)
			continue;
		mnl_attr_for_each_nested(group, attr)
			read_group(group, arg);
	}
	return 0;
}

static int find_groups(struct genl *genl, struct groups *groups)
{
	struct nlmsghdr *nlh = genl_request(genl, CTRL_CMD_GETFAMILY, 0);
	int err;

	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, XEIR_GENL_NAME);
	err = genl_talk(genl, nlh, read_family, groups);
	return !err && (!groups->list || !groups->events) ? -ENOENT : err;
}

static int join(struct genl *genl, uint32_t group)
{
	if (mnl_socket_setsockopt(genl->nl, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)))
		return -errno;
	return 0;
}

int netlink_events_open(struct genl *genl)
{
	struct groups groups = {};
	int err;

	err = genl_open(genl, "nlctrl");
	if (!err) {
		err = find_groups(genl, &groups);
		if (!err)
			err = join(genl, groups.list);
		if (!err)
			err = join(genl, groups.events);
		if (!err)
			return 0;
		genl_close(genl);
	}
	complain("cannot subscribe to events of the module: %s", strerror(-err));
	return err;
}

static int read_event(const struct nlmsghdr *nlh, void *arg)
{
	struct reader *reader = arg;
	const struct nlattr *attr;
	struct netlink_event event = {};

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(attr) == XEIR_A_EVENT &&
		    mnl_attr_validate(attr, MNL_TYPE_U32) >= 0)
			event.kind = mnl_attr_get_u32(attr);
	netlink_message_read_outcome(nlh, &event.outcome);
	reader->each(&event, reader->arg);
	return MNL_CB_OK;
}

int netlink_events_read(struct genl *genl,
			void (*each)(const struct netlink_event *event, void *arg), void *arg)
{
	struct reader reader = { .each = each, .arg = arg };
	ssize_t len;
	int err;

	len = mnl_socket_recvfrom(genl->nl, genl->reply, GENL_MESSAGE_MAX);
	if (len >= 0 && mnl_cb_run(genl->reply, len, 0, 0, read_event, &reader) >= 0)
		return 0;
	err = -errno;
	complain("events of the module were lost: %s", strerror(-err));
	/* a full buffer loses some of them and goes on */
	return err == -ENOBUFS ? 0 : err;
}
