// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/bpf.h>
#include <limits.h>
#include <unistd.h>
#include "lib/opt.h"
#include "transport/netlink_module.h"
#include "transport/pins.h"
#include "transport/transport_bpf.h"
#include "transport/transport_netlink.h"
#include "transport/transport_open.h"

/* BPF id of the list that is pinned; 0: none can be opened, which is not reported here. */
static uint32_t find_list_id(void)
{
	struct bpf_map_info info = { 0 };
	__u32 len = sizeof(info);
	char path[PATH_MAX];
	int fd, err;

	pins_path(path, PIN_NAME(XEIR_MAP_LIST));
	fd = bpf_obj_get(path);
	if (fd < 0)
		return 0;
	err = bpf_obj_get_info_by_fd(fd, &info, &len);
	close(fd);
	return err ? 0 : info.id;
}

struct transport *transport_open(void)
{
	uint32_t id;

	if (opt.transport == TRANSPORT_NETLINK)
		return transport_netlink_open();
	if (opt.transport == TRANSPORT_BPF)
		return transport_bpf_open();
	id = find_list_id();
	return id && netlink_module_has_bound(id) == 1 ? transport_netlink_open() :
							 transport_bpf_open();
}
