// SPDX-License-Identifier: GPL-2.0-only
#include "host/sweep.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "host/bpf_load.h"
#include "lib/say.h"
#include "transport/pins.h"

int sweep_read(struct xeir_cutting *found)
{
	int fd = pins_open(PIN_NAME(XEIR_MAP_CUTTING)), err = 0;
	__u32 zero = 0;

	if (fd < 0)
		return fd;
	if (bpf_map_lookup_elem(fd, &zero, found)) {
		err = -errno;
		complain("%s: %s", PIN_NAME(XEIR_MAP_CUTTING), strerror(-err));
	}
	close(fd);
	return err;
}

int sweep_run(struct outcome *outcome)
{
	LIBBPF_OPTS(bpf_test_run_opts, run);
	struct xeir_cutting found;
	int fd, err = 0;

	if (outcome->swept || !pins_has(SWEEP_PIN))
		return 0;
	fd = pins_open(SWEEP_PIN);
	if (fd < 0)
		return fd;
	if (bpf_prog_test_run_opts(fd, &run))
		err = -errno;
	else if (run.retval)
		err = -EINVAL;
	if (err)
		complain("the list is enforced, but sessions that are up could not be cut: %s",
			 strerror(-err));
	close(fd);
	if (!err)
		err = sweep_read(&found);
	if (err)
		return err;
	outcome->cut = found.cut;
	outcome->freed = found.freed;
	return 0;
}
