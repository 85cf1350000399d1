// SPDX-License-Identifier: GPL-2.0-only
/*
 * The only file that uses struct bpf_map.
 *
 * Map operations are called like the bpf(2) system call does, under rcu_read_lock(),
 * with one difference: the system call first disables instrumentation on its CPU
 * (bpf_prog_active, not exported), so that a tracing program that runs inside a map
 * operation cannot wait for the bucket lock that is held. Hash maps prevent that since
 * 5.11: map_locked makes the inner access fail with -EBUSY. A writer in process context
 * is never the inner one, so it does not get this error.
 */
#include <linux/bpf.h>
#include <linux/cpumask.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/rcupdate.h>

#include "maps.h"

struct xeir_map_spec {
	enum bpf_map_type type;
	u32 key_size;
	u32 value_size;
	u32 entries; /* 0: any number */
	u32 flags;
	bool ours; /* the module is its only writer while it is bound */
	const char *bad_fd, *bad_mode, *bad_type, *bad_key, *bad_value, *bad_entries, *bad_flags;
	const char *frozen, *busy;
};

/*
 * All flags are compared: a map without preallocation would allocate in the middle of a
 * transaction, and the verifier takes the values of a frozen map that is read-only to
 * programs for constants.
 */
static const struct xeir_map_spec specs[XEIR_MAPS] = {
	[XEIR_THE_LIST] = {
		.type = BPF_MAP_TYPE_HASH,
		.key_size = sizeof(struct xeir_key),
		.value_size = sizeof(struct xeir_entry),
		.ours = true,
		.bad_fd = "the list's descriptor is not one of an open BPF map",
		.bad_mode = "the list's descriptor does not allow writing",
		.bad_type = "the list is a map of another type than BPF_MAP_TYPE_HASH",
		.bad_key = "the list's keys are of another size than the expected 16 octets",
		.bad_value = "the list's values are of another size than the expected 28 octets",
		.bad_flags = "the list has map flags, expected none (it must be preallocated)",
		.frozen = "the list is bound in another network namespace, or frozen for good",
		.busy = "the list is being written by bpf(2) or mapped for writing",
	},
	[XEIR_THE_CONTROL] = {
		.type = BPF_MAP_TYPE_ARRAY,
		.key_size = sizeof(u32),
		.value_size = sizeof(struct xeir_control),
		.entries = 1,
		.flags = BPF_F_MMAPABLE,
		.ours = true,
		.bad_fd = "the control's descriptor is not one of an open BPF map",
		.bad_mode = "the control's descriptor does not allow writing",
		.bad_type = "the control is a map of another type than BPF_MAP_TYPE_ARRAY",
		.bad_key = "the control's keys are of another size than the expected 4 octets",
		.bad_value = "the control's values are of another size than the expected 20 octets",
		.bad_entries = "the control has another number of elements than the expected 1",
		.bad_flags = "the control has other map flags than the expected BPF_F_MMAPABLE",
		.frozen = "the control is bound in another namespace, or frozen for good",
		.busy = "the control is being written by bpf(2) or mapped for writing",
	},
	[XEIR_THE_COUNTERS] = {
		.type = BPF_MAP_TYPE_PERCPU_ARRAY,
		.key_size = sizeof(u32),
		.value_size = sizeof(struct xeir_counter),
		.entries = XEIR_RULE_MAX + 1,
		.bad_fd = "the counters' descriptor is not one of an open BPF map",
		.bad_type = "the counters are a map of another type than BPF_MAP_TYPE_PERCPU_ARRAY",
		.bad_key = "the counters' keys are of another size than the expected 4 octets",
		.bad_value = "the counters' values are of another size than the expected 48 octets",
		.bad_entries = "the counters have another number of elements than there are rules",
		.bad_flags = "the counters have map flags, expected none",
	},
};

static const char *check_shape(const struct bpf_map *map, const struct xeir_map_spec *spec)
{
	if (map->map_type != spec->type)
		return spec->bad_type;
	if (map->key_size != spec->key_size)
		return spec->bad_key;
	if (map->value_size != spec->value_size)
		return spec->bad_value;
	if (spec->entries && map->max_entries != spec->entries)
		return spec->bad_entries;
	if (map->map_flags != spec->flags)
		return spec->bad_flags;
	return NULL;
}

/*
 * bpf_map_get() does not check how the descriptor was opened, and the module must not
 * write to a map that its sender could not write to.
 */
static struct bpf_map *get_map(u32 fd, const struct xeir_map_spec *spec, const char **why)
{
	struct bpf_map *map;
	struct file *file;

	*why = spec->bad_fd;
	file = fget(fd);
	if (!file)
		return ERR_PTR(-EBADF);

	map = bpf_map_get(fd);
	if (IS_ERR(map) || map != file->private_data) {
		if (!IS_ERR(map))
			bpf_map_put(map);
		map = ERR_PTR(-EBADF);
	} else if (spec->ours && !(file->f_mode & FMODE_CAN_WRITE)) {
		*why = spec->bad_mode;
		bpf_map_put(map);
		map = ERR_PTR(-EPERM);
	}
	fput(file);
	return map;
}

/*
 * Refuse writes by bpf(2), like BPF_MAP_FREEZE; those of programs and of the module are
 * not affected. A writer increments writecnt before it checks @frozen, so that one of the
 * two sees the other.
 */
static int freeze(struct bpf_map *map, const struct xeir_map_spec *spec, const char **why)
{
	int err = 0;

	mutex_lock(&map->freeze_mutex);
	if (map->frozen) {
		*why = spec->frozen;
		err = -EBUSY;
		goto out;
	}
	WRITE_ONCE(map->frozen, true);
	smp_mb();
	if (atomic64_read(&map->writecnt)) {
		WRITE_ONCE(map->frozen, false);
		*why = spec->busy;
		err = -EBUSY;
	}
out:
	mutex_unlock(&map->freeze_mutex);
	return err;
}

static void thaw(struct bpf_map *map)
{
	mutex_lock(&map->freeze_mutex);
	WRITE_ONCE(map->frozen, false);
	mutex_unlock(&map->freeze_mutex);
}

static int bind_one(struct xeir_maps *maps, enum xeir_map i, u32 fd, const char **why)
{
	const struct xeir_map_spec *spec = &specs[i];
	struct bpf_map *map;
	int err = 0;

	map = get_map(fd, spec, why);
	if (IS_ERR(map))
		return PTR_ERR(map);

	*why = check_shape(map, spec);
	if (*why)
		err = -EINVAL;
	else if (spec->ours)
		err = freeze(map, spec, why);
	if (err) {
		bpf_map_put(map);
		return err;
	}
	maps->map[i] = map;
	return 0;
}

int xeir_maps_bind(struct xeir_maps *maps, const u32 fd[XEIR_MAPS], struct xeir_map_refusal *no)
{
	struct bpf_map *map;
	u32 first = 0;
	int i, err;

	for (i = 0; i < XEIR_MAPS; i++) {
		err = bind_one(maps, i, fd[i], &no->why);
		if (err) {
			no->map = i;
			xeir_maps_unbind(maps);
			return err;
		}
	}

	map = maps->map[XEIR_THE_LIST];
	maps->list_id = map->id;
	maps->capacity = map->max_entries;

	/* The memory of an array does not move while a reference to the map is held. */
	map = maps->map[XEIR_THE_CONTROL];
	rcu_read_lock();
	maps->control = map->ops->map_lookup_elem(map, &first);
	rcu_read_unlock();
	return 0;
}

void xeir_maps_unbind(struct xeir_maps *maps)
{
	int i;

	maps->control = NULL;
	for (i = 0; i < XEIR_MAPS; i++) {
		if (!maps->map[i])
			continue;
		if (specs[i].ours)
			thaw(maps->map[i]);
		bpf_map_put(maps->map[i]);
		maps->map[i] = NULL;
	}
}

bool xeir_maps_list_is_of(const struct xeir_maps *maps, const struct bpf_prog *prog)
{
	struct bpf_prog_aux *aux = prog->aux;
	bool found = false;
	u32 i;

	mutex_lock(&aux->used_maps_mutex);
	for (i = 0; i < aux->used_map_cnt && !found; i++)
		found = aux->used_maps[i] == maps->map[XEIR_THE_LIST];
	mutex_unlock(&aux->used_maps_mutex);
	return found;
}

void *xeir_maps_value_of(const struct bpf_prog *prog, const char *name, u32 octets)
{
	struct bpf_prog_aux *aux = prog->aux;
	void *value = NULL;
	u32 i, first = 0;

	mutex_lock(&aux->used_maps_mutex);
	for (i = 0; i < aux->used_map_cnt && !value; i++) {
		struct bpf_map *map = aux->used_maps[i];

		if (map->map_type != BPF_MAP_TYPE_ARRAY || map->max_entries != 1 ||
		    map->value_size != octets || strcmp(map->name, name))
			continue;
		rcu_read_lock();
		value = map->ops->map_lookup_elem(map, &first);
		rcu_read_unlock();
	}
	mutex_unlock(&aux->used_maps_mutex);
	return value;
}

bool xeir_maps_get(const struct xeir_maps *maps, const struct xeir_key *key,
		   struct xeir_entry *entry)
{
	struct bpf_map *map = maps->map[XEIR_THE_LIST];
	const struct xeir_entry *found;

	rcu_read_lock();
	found = map->ops->map_lookup_elem(map, (void *)key);
	if (found)
		*entry = *found;
	rcu_read_unlock();
	return found;
}

/*
 * The element is replaced, not written in place: a program that looks it up at this
 * moment finds the old or the new one. Replacing needs no capacity of the map.
 */
int xeir_maps_set(const struct xeir_maps *maps, const struct xeir_key *key,
		  const struct xeir_entry *entry)
{
	struct bpf_map *map = maps->map[XEIR_THE_LIST];
	int err;

	rcu_read_lock();
	err = map->ops->map_update_elem(map, (void *)key, (void *)entry, BPF_ANY);
	rcu_read_unlock();
	return err == -E2BIG ? -ENOSPC : err;
}

/* In place, as @after is not read before its generation is live. */
void xeir_maps_amend(const struct xeir_maps *maps, const struct xeir_key *key,
		     const struct xeir_side *after)
{
	struct bpf_map *map = maps->map[XEIR_THE_LIST];
	struct xeir_entry *entry;

	rcu_read_lock();
	entry = map->ops->map_lookup_elem(map, (void *)key);
	if (entry)
		entry->after = *after;
	rcu_read_unlock();
}

int xeir_maps_delete(const struct xeir_maps *maps, const struct xeir_key *key)
{
	struct bpf_map *map = maps->map[XEIR_THE_LIST];
	int err;

	rcu_read_lock();
	err = map->ops->map_delete_elem(map, (void *)key);
	rcu_read_unlock();
	return err;
}

bool xeir_maps_next(const struct xeir_maps *maps, const struct xeir_key *key, struct xeir_key *next)
{
	struct bpf_map *map = maps->map[XEIR_THE_LIST];
	int err;

	rcu_read_lock();
	err = map->ops->map_get_next_key(map, (void *)key, next);
	rcu_read_unlock();
	return !err;
}

void xeir_maps_count(const struct xeir_maps *maps, u32 rule, struct xeir_counter *sum)
{
	struct bpf_map *map = maps->map[XEIR_THE_COUNTERS];
	const struct xeir_counter *counter;
	int cpu, i;

	memset(sum, 0, sizeof(*sum));
	rcu_read_lock();
	for_each_possible_cpu(cpu) {
		counter = map->ops->map_lookup_percpu_elem(map, &rule, cpu);
		for (i = 0; i < ARRAY_SIZE(counter->packets); i++)
			sum->packets[i] += READ_ONCE(counter->packets[i]);
		sum->lost += READ_ONCE(counter->lost);
		sum->not_enforced += READ_ONCE(counter->not_enforced);
	}
	rcu_read_unlock();
}
