// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "transport/transport_bpf_list.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <linux/membarrier.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "lib/say.h"
#include "transport/pins.h"

#define READ_CHUNK 65536u

/* The kernel returns whole buckets, so a bucket needs some space after the last entry. */
#define READ_SLACK 1024

int transport_bpf_list_read(struct transport_bpf *v, struct raw_list *raw)
{
	size_t capacity = (size_t)v->capacity + READ_SLACK;
	__u32 batch = 0, count;
	int err = 0;

	raw->n = 0;
	raw->keys = calloc(capacity, sizeof(*raw->keys));
	raw->entries = calloc(capacity, sizeof(*raw->entries));
	if (!raw->keys || !raw->entries)
		err = -ENOMEM;
	while (!err && raw->n < capacity) {
		count = capacity - raw->n < READ_CHUNK ? capacity - raw->n : READ_CHUNK;
		err = bpf_map_lookup_batch(v->list, raw->n ? &batch : NULL, &batch,
					   raw->keys + raw->n, raw->entries + raw->n, &count, NULL);
		if (!err || err == -ENOENT)
			raw->n += count;
		if (!err && !raw->n)
			break;
	}
	if (!err || err == -ENOENT)
		return 0;
	complain("the list cannot be read: %s", strerror(-err));
	transport_bpf_list_free(raw);
	return err;
}

void transport_bpf_list_free(struct raw_list *raw)
{
	free(raw->keys);
	free(raw->entries);
	memset(raw, 0, sizeof(*raw));
}

/* The pins may be of another version of the programs. */
static int check_list(struct transport_bpf *v)
{
	struct bpf_map_info info = { 0 };
	__u32 len = sizeof(info);
	int err = bpf_obj_get_info_by_fd(v->list, &info, &len);

	if (err) {
		complain("the list's map cannot be queried: %s", strerror(-err));
		return err;
	}
	if (info.type != BPF_MAP_TYPE_HASH || info.key_size != sizeof(struct xeir_key) ||
	    info.value_size != sizeof(struct xeir_entry)) {
		complain("the pinned list has keys of %u and values of %u octets, expected %zu and "
			 "%zu: it is of another version; detach and attach again",
			 info.key_size, info.value_size, sizeof(struct xeir_key),
			 sizeof(struct xeir_entry));
		return -EINVAL;
	}
	v->list_id = info.id;
	v->capacity = info.max_entries;
	return 0;
}

void transport_bpf_list_close(struct transport_bpf *v)
{
	if (v->list >= 0)
		close(v->list);
	if (v->control_fd >= 0)
		close(v->control_fd);
	v->list = v->control_fd = -1;
}

int transport_bpf_list_open(struct transport_bpf *v)
{
	v->list = pins_open(PIN_NAME(XEIR_MAP_LIST));
	if (v->list < 0)
		return v->list;
	v->control_fd = pins_open(PIN_NAME(XEIR_MAP_CONTROL));
	return v->control_fd < 0 ? v->control_fd : check_list(v);
}

int transport_bpf_list_lock(struct transport_bpf *v, bool exclusive)
{
	int err, lock = pins_lock(exclusive);

	if (lock < 0)
		return lock;
	/* While this waited, others may have been pinned in place of those that are open. */
	transport_bpf_list_close(v);
	err = transport_bpf_list_open(v);
	if (!err)
		return lock;
	close(lock);
	return err;
}

void transport_bpf_list_wait(void)
{
	struct timespec long_enough = { .tv_nsec = 200 * 1000 * 1000 };

	/* Kernels with nohz_full CPUs refuse; a packet's time in XDP is microseconds. */
	if (syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0))
		nanosleep(&long_enough, NULL);
}

int transport_bpf_list_failed(const char *what, int err)
{
	complain("%s: %s", what, strerror(-err));
	return err;
}
