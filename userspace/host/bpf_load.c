// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>
#include <xeir/maps.h>

#include "host/bpf_load.h"
#include "host/bpf_maps.h"
#include "host/load_log.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "transport/pins.h"
#include "xeir.skel.h"

/* Pinned under their names; the last one shows that all are there. */
static const char *const program_names[] = { EGRESS_PIN, HOOK_PIN, SWEEP_PIN, PROGRAM_PIN };

#define PROGRAMS (sizeof(program_names) / sizeof(*program_names))

/* The configuration until `xeir set` changes it. */
static int configure(struct xeir_bpf *skel)
{
	static const struct xeir_config config = XEIR_CONFIG_DEFAULT;
	__u32 zero = 0;
	int err = 0;

	if (bpf_map_update_elem(bpf_map__fd(skel->maps.XEIR_MAP_CONFIG), &zero, &config, BPF_ANY)) {
		err = -errno;
		complain("the configuration cannot be written: %s", strerror(-err));
	}
	return err;
}

static int load(struct xeir_bpf *skel)
{
	int err = bpf_map__set_max_entries(skel->maps.xeir_copies, libbpf_num_possible_cpus());
	if (err)
		return err;
	load_log_begin();
	err = xeir_bpf__load(skel);
	if (err) {
		complain("the program cannot be loaded: %s%s", strerror(-err),
			 err == -EPERM ? "; root is needed" : "");
		load_log_print();
	}
	load_log_end();
	return err;
}

static int pin_programs(struct xeir_bpf *skel, const char *prefix)
{
	char path[PATH_MAX], name[NAME_MAX];

	for (size_t i = 0; i < PROGRAMS; i++) {
		struct bpf_program *program =
			bpf_object__find_program_by_name(skel->obj, program_names[i]);
		int err;

		snprintf(name, sizeof(name), "%s%s", prefix, program_names[i]);
		pins_path(path, name);
		err = bpf_program__pin(program, path);
		if (err) {
			complain("%s: cannot be pinned: %s", path, strerror(-err));
			return err;
		}
	}
	return 0;
}

static struct xeir_bpf *open_skel(void)
{
	struct xeir_bpf *skel = xeir_bpf__open();

	if (!skel)
		complain("the program cannot be opened: %s", strerror(errno));
	return skel;
}

static int load_and_pin(bool reuse, const struct capacity *capacity, struct pinned *made)
{
	struct xeir_bpf *skel = open_skel();
	int err;

	if (!skel)
		return -ENOMEM;
	err = reuse ? bpf_maps_reuse(skel->obj, capacity) : bpf_maps_size(skel->obj, capacity);
	if (!err)
		err = load(skel);
	if (err)
		goto out;
	made->maps = !reuse;
	if (made->maps && ((err = configure(skel)) || (err = bpf_maps_pin(skel->obj))))
		goto out;
	made->program = true;
	err = pin_programs(skel, "");
out:
	xeir_bpf__destroy(skel);
	return err;
}

int bpf_load_pin(const struct capacity *capacity, struct pinned *made)
{
	const char *present = bpf_maps_find(true), *missing = bpf_maps_find(false);
	int err;

	*made = (struct pinned){};
	if (missing && (present || pins_has(PROGRAM_PIN))) {
		complain("%s is incomplete: %s is there, %s is not; if an older version pinned it: "
			 "xeir attach --replace; else start again with: xeir detach all",
			 opt.pins, present ? present : PROGRAM_PIN, missing);
		return -EINVAL;
	}
	if (present && (err = bpf_maps_check_capacity(capacity)))
		return err;
	if (pins_has(PROGRAM_PIN))
		return 0;
	/* what a killed attach left of them */
	err = bpf_load_unpin(&(struct pinned){ .program = true });
	if (err)
		return err;
	err = load_and_pin(present, capacity, made);
	if (err)
		bpf_load_unpin(made);
	return err;
}

/* What a replace that did not end may have left. */
static int unpin_next(void)
{
	char name[NAME_MAX];
	int err = pins_remove(NEXT_ATTACHMENT_PIN);

	for (size_t i = 0; !err && i < PROGRAMS; i++) {
		snprintf(name, sizeof(name), NEXT_PIN "%s", program_names[i]);
		err = pins_remove(name);
	}
	return err;
}

int bpf_load_unpin(const struct pinned *gone)
{
	int err = gone->program ? unpin_next() : 0;

	for (size_t i = 0; gone->program && !err && i < PROGRAMS; i++)
		err = pins_remove(program_names[i]);
	return !err && gone->maps ? bpf_maps_unpin() : err;
}

int bpf_load_pin_next(void)
{
	struct xeir_bpf *skel = open_skel();
	int err;

	if (!skel)
		return -ENOMEM;
	err = bpf_maps_reuse_or_size(skel->obj);
	if (!err)
		err = load(skel);
	if (err || opt.dry_run)
		goto out;
	err = unpin_next();
	if (!err)
		err = bpf_maps_pin(skel->obj);
	if (!err)
		err = pin_programs(skel, NEXT_PIN);
	if (err)
		unpin_next();
out:
	xeir_bpf__destroy(skel);
	return err;
}

int bpf_load_advance(void)
{
	char from[PATH_MAX], to[PATH_MAX], name[NAME_MAX];

	for (size_t i = 0; i < PROGRAMS; i++) {
		snprintf(name, sizeof(name), NEXT_PIN "%s", program_names[i]);
		pins_path(from, name);
		pins_path(to, program_names[i]);
		if (rename(from, to)) {
			int err = -errno;

			complain("%s: cannot become %s: %s", from, to, strerror(-err));
			return err;
		}
	}
	return bpf_maps_unpin_former();
}

/* The kernel's info of the program @fd, which is closed. */
static int read_info(int fd, struct bpf_prog_info *info)
{
	__u32 len = sizeof(*info);
	int err;

	if (fd < 0)
		return -errno;
	memset(info, 0, sizeof(*info));
	err = bpf_obj_get_info_by_fd(fd, info, &len);
	close(fd);
	return err;
}

static int read_pinned(const char *pin, struct bpf_prog_info *info)
{
	char path[PATH_MAX];

	pins_path(path, pin);
	return read_info(bpf_obj_get(path), info);
}

bool bpf_load_is_like(uint32_t id, const char *pin)
{
	struct bpf_prog_info one, other;

	return !read_info(bpf_prog_get_fd_by_id(id), &one) && !read_pinned(pin, &other) &&
	       !memcmp(one.tag, other.tag, sizeof(one.tag));
}

uint32_t bpf_load_program_id(const char *pin)
{
	struct bpf_prog_info info;

	return read_pinned(pin, &info) ? 0 : info.id;
}
