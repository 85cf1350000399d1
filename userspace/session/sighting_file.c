// SPDX-License-Identifier: GPL-2.0-only
#include "session/sighting_file.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "lib/opt.h"
#include "lib/outfile.h"
#include "lib/say.h"
#include "session/sighting_csv.h"
#include "transport/pinned_config.h"
#include "transport/pins.h"

/* Pairs merged while others wait for the lock. */
#define TURN 65536

/* Others may add or evict a pair between reading and writing it; none does it this often. */
#define TRIES 10

static void sidecar_name(const char *path, char name[PATH_MAX])
{
	snprintf(name, PATH_MAX, "%s" SIGHTINGS_SUFFIX, path);
}

struct saving {
	FILE *to; /* NULL: only count */
	size_t n;
};

static int save(const struct sighting *sighting, void *arg)
{
	struct saving *saving = arg;

	saving->n++;
	if (!saving->to)
		return 0;
	sighting_csv_print(saving->to, sighting);
	return ferror(saving->to) ? -EIO : 0;
}

static int write_all(FILE *to, void *arg)
{
	struct saving *saving = arg;

	saving->to = to;
	sighting_csv_header(to);
	return sightings_iterate(save, saving);
}

static int complain_of(const char *name, int err)
{
	complain("%s: %s", name, strerror(-err));
	return err;
}

int sighting_file_save(const char *path, size_t *n)
{
	struct saving saving = {};
	struct xeir_config config;
	char name[PATH_MAX];
	int err = pinned_config_read(&config);

	if (err)
		return err;
	sidecar_name(path, name);
	if (opt.dry_run)
		err = sightings_iterate(save, &saving);
	else if (config.sightings)
		err = outfile_write(name, write_all, &saving);
	else if (unlink(name) && errno != ENOENT)
		err = -errno;
	*n = saving.n;
	return err ? complain_of(name, err) : 0;
}

/* The file @name, through @each; 0 also when there is none. */
static int read_file(const char *name, struct faults *faults,
		     int (*each)(const struct sighting *sighting, void *arg), void *arg)
{
	FILE *from = fopen(name, "re");
	int err;

	if (!from)
		return errno == ENOENT ? 0 : complain_of(name, -errno);
	err = sighting_csv_read(from, faults, each, arg);
	fclose(from);
	return err && err != -EINVAL ? complain_of(name, err) : err;
}

static int pass_over(const struct sighting *sighting, void *arg)
{
	(void)sighting;
	(void)arg;
	return 0;
}

int sighting_file_check(const char *path)
{
	char name[PATH_MAX];
	struct faults faults = { .path = name };
	int err;

	sidecar_name(path, name);
	err = read_file(name, &faults, pass_over, NULL);
	if (faults.n > FAULTS_REPORTED)
		fprintf(stderr, "%s: %zu more\n", name, faults.n - FAULTS_REPORTED);
	/* a file that does not even have the header is another one */
	if (err == -EINVAL || (!err && faults.n && !opt.skip_invalid)) {
		complain_with("faults", faults.array, "%s: %zu fault%s; nothing is applied", name,
			      faults.n, faults.n == 1 ? "" : "s");
		err = -EINVAL;
	} else if (faults.n) {
		fprintf(stderr, "xeir: %s: %zu line%s skipped\n", name, faults.n,
			faults.n == 1 ? "" : "s");
	}
	json_decref(faults.array);
	return err;
}

struct merging {
	int fd;
	int lock; /* against a command that turns sightings off, which deletes them */
	size_t turn; /* pairs of it that are done */
	size_t capacity; /* for new pairs, so that they do not displace what was seen later */
	struct merged *merged;
};

static void merge_into(struct xeir_sighting *seen, const struct xeir_sighting *saved)
{
	bool apart = saved->last < seen->first || seen->last < saved->first;
	struct xeir_sighting all = saved->last > seen->last ? *saved : *seen;

	all.first = saved->first < seen->first ? saved->first : seen->first;
	all.count = saved->count > seen->count ? saved->count : seen->count;
	if (apart && __builtin_add_overflow(saved->count, seen->count, &all.count))
		all.count = UINT32_MAX;
	*seen = all;
}

/* 1: written, or left out; 0: the pair came or went meanwhile; or -errno. */
static int try_merge(struct merging *m, const struct sighting *saved)
{
	struct xeir_sighting seen;
	bool there = !bpf_map_lookup_elem(m->fd, &saved->key, &seen);
	int err = 0;

	if (there)
		merge_into(&seen, &saved->seen);
	else
		seen = saved->seen;
	if (!there && m->merged->added >= m->capacity) {
		m->merged->left_out++;
		return 1;
	}
	if (!opt.dry_run)
		err = bpf_map_update_elem(m->fd, &saved->key, &seen,
					  there ? BPF_EXIST : BPF_NOEXIST);
	if (err == -EEXIST || err == -ENOENT)
		return 0;
	/* all that is free may be held by other CPUs for their next pairs */
	if (err && err != -ENOMEM)
		return err;
	m->merged->left_out += err == -ENOMEM;
	m->merged->added += !err && !there;
	m->merged->merged += !err && there;
	return 1;
}

/* Let others have the lock for a while; 0, or 1: sightings are off. */
static int take_turn(struct merging *m)
{
	struct xeir_config config;

	if (m->lock >= 0)
		close(m->lock);
	m->turn = 0;
	m->lock = pinned_config_lock(&config);
	if (m->lock < 0)
		return m->lock;
	return !config.sightings;
}

static int merge(const struct sighting *saved, void *arg)
{
	struct merging *m = arg;
	int done = 0;

	if (m->turn++ == TURN && (done = take_turn(m)))
		return done;
	for (int i = 0; i < TRIES && !done; i++)
		done = try_merge(m, saved);
	if (!done)
		done = -EAGAIN;
	return done < 0 ? done : 0;
}

static int count(const struct sighting *sighting, void *n)
{
	(void)sighting;
	++*(size_t *)n;
	return 0;
}

static int measure(struct merging *m)
{
	struct bpf_map_info info = {};
	__u32 len = sizeof(info);
	size_t n = 0;
	int err = bpf_obj_get_info_by_fd(m->fd, &info, &len);

	if (!err)
		err = sightings_iterate(count, &n);
	m->capacity = n < info.max_entries ? info.max_entries - n : 0;
	return err;
}

static int merge_file(const char *name, struct merging *m)
{
	/* the check reported its faults */
	struct faults faults = { .path = name, .n = FAULTS_REPORTED };
	int err = take_turn(m);

	if (!err)
		err = measure(m);
	if (!err)
		err = read_file(name, &faults, merge, m);
	if (m->lock >= 0)
		close(m->lock);
	return err;
}

int sighting_file_restore(const char *path, struct merged *merged)
{
	struct merging m = { .lock = -1, .merged = merged };
	char name[PATH_MAX];
	int err;

	*merged = (struct merged){};
	sidecar_name(path, name);
	if (!sightings_supported() || access(name, F_OK))
		return 0;
	m.fd = pins_open(PIN_NAME(XEIR_MAP_SIGHTINGS));
	if (m.fd < 0)
		return m.fd;
	err = merge_file(name, &m);
	close(m.fd);
	if (err > 0)
		fprintf(stderr, "xeir: sightings are off; %s is not read\n", name);
	return err < 0 ? err : 0;
}
