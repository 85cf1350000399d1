// SPDX-License-Identifier: GPL-2.0-only
#include "session/session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xeir/session.h>

#include "lib/clock.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "transport/map_iterate.h"
#include "transport/pinned_config.h"
#include "transport/pins.h"

struct restart {
	struct xeir_path path;
	struct xeir_restart is;
};

struct iteration {
	struct xeir_config config;
	__u64 now;
	struct restart *restarts; /* sorted by path */
	size_t n;
	int (*each)(const struct session *session, void *arg);
	void *arg;
};

static int by_path(const void *a, const void *b)
{
	const struct restart *x = a, *y = b;

	return memcmp(&x->path, &y->path, sizeof(x->path));
}

static bool is_lost(const struct iteration *it, const struct xeir_session *s, __u32 side)
{
	struct restart wanted, *found;

	xeir_path_of(s, side, &wanted.path);
	found = bsearch(&wanted, it->restarts, it->n, sizeof(wanted), by_path);
	return xeir_is_lost(s, found ? &found->is : NULL);
}

static int each_session(const void *key, const void *value, void *arg)
{
	const struct iteration *it = arg;
	struct session session;

	memcpy(&session.key, key, sizeof(session.key));
	memcpy(&session.is, value, sizeof(session.is));
	if (xeir_is_aged(&session.is, &it->config, it->now) ||
	    is_lost(it, &session.is, XEIR_REQUESTER) || is_lost(it, &session.is, XEIR_RESPONDER))
		return 0;
	return it->each(&session, it->arg);
}

static int each_restart(const void *key, const void *value, void *arg)
{
	struct iteration *it = arg;
	struct restart *more;

	more = reallocarray(it->restarts, it->n + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	it->restarts = more;
	memcpy(&more[it->n].path, key, sizeof(more->path));
	memcpy(&more[it->n].is, value, sizeof(more->is));
	it->n++;
	return 0;
}

static int iterate_pinned(const char *name,
			  int (*each)(const void *key, const void *value, void *arg),
			  struct iteration *it)
{
	int fd = pins_open(name), err;

	if (fd < 0)
		return fd;
	err = map_iterate(fd, each, it);
	close(fd);
	if (err < 0)
		complain("%s/%s cannot be read: %s", opt.pins, name, strerror(-err));
	return err;
}

int sessions_iterate(int (*each)(const struct session *session, void *arg), void *arg)
{
	struct iteration it = { .now = clock_tai_ns(), .each = each, .arg = arg };
	int err = pinned_config_read(&it.config);

	if (!err)
		err = iterate_pinned(PIN_NAME(XEIR_MAP_PATHS), each_restart, &it);
	if (!err) {
		if (it.n)
			qsort(it.restarts, it.n, sizeof(*it.restarts), by_path);
		err = iterate_pinned(PIN_NAME(XEIR_MAP_SESSIONS), each_session, &it);
	}
	free(it.restarts);
	return err;
}
