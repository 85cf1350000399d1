// SPDX-License-Identifier: GPL-2.0-only
#include "transport/map_iterate.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdlib.h>

#define ROOM_MIN 16384

/* bpf_map_lookup_batch, or the one that deletes, too. */
typedef int (*batch)(int fd, void *in, void *out, void *keys, void *values, __u32 *n,
		     const struct bpf_map_batch_opts *opts);

struct chunk {
	struct bpf_map_info map;
	char *keys, *values;
	__u32 capacity, n;
};

static int grow(struct chunk *chunk, __u32 capacity)
{
	char *keys = reallocarray(chunk->keys, capacity, chunk->map.key_size);
	char *values = reallocarray(chunk->values, capacity, chunk->map.value_size);

	if (keys)
		chunk->keys = keys;
	if (values)
		chunk->values = values;
	chunk->capacity = capacity;
	return keys && values ? 0 : -ENOMEM;
}

static int give(const struct chunk *chunk,
		int (*each)(const void *key, const void *value, void *arg), void *arg)
{
	int err = 0;

	for (__u32 i = 0; i < chunk->n && !err; i++)
		err = each(chunk->keys + (size_t)i * chunk->map.key_size,
			   chunk->values + (size_t)i * chunk->map.value_size, arg);
	return err;
}

/* The kernel returns whole buckets: one that does not fit needs a larger chunk. */
static int take(int fd, batch batch, struct chunk *chunk,
		int (*each)(const void *key, const void *value, void *arg), void *arg)
{
	__u32 at, *from = NULL;
	int err, stop = 0;

	do {
		chunk->n = chunk->capacity;
		err = batch(fd, from, &at, chunk->keys, chunk->values, &chunk->n, NULL);
		from = &at;
		if (err == -ENOSPC)
			err = grow(chunk, chunk->capacity * 2);
		else if (!err || err == -ENOENT)
			stop = give(chunk, each, arg);
	} while (!err && !stop);
	return stop || err == -ENOENT ? stop : err;
}

static int iterate_by(int fd, batch batch,
		      int (*each)(const void *key, const void *value, void *arg), void *arg)
{
	struct chunk chunk = {};
	__u32 len = sizeof(chunk.map);
	int err = bpf_obj_get_info_by_fd(fd, &chunk.map, &len);

	if (!err)
		err = grow(&chunk, ROOM_MIN);
	if (!err)
		err = take(fd, batch, &chunk, each, arg);
	free(chunk.keys);
	free(chunk.values);
	return err;
}

int map_iterate(int fd, int (*each)(const void *key, const void *value, void *arg), void *arg)
{
	return iterate_by(fd, bpf_map_lookup_batch, each, arg);
}

static int count(const void *key, const void *value, void *n)
{
	(void)key;
	(void)value;
	++*(size_t *)n;
	return 0;
}

int map_iterate_clear(int fd, size_t *n)
{
	*n = 0;
	return iterate_by(fd, bpf_map_lookup_and_delete_batch, count, n);
}
