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

struct walking {
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

static bool is_lost(const struct walking *walking, const struct xeir_session *s, __u32 side)
{
	struct restart wanted, *found;

	xeir_path_of(s, side, &wanted.path);
	found = bsearch(&wanted, walking->restarts, walking->n, sizeof(wanted), by_path);
	return xeir_is_lost(s, found ? &found->is : NULL);
}

static int each_session(const void *key, const void *value, void *arg)
{
	const struct walking *walking = arg;
	struct session session;

	memcpy(&session.key, key, sizeof(session.key));
	memcpy(&session.is, value, sizeof(session.is));
	if (xeir_is_aged(&session.is, &walking->config, walking->now) ||
	    is_lost(walking, &session.is, XEIR_REQUESTER) ||
	    is_lost(walking, &session.is, XEIR_RESPONDER))
		return 0;
	return walking->each(&session, walking->arg);
}

static int each_restart(const void *key, const void *value, void *arg)
{
	struct walking *walking = arg;
	struct restart *more;

	more = reallocarray(walking->restarts, walking->n + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	walking->restarts = more;
	memcpy(&more[walking->n].path, key, sizeof(more->path));
	memcpy(&more[walking->n].is, value, sizeof(more->is));
	walking->n++;
	return 0;
}

static int iterate_pinned(const char *name,
			  int (*each)(const void *key, const void *value, void *arg),
			  struct walking *walking)
{
	int fd = pins_open(name), err;

	if (fd < 0)
		return fd;
	err = map_iterate(fd, each, walking);
	close(fd);
	if (err < 0)
		complain("%s/%s cannot be read: %s", opt.pins, name, strerror(-err));
	return err;
}

int sessions_iterate(int (*each)(const struct session *session, void *arg), void *arg)
{
	struct walking walking = { .now = clock_tai_ns(), .each = each, .arg = arg };
	int err = pinned_config_read(&walking.config);

	if (!err)
		err = iterate_pinned(PIN_NAME(XEIR_MAP_PATHS), each_restart, &walking);
	if (!err) {
		if (walking.n)
			qsort(walking.restarts, walking.n, sizeof(*walking.restarts), by_path);
		err = iterate_pinned(PIN_NAME(XEIR_MAP_SESSIONS), each_session, &walking);
	}
	free(walking.restarts);
	return err;
}
