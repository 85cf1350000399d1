// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "host/bpf_load.h"
#include "host/nf_links.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "transport/pins.h"
#include "transport/transport.h"
#include "xeir.skel.h"

static const char *const map_names[] = {
	PIN_NAME(XEIR_MAP_LIST),     PIN_NAME(XEIR_MAP_CONTROL),   PIN_NAME(XEIR_MAP_CONFIG),
	PIN_NAME(XEIR_MAP_COUNTERS), PIN_NAME(XEIR_MAP_TRAFFIC),   PIN_NAME(XEIR_MAP_ATTEMPTS),
	PIN_NAME(XEIR_MAP_HITS),     PIN_NAME(XEIR_MAP_EVENTS),	   PIN_NAME(XEIR_MAP_SESSIONS),
	PIN_NAME(XEIR_MAP_BEARERS),  PIN_NAME(XEIR_MAP_BINDINGS),  PIN_NAME(XEIR_MAP_PENDING),
	PIN_NAME(XEIR_MAP_PATHS),    PIN_NAME(XEIR_MAP_SIGHTINGS), PIN_NAME(XEIR_MAP_TALLIES),
	PIN_NAME(XEIR_MAP_CUTTING),  PIN_NAME(XEIR_MAP_BREAKER),   PIN_NAME(XEIR_MAP_CUT_TEIDS),
};

/* Pinned under their own names; the last one says that all are there. */
static const char *const program_names[] = { EGRESS_PIN, HOOK_PIN, SWEEP_PIN, PROGRAM_PIN };

#define PROGRAMS (sizeof(program_names) / sizeof(*program_names))

#define MAPS (sizeof(map_names) / sizeof(*map_names))

/* The first three say what the operator wants: none of them can be made anew behind his back. */
#define MAPS_TOLD 3

/* The first map that is pinned, or that is not; NULL: none. */
static const char *find_map(bool pinned)
{
	for (size_t i = 0; i < MAPS; i++)
		if (pins_has(map_names[i]) == pinned)
			return map_names[i];
	return NULL;
}

static int wrong_map(const struct bpf_map *map, const char *what, __u32 found, __u32 expected)
{
	complain("%s/%s has %s %u, and %u is expected; carry the list over by: xeir save FILE && "
		 "xeir detach all && xeir attach dev IF && xeir restore FILE",
		 opt.pins, bpf_map__name(map), what, found, expected);
	return -EINVAL;
}

static int check_map(const struct bpf_map *map, const struct bpf_map_info *info,
		     unsigned int entries)
{
	if (info->type != bpf_map__type(map))
		return wrong_map(map, "type", info->type, bpf_map__type(map));
	if (info->key_size != bpf_map__key_size(map))
		return wrong_map(map, "key size", info->key_size, bpf_map__key_size(map));
	if (info->value_size != bpf_map__value_size(map))
		return wrong_map(map, "value size", info->value_size, bpf_map__value_size(map));
	if (info->map_flags != bpf_map__map_flags(map))
		return wrong_map(map, "flags", info->map_flags, bpf_map__map_flags(map));
	if (entries && info->max_entries != entries)
		return wrong_map(map, "room for entries:", info->max_entries, entries);
	return 0;
}

static int reuse_map(struct bpf_map *map, unsigned int entries)
{
	const char *name = bpf_map__name(map);
	struct bpf_map_info info = {};
	__u32 len = sizeof(info);
	int fd, err;

	fd = pins_open(name);
	if (fd < 0)
		return fd;
	if (bpf_obj_get_info_by_fd(fd, &info, &len)) {
		err = -errno;
		complain("%s/%s: %s", opt.pins, name, strerror(-err));
	} else {
		err = check_map(map, &info, entries);
		if (!err && (err = bpf_map__reuse_fd(map, fd)))
			complain("%s/%s: %s", opt.pins, name, strerror(-err));
	}
	close(fd);
	return err;
}

int bpf_load_reuse_maps(struct bpf_object *object, const struct capacity *capacity)
{
	for (size_t i = 0; i < MAPS; i++) {
		struct bpf_map *map = bpf_object__find_map_by_name(object, map_names[i]);
		int err = reuse_map(map, capacity_expected(map, map_names[i], capacity));

		if (err)
			return err;
	}
	return 0;
}

static int size_maps(struct bpf_object *object, const struct capacity *wanted)
{
	struct capacity capacity = *wanted;
	int err = 0;

	capacity_fill(&capacity);
	if (capacity.entries < capacity.listed) {
		complain("entries: found %u, expected at least %u, which the journal %s lists",
			 capacity.entries, capacity.listed, opt.journal);
		return -ENOSPC;
	}
	for (size_t i = 0; i < MAPS && !err; i++)
		err = capacity_set(bpf_object__find_map_by_name(object, map_names[i]), map_names[i],
				   &capacity);
	return err;
}

/* Those that are not pinned yet. */
static int pin_maps(struct xeir_bpf *skel)
{
	char path[PATH_MAX];

	for (size_t i = 0; i < MAPS; i++) {
		if (pins_has(map_names[i]))
			continue;
		struct bpf_map *map = bpf_object__find_map_by_name(skel->obj, map_names[i]);
		int err;

		pins_path(path, map_names[i]);
		err = bpf_map__pin(map, path);
		if (err) {
			complain("%s: cannot be pinned: %s", path, strerror(-err));
			return err;
		}
	}
	return 0;
}

/* What holds until `xeir set` says something else. */
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
	err = xeir_bpf__load(skel);
	if (err)
		complain("the program cannot be loaded: %s%s", strerror(-err),
			 err == -EPERM ? "; root is needed" : "");
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
	err = reuse ? bpf_load_reuse_maps(skel->obj, capacity) : size_maps(skel->obj, capacity);
	if (!err)
		err = load(skel);
	if (err)
		goto out;
	made->maps = !reuse;
	if (made->maps && ((err = configure(skel)) || (err = pin_maps(skel))))
		goto out;
	made->program = true;
	err = pin_programs(skel, "");
out:
	xeir_bpf__destroy(skel);
	return err;
}

static int check_capacity(const char *name, const char *what, unsigned int wanted)
{
	struct bpf_map_info info = {};
	__u32 len = sizeof(info);
	int fd, err = 0;

	fd = pins_open(name);
	if (fd < 0)
		return fd;
	if (bpf_obj_get_info_by_fd(fd, &info, &len)) {
		err = -errno;
		complain("%s: %s", name, strerror(-err));
	} else if (wanted && info.max_entries != wanted) {
		complain("%s/%s has room for %u %s, and %u are asked for; save the list, then: "
			 "xeir detach all",
			 opt.pins, name, info.max_entries, what, wanted);
		err = -EINVAL;
	}
	close(fd);
	return err;
}

static int check_capacities(const struct capacity *capacity)
{
	int err = check_capacity(PIN_NAME(XEIR_MAP_LIST), "entries", capacity->entries);

	if (!err)
		err = check_capacity(PIN_NAME(XEIR_MAP_SESSIONS), "sessions", capacity->sessions);
	if (!err)
		err = check_capacity(PIN_NAME(XEIR_MAP_SIGHTINGS), "sightings",
				     capacity->sightings);
	return err;
}

int bpf_load_pin(const struct capacity *capacity, struct pinned *made)
{
	const char *present = find_map(true), *missing = find_map(false);
	int err;

	*made = (struct pinned){};
	if (missing && (present || pins_has(PROGRAM_PIN))) {
		complain("%s is not whole: %s is there, %s is not; start anew by: xeir detach all",
			 opt.pins, present ? present : PROGRAM_PIN, missing);
		return -EINVAL;
	}
	if (present && (err = check_capacities(capacity)))
		return err;
	if (pins_has(PROGRAM_PIN))
		return 0;
	/* what one who was killed had pinned of them */
	err = bpf_load_unpin(&(struct pinned){ .program = true });
	if (err)
		return err;
	err = load_and_pin(present, capacity, made);
	if (err)
		bpf_load_unpin(made);
	return err;
}

static int unpin(const char *name)
{
	char path[PATH_MAX];
	int err;

	pins_path(path, name);
	if (!unlink(path) || errno == ENOENT)
		return 0;
	err = -errno;
	complain("%s: %s", path, strerror(-err));
	return err;
}

/* What a replace that did not end may have left. */
static int unpin_next(void)
{
	char name[NAME_MAX];
	int err = unpin(NEXT_ATTACHMENT_PIN);

	for (size_t i = 0; !err && i < PROGRAMS; i++) {
		snprintf(name, sizeof(name), NEXT_PIN "%s", program_names[i]);
		err = unpin(name);
	}
	return err;
}

int bpf_load_unpin(const struct pinned *gone)
{
	int err = gone->program ? unpin_next() : 0;

	for (size_t i = 0; gone->program && !err && i < PROGRAMS; i++)
		err = unpin(program_names[i]);
	for (size_t i = 0; gone->maps && !err && i < MAPS; i++)
		err = unpin(map_names[i]);
	return err;
}

/* The pinned maps, and new ones in place of those that the version before did not have. */
static int reuse_or_size(struct bpf_object *object)
{
	static const struct capacity any;
	int err = size_maps(object, &any);

	for (size_t i = 0; i < MAPS && !err; i++) {
		struct bpf_map *map = bpf_object__find_map_by_name(object, map_names[i]);

		if (i < MAPS_TOLD || pins_has(map_names[i]))
			err = reuse_map(map, capacity_expected(map, map_names[i], &any));
	}
	return err;
}

int bpf_load_pin_next(void)
{
	struct xeir_bpf *skel = open_skel();
	int err;

	if (!skel)
		return -ENOMEM;
	err = reuse_or_size(skel->obj);
	if (!err)
		err = load(skel);
	if (err || opt.dry_run)
		goto out;
	err = unpin_next();
	if (!err)
		err = pin_maps(skel);
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
	return 0;
}

/* What the kernel says of the program behind @fd, which is closed. */
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

int bpf_load_list_id(uint32_t *id)
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

int bpf_load_control(struct xeir_control *control)
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

static int bind_pinned(void)
{
	static const char *const names[TRANSPORT_NETLINK_FDS] = {
		PIN_NAME(XEIR_MAP_LIST),
		PIN_NAME(XEIR_MAP_CONTROL),
		PIN_NAME(XEIR_MAP_COUNTERS),
		HOOK_PIN,
		SWEEP_PIN,
	};
	int fds[TRANSPORT_NETLINK_FDS] = { -1, -1, -1, -1, -1 }, err = 0;

	for (size_t i = 0; i < TRANSPORT_NETLINK_FDS && err >= 0; i++)
		err = fds[i] = pins_open(names[i]);
	if (err >= 0)
		err = transport_netlink_bind(fds);
	/* two hooks would count all twice; without one in between, fragments would pass */
	if (!err)
		err = nf_links_detach_here();
	for (size_t i = 0; i < TRANSPORT_NETLINK_FDS; i++)
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
	if (!transport_netlink_present()) {
		if (opt.transport == TRANSPORT_AUTO)
			return 0;
		complain("--transport netlink needs the module xeir, which is not loaded here");
		return -ENOENT;
	}
	err = bpf_load_list_id(&id);
	if (err)
		return err;
	err = transport_netlink_has_bound(id);
	if (err)
		return err < 0 ? err : 0;
	err = transport_netlink_has_bound(0);
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

int module_is_bound(void)
{
	uint32_t id;
	int err;

	if (!pins_has(PIN_NAME(XEIR_MAP_LIST)) || !transport_netlink_present())
		return 0;
	err = bpf_load_list_id(&id);
	return err ? err : transport_netlink_has_bound(id);
}

int module_hand_over(void)
{
	static const char *const names[] = { NEXT_PIN HOOK_PIN, NEXT_PIN SWEEP_PIN };
	int fds[] = { -1, -1 }, err = module_is_bound();

	if (err <= 0)
		return err;
	for (size_t i = 0; i < 2 && err >= 0; i++)
		err = fds[i] = pins_open(names[i]);
	if (err >= 0)
		err = transport_netlink_hook(fds);
	for (size_t i = 0; i < 2; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	return err;
}

int module_unbind(void)
{
	int bound = module_is_bound();

	return bound > 0 ? transport_netlink_unbind() : bound;
}
