// SPDX-License-Identifier: GPL-2.0-only
#include "transport/pinned_list.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "lib/say.h"
#include "transport/pins.h"

int pinned_list_id(uint32_t *id)
{
	struct bpf_map_info info = {};
	__u32 len = sizeof(info);
	int fd, err = 0;

	fd = pins_open(PIN_NAME(XEIR_MAP_LIST));
	if (fd < 0)
		return fd;
	if (bpf_obj_get_info_by_fd(fd, &info, &len)) {
		err = -errno;
		complain("%s: %s", PIN_NAME(XEIR_MAP_LIST), strerror(-err));
	}
	close(fd);
	*id = info.id;
	return err;
}

int pinned_list_control(struct xeir_control *control)
{
	__u32 zero = 0;
	int fd, err = 0;

	fd = pins_open(PIN_NAME(XEIR_MAP_CONTROL));
	if (fd < 0)
		return fd;
	if (bpf_map_lookup_elem(fd, &zero, control)) {
		err = -errno;
		complain("%s: %s", PIN_NAME(XEIR_MAP_CONTROL), strerror(-err));
	}
	close(fd);
	return err;
}
