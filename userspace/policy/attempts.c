// SPDX-License-Identifier: GPL-2.0-only
#include "policy/attempts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/clock.h"
#include "policy/projection.h"
#include "session/session.h"
#include "session/traffic.h"
#include "transport/map_iterate.h"
#include "transport/pins.h"

struct directive_attempts {
	uint32_t directive;
	uint64_t attempts, packets, handsets, last_ns;
	uint64_t up, cut;
};

struct gathering {
	struct store *store;
	sqlite3_stmt *listers; /* the directives that list a key */
	struct directive_attempts *all;
	size_t n;
};

static struct directive_attempts *attempts_of(struct gathering *g, uint32_t directive)
{
	struct directive_attempts *more;

	for (size_t i = 0; i < g->n; i++)
		if (g->all[i].directive == directive)
			return &g->all[i];
	more = reallocarray(g->all, g->n + 1, sizeof(*more));
	if (!more)
		return NULL;
	g->all = more;
	g->all[g->n] = (struct directive_attempts){ .directive = directive };
	return &g->all[g->n++];
}

/* @count is called for each directive that lists @key. */
static int for_listers(struct gathering *g, const struct xeir_key *key,
		       void (*count)(struct directive_attempts *sum, const void *arg),
		       const void *arg)
{
	int more;

	sqlite3_bind_blob(g->listers, 1, key, 1 + xeir_key_octets(key->kind), SQLITE_STATIC);
	while ((more = store_step(g->store, g->listers)) > 0) {
		struct directive_attempts *sum =
			attempts_of(g, sqlite3_column_int64(g->listers, 0));

		if (sum)
			count(sum, arg);
		else
			more = -ENOMEM;
		if (more < 0)
			break;
	}
	sqlite3_reset(g->listers);
	return more;
}

struct hit {
	const struct xeir_key *key;
	const struct xeir_hits *hits;
};

static void count_hits(struct directive_attempts *sum, const void *arg)
{
	const struct hit *hit = arg;

	sum->attempts += hit->hits->attempts;
	sum->packets += hit->hits->packets;
	sum->handsets += hit->key->kind == XEIR_KIND_IMEI;
	if (hit->hits->last_ns > sum->last_ns)
		sum->last_ns = hit->hits->last_ns;
}

static int each_hit(const void *key, const void *hits, void *arg)
{
	const struct hit hit = { key, hits };

	return for_listers(arg, key, count_hits, &hit);
}

static void count_session(struct directive_attempts *sum, const void *arg)
{
	const struct session *session = arg;

	if (session->is.cut)
		sum->cut++;
	else
		sum->up++;
}

static int each_session(const struct session *session, void *arg)
{
	struct xeir_key key = { .kind = XEIR_KIND_IMEI };

	memcpy(key.id, session->is.subscriber.imei, XEIR_IMEI_OCTETS);
	return for_listers(arg, &key, count_session, session);
}

static int read_hits(struct gathering *g)
{
	int hits = traffic_hits_open(), err;

	if (hits < 0)
		return hits;
	err = map_iterate(hits, each_hit, g);
	close(hits);
	return err;
}

static json_t *gathered_json(const struct gathering *g)
{
	json_t *directives = json_array();

	for (size_t i = 0; i < g->n; i++) {
		const struct directive_attempts *sum = &g->all[i];
		int64_t last = sum->last_ns ? clock_of_tai(sum->last_ns).tv_sec : 0;

		json_array_append_new(
			directives,
			json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "directive",
				  (json_int_t)sum->directive, "attempts", (json_int_t)sum->attempts,
				  "packets", (json_int_t)sum->packets, "handsets",
				  (json_int_t)sum->handsets, "last", (json_int_t)last, "up",
				  (json_int_t)sum->up, "cut", (json_int_t)sum->cut));
	}
	return directives;
}

json_t *attempts_read(struct store *store)
{
	struct gathering g = { .store = store };
	struct stamp stamp;
	json_t *found = NULL;
	int err = projection_stamp(&stamp);

	g.listers = store_prepare(store, "SELECT DISTINCT directive FROM listing "
					 "WHERE key = ? AND removed = 0");
	if (!g.listers)
		return NULL;
	if (!err)
		err = read_hits(&g);
	if (!err && pins_has(PIN_NAME(XEIR_MAP_SESSIONS)))
		err = sessions_iterate(each_session, &g);
	if (!err)
		found = json_pack("{s:s, s:I, s:o}", "boot", stamp.boot, "list",
				  (json_int_t)stamp.list, "directives", gathered_json(&g));
	sqlite3_finalize(g.listers);
	free(g.all);
	return found;
}
