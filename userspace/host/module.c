// SPDX-License-Identifier: GPL-2.0-only
#include "host/module.h"

#include <errno.h>
#include <unistd.h>

#include "host/bpf_load.h"
#include "host/nf_links.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "transport/netlink_module.h"
#include "transport/pinned_list.h"
#include "transport/pins.h"

static int bind_pinned(void)
{
	static const char *const names[NETLINK_MODULE_FDS] = {
		PIN_NAME(XEIR_MAP_LIST),
		PIN_NAME(XEIR_MAP_CONTROL),
		PIN_NAME(XEIR_MAP_COUNTERS),
		HOOK_PIN,
		SWEEP_PIN,
	};
	int fds[NETLINK_MODULE_FDS] = { -1, -1, -1, -1, -1 }, err = 0;

	for (size_t i = 0; i < NETLINK_MODULE_FDS && err >= 0; i++)
		err = fds[i] = pins_open(names[i]);
	if (err >= 0)
		err = netlink_module_bind(fds);
	/* two hooks would count all twice; without one in between, fragments would pass */
	if (!err)
		err = nf_links_detach_here();
	for (size_t i = 0; i < NETLINK_MODULE_FDS; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	return err;
}

int module_bind(bool *bound)
{
	uint32_t id;
	int err;

	*bound = false;
	if (opt.transport == TRANSPORT_BPF)
		return 0;
	if (!netlink_module_present()) {
		if (opt.transport == TRANSPORT_AUTO)
			return 0;
		complain("--transport netlink needs the module xeir, which is not loaded here");
		return -ENOENT;
	}
	err = pinned_list_id(&id);
	if (err)
		return err;
	err = netlink_module_has_bound(id);
	if (err)
		return err < 0 ? err : 0;
	err = netlink_module_has_bound(0);
	if (!err) {
		err = bind_pinned();
		*bound = !err;
	} else if (err > 0) {
		complain(
			"the module has another list in this network namespace; to make it let go: "
			"xeir detach all, with the --pins of that list, even if they are gone");
		err = -EBUSY;
	}
	return err;
}

int module_hand_over(void)
{
	static const char *const names[] = { NEXT_PIN HOOK_PIN, NEXT_PIN SWEEP_PIN };
	int fds[] = { -1, -1 }, err = netlink_module_has_pinned_list();

	if (err <= 0)
		return err;
	for (size_t i = 0; i < 2 && err >= 0; i++)
		err = fds[i] = pins_open(names[i]);
	if (err >= 0)
		err = netlink_module_set_programs(fds);
	for (size_t i = 0; i < 2; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	return err;
}

int module_unbind(void)
{
	int bound = netlink_module_has_pinned_list();

	return bound > 0 ? netlink_module_unbind() : bound;
}
