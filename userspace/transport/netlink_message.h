/* SPDX-License-Identifier: GPL-2.0-only */
/* Messages of the family (uapi/linux/xeir.h) from plain structs, and back; its refusals. */
#ifndef XEIR_TRANSPORT_NETLINK_MESSAGE_H
#define XEIR_TRANSPORT_NETLINK_MESSAGE_H

#include "transport/genl.h"
#include "transport/transport.h"

/* @side NULL: the key alone. 0: it does not fit, and the message is as before. */
int netlink_message_put_entry(struct nlmsghdr *nlh, const struct xeir_key *key,
			      const struct xeir_side *side);

/* Of an attribute in XEIR_A_ENTRY, into @arg, a struct entry. */
int netlink_message_read_entry(const struct nlattr *attr, void *arg);

/* Into @arg, a struct outcome. */
int netlink_message_read_outcome(const struct nlmsghdr *nlh, void *arg);

struct netlink_stats {
	struct figures figures;
	uint32_t list_id;
};

/* Into @arg, a struct netlink_stats. */
int netlink_message_read_stats(const struct nlmsghdr *nlh, void *arg);

/* Report why the kernel refused, @err. @key: the entry concerned, or NULL. Returns @err. */
int netlink_message_refused(const struct genl *genl, const struct xeir_key *key, int err);

/* Report that there is no such family. Returns -ENOENT. */
int netlink_message_no_module(void);

#endif /* XEIR_TRANSPORT_NETLINK_MESSAGE_H */
