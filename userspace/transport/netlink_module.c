// SPDX-License-Identifier: GPL-2.0-only
#include "transport/netlink_module.h"

#include <errno.h>

#include "transport/netlink_message.h"
#include "transport/pinned_list.h"
#include "transport/pins.h"

bool netlink_module_present(void)
{
	struct genl genl;

	if (genl_open(&genl, XEIR_GENL_NAME))
		return false;
	genl_close(&genl);
	return true;
}

int netlink_module_has_bound(uint32_t list_id)
{
	struct netlink_stats stats = { 0 };
	struct genl genl;
	int err = genl_open(&genl, XEIR_GENL_NAME);

	if (err)
		return err == -ENOENT ? 0 : err;
	err = genl_talk(&genl, genl_request(&genl, XEIR_CMD_STATS, 0), netlink_message_read_stats,
			&stats);
	genl_close(&genl);
	if (err)
		return err == -ENXIO ? 0 : err;
	return !list_id || stats.list_id == list_id;
}

/* One request on a new socket, with @n attributes from @first on; a refusal is reported. */
static int talk_once(__u8 cmd, __u16 first, const int *fds, size_t n)
{
	struct nlmsghdr *nlh;
	struct genl genl;
	int err = genl_open(&genl, XEIR_GENL_NAME);

	if (err)
		return err == -ENOENT ? netlink_message_no_module() : err;
	nlh = genl_request(&genl, cmd, 0);
	for (size_t i = 0; i < n; i++)
		mnl_attr_put_u32(nlh, first + i, fds[i]);
	err = genl_talk(&genl, nlh, NULL, NULL);
	if (err)
		netlink_message_refused(&genl, NULL, err);
	genl_close(&genl);
	return err;
}

int netlink_module_bind(const int *fds)
{
	return talk_once(XEIR_CMD_BIND, XEIR_A_LIST_FD, fds, NETLINK_MODULE_FDS);
}

int netlink_module_unbind(void)
{
	return talk_once(XEIR_CMD_UNBIND, 0, NULL, 0);
}

int netlink_module_set_programs(const int *fds)
{
	return talk_once(XEIR_CMD_HOOK, XEIR_A_HOOK_FD, fds, 2);
}

int netlink_module_has_pinned_list(void)
{
	uint32_t id;
	int err;

	if (!pins_has(PIN_NAME(XEIR_MAP_LIST)) || !netlink_module_present())
		return 0;
	err = pinned_list_id(&id);
	return err ? err : netlink_module_has_bound(id);
}
