// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/bpf.h>
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "transport/pinned_config.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "transport/pins.h"

static const __u32 zero;

static int failed(const char *what)
{
	int err = -errno;

	complain("%s/%s cannot be %s: %s", opt.pins, PIN_NAME(XEIR_MAP_CONFIG), what,
		 strerror(-err));
	return err;
}

int pinned_config_read(struct xeir_config *config)
{
	int fd, err = 0;

	fd = pins_open(PIN_NAME(XEIR_MAP_CONFIG));
	if (fd < 0)
		return fd;
	if (bpf_map_lookup_elem(fd, &zero, config))
		err = failed("read");
	close(fd);
	return err;
}

int pinned_config_lock(struct xeir_config *config)
{
	int err, lock = pins_lock(true);

	if (lock < 0)
		return lock;
	err = pinned_config_read(config);
	if (!err)
		return lock;
	close(lock);
	return err;
}

int pinned_config_write(const struct xeir_config *config)
{
	int fd, err = 0;

	fd = pins_open(PIN_NAME(XEIR_MAP_CONFIG));
	if (fd < 0)
		return fd;
	if (bpf_map_update_elem(fd, &zero, config, BPF_ANY))
		err = failed("written");
	close(fd);
	return err;
}

__u8 pinned_config_default_action(void)
{
	struct xeir_config config = XEIR_CONFIG_DEFAULT;
	char path[PATH_MAX];
	int fd;

	/* the code that needs the pins reports what is wrong with them */
	pins_path(path, PIN_NAME(XEIR_MAP_CONFIG));
	fd = bpf_obj_get(path);
	if (fd < 0)
		return config.default_action;
	bpf_map_lookup_elem(fd, &zero, &config);
	close(fd);
	return config.default_action;
}
