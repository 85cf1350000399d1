// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <string.h>

#include "notices.h"
#include "xeir.h"

struct groups {
	uint32_t list;
	uint32_t events;
};

struct reader {
	void (*each)(const struct notice *notice, void *arg);
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
	return MNL_CB_OK;
}

static int find_groups(struct mnl_socket *socket, struct groups *groups)
{
	char buffer[8192];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);
	struct genlmsghdr *genl;
	ssize_t len;

	nlh->nlmsg_type = GENL_ID_CTRL;
	nlh->nlmsg_flags = NLM_F_REQUEST;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = CTRL_CMD_GETFAMILY;
	genl->version = 1;
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, XEIR_GENL_NAME);
	if (mnl_socket_sendto(socket, nlh, nlh->nlmsg_len) < 0)
		return -errno;
	len = mnl_socket_recvfrom(socket, buffer, sizeof(buffer));
	if (len < 0 || mnl_cb_run(buffer, len, 0, 0, read_family, groups) < 0)
		return -errno;
	return groups->list && groups->events ? 0 : -ENOENT;
}

static int join(struct mnl_socket *socket, uint32_t group)
{
	if (mnl_socket_setsockopt(socket, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)))
		return -errno;
	return 0;
}

struct mnl_socket *notices_open(void)
{
	struct mnl_socket *socket = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	struct groups groups = {};
	int err;

	if (!socket) {
		complain("no netlink socket: %s", strerror(errno));
		return NULL;
	}
	err = mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) ? -errno : 0;
	if (!err)
		err = find_groups(socket, &groups);
	if (!err)
		err = join(socket, groups.list);
	if (!err)
		err = join(socket, groups.events);
	if (!err)
		return socket;
	complain("the module's notices cannot be had: %s", strerror(-err));
	mnl_socket_close(socket);
	return NULL;
}

static int read_notice(const struct nlmsghdr *nlh, void *arg)
{
	struct reader *reader = arg;
	const struct nlattr *attr;
	struct notice notice = {};

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_validate(attr, MNL_TYPE_U32) < 0)
			continue;
		switch (mnl_attr_get_type(attr)) {
		case XEIR_A_EVENT:
			notice.event = mnl_attr_get_u32(attr);
			break;
		case XEIR_A_GENERATION:
			notice.outcome.generation = mnl_attr_get_u32(attr);
			break;
		case XEIR_A_ADDED:
			notice.outcome.added = mnl_attr_get_u32(attr);
			break;
		case XEIR_A_CHANGED:
			notice.outcome.changed = mnl_attr_get_u32(attr);
			break;
		case XEIR_A_REMOVED:
			notice.outcome.removed = mnl_attr_get_u32(attr);
			break;
		case XEIR_A_ENTRIES:
			notice.outcome.entries = mnl_attr_get_u32(attr);
			break;
		}
	}
	reader->each(&notice, reader->arg);
	return MNL_CB_OK;
}

int notices_read(struct mnl_socket *socket, void (*each)(const struct notice *notice, void *arg),
		 void *arg)
{
	struct reader reader = { .each = each, .arg = arg };
	char buffer[8192];
	ssize_t len;
	int err;

	len = mnl_socket_recvfrom(socket, buffer, sizeof(buffer));
	if (len >= 0 && mnl_cb_run(buffer, len, 0, 0, read_notice, &reader) >= 0)
		return 0;
	err = -errno;
	/* the socket goes on; what it held is told as lost */
	complain("notices of the module were lost: %s", strerror(-err));
	return err == -ENOBUFS ? 0 : err;
}
