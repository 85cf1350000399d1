// SPDX-License-Identifier: GPL-2.0-only
#include "host/bpf_maps.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "lib/opt.h"
#include "lib/say.h"
#include "transport/pins.h"

static const char *const map_names[] = {
	PIN_NAME(XEIR_MAP_LIST),       PIN_NAME(XEIR_MAP_CONTROL),   PIN_NAME(XEIR_MAP_CONFIG),
	PIN_NAME(XEIR_MAP_COUNTERS),   PIN_NAME(XEIR_MAP_TRAFFIC),   PIN_NAME(XEIR_MAP_ATTEMPTS),
	PIN_NAME(XEIR_MAP_HITS),       PIN_NAME(XEIR_MAP_EVENTS),    PIN_NAME(XEIR_MAP_SESSIONS),
	PIN_NAME(XEIR_MAP_BEARERS),    PIN_NAME(XEIR_MAP_BINDINGS),  PIN_NAME(XEIR_MAP_PENDING),
	PIN_NAME(XEIR_MAP_PATHS),      PIN_NAME(XEIR_MAP_SIGHTINGS), PIN_NAME(XEIR_MAP_TALLIES),
	PIN_NAME(XEIR_MAP_CUTTING),    PIN_NAME(XEIR_MAP_BREAKER),   PIN_NAME(XEIR_MAP_CUT_TEIDS),
	PIN_NAME(XEIR_MAP_CUT_COUNTS),
};

#define MAPS (sizeof(map_names) / sizeof(*map_names))

/* Maps of former versions, which the programs of this one do not use. */
static const char *const former_names[] = { "xeir_asked", "xeir_tunnels" };

#define FORMER (sizeof(former_names) / sizeof(*former_names))

/* The first three hold what the operator wants: a replace never creates them again. */
#define MAPS_OF_OPERATOR 3

const char *bpf_maps_find(bool pinned)
{
	for (size_t i = 0; i < MAPS; i++)
		if (pins_has(map_names[i]) == pinned)
			return map_names[i];
	return NULL;
}

static int wrong_map(const struct bpf_map *map, const char *what, __u32 found, __u32 expected)
{
	complain("%s/%s has %s %u, and %u is expected; carry the list over with: xeir save FILE && "
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
		return wrong_map(map, "max_entries", info->max_entries, entries);
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

int bpf_maps_reuse(struct bpf_object *object, const struct capacity *capacity)
{
	for (size_t i = 0; i < MAPS; i++) {
		struct bpf_map *map = bpf_object__find_map_by_name(object, map_names[i]);
		int err = reuse_map(map, capacity_expected(map, map_names[i], capacity));

		if (err)
			return err;
	}
	return 0;
}

int bpf_maps_size(struct bpf_object *object, const struct capacity *wanted)
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

int bpf_maps_pin(struct bpf_object *object)
{
	char path[PATH_MAX];

	for (size_t i = 0; i < MAPS; i++) {
		if (pins_has(map_names[i]))
			continue;
		struct bpf_map *map = bpf_object__find_map_by_name(object, map_names[i]);
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
		complain("%s/%s has a capacity of %u %s, and %u are wanted; save the list, then: "
			 "xeir detach all",
			 opt.pins, name, info.max_entries, what, wanted);
		err = -EINVAL;
	}
	close(fd);
	return err;
}

int bpf_maps_check_capacity(const struct capacity *capacity)
{
	int err = check_capacity(PIN_NAME(XEIR_MAP_LIST), "entries", capacity->entries);

	if (!err)
		err = check_capacity(PIN_NAME(XEIR_MAP_SESSIONS), "sessions", capacity->sessions);
	if (!err)
		err = check_capacity(PIN_NAME(XEIR_MAP_SIGHTINGS), "sightings",
				     capacity->sightings);
	return err;
}

int bpf_maps_reuse_or_size(struct bpf_object *object)
{
	static const struct capacity any;
	int err = bpf_maps_size(object, &any);

	for (size_t i = 0; i < MAPS && !err; i++) {
		struct bpf_map *map = bpf_object__find_map_by_name(object, map_names[i]);

		if (i < MAPS_OF_OPERATOR || pins_has(map_names[i]))
			err = reuse_map(map, capacity_expected(map, map_names[i], &any));
	}
	return err;
}

int bpf_maps_unpin_former(void)
{
	int err = 0;

	for (size_t i = 0; i < FORMER && !err; i++)
		err = pins_remove(former_names[i]);
	return err;
}

int bpf_maps_unpin(void)
{
	int err = bpf_maps_unpin_former();

	for (size_t i = 0; i < MAPS && !err; i++)
		err = pins_remove(map_names[i]);
	return err;
}
