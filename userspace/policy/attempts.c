// SPDX-License-Identifier: GPL-2.0-only
#include "policy/attempts.h"

#include <errno.h>
#include <stdbool.h>
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

/* Handsets of a TAC: which of them made an attempt is not known, but that one did. */
struct tac_attempts {
	uint32_t directive;
	uint8_t tac[XEIR_TAC_OCTETS];
	bool has_imei; /* counted under an entry of its IMEI */
};

struct gathering {
	struct store *store;
	sqlite3_stmt *listers; /* the directives that list a key of up to KEYS */
	struct directive_attempts *all;
	size_t n;
	struct tac_attempts *tacs;
	size_t n_tacs;
	bool marks; /* the second time: only whether a TAC has an IMEI */
};

/* What may list one subscriber. */
#define KEYS 4

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

/* @each is called for each directive that lists one of the keys, once. */
static int for_listers(struct gathering *g, const struct xeir_key *keys, int n,
		       int (*each)(struct gathering *g, uint32_t directive, const void *arg),
		       const void *arg)
{
	int more;

	for (int i = 0; i < n; i++)
		sqlite3_bind_blob(g->listers, i + 1, &keys[i], 1 + xeir_key_octets(keys[i].kind),
				  SQLITE_STATIC);
	while ((more = store_step(g->store, g->listers)) > 0) {
		int err = each(g, sqlite3_column_int64(g->listers, 0), arg);

		if (err) {
			more = err;
			break;
		}
	}
	sqlite3_reset(g->listers);
	sqlite3_clear_bindings(g->listers);
	return more;
}

struct hit {
	const struct xeir_key *key;
	const struct xeir_hits *hits;
};

static int add_tac(struct gathering *g, uint32_t directive, const struct xeir_key *key)
{
	struct tac_attempts *more = reallocarray(g->tacs, g->n_tacs + 1, sizeof(*more));

	if (!more)
		return -ENOMEM;
	g->tacs = more;
	g->tacs[g->n_tacs] = (struct tac_attempts){ .directive = directive };
	memcpy(g->tacs[g->n_tacs++].tac, key->id, XEIR_TAC_OCTETS);
	return 0;
}

static int count_hits(struct gathering *g, uint32_t directive, const void *arg)
{
	struct directive_attempts *sum = attempts_of(g, directive);
	const struct hit *hit = arg;

	if (!sum)
		return -ENOMEM;
	sum->attempts += hit->hits->attempts;
	sum->packets += hit->hits->packets;
	sum->handsets += hit->key->kind == XEIR_KIND_IMEI && hit->hits->attempts;
	if (hit->hits->last_ns > sum->last_ns)
		sum->last_ns = hit->hits->last_ns;
	if (hit->key->kind == XEIR_KIND_TAC && hit->hits->attempts)
		return add_tac(g, directive, hit->key);
	return 0;
}

static int mark_tac(struct gathering *g, uint32_t directive, const void *arg)
{
	const struct hit *hit = arg;

	for (size_t i = 0; i < g->n_tacs; i++)
		if (g->tacs[i].directive == directive &&
		    !memcmp(g->tacs[i].tac, hit->key->id, XEIR_TAC_OCTETS))
			g->tacs[i].has_imei = true;
	return 0;
}

static int each_hit(const void *key, const void *hits, void *arg)
{
	const struct hit hit = { key, hits };
	struct gathering *g = arg;

	if (!g->marks)
		return for_listers(g, key, 1, count_hits, &hit);
	if (hit.key->kind == XEIR_KIND_IMEI && hit.hits->attempts)
		return for_listers(g, key, 1, mark_tac, &hit);
	return 0;
}

static int count_session(struct gathering *g, uint32_t directive, const void *arg)
{
	struct directive_attempts *sum = attempts_of(g, directive);
	const struct session *session = arg;

	if (!sum)
		return -ENOMEM;
	if (session->is.cut)
		sum->cut++;
	else
		sum->up++;
	return 0;
}

static int each_session(const struct session *session, void *arg)
{
	const struct xeir_subscriber *who = &session->is.subscriber;
	struct xeir_key keys[KEYS] = {
		{ .kind = XEIR_KIND_IMEI },
		{ .kind = XEIR_KIND_TAC },
		{ .kind = XEIR_KIND_MSISDN },
		{ .kind = XEIR_KIND_IMSI },
	};

	memcpy(keys[0].id, who->imei, XEIR_IMEI_OCTETS);
	memcpy(keys[1].id, who->imei, XEIR_TAC_OCTETS);
	memcpy(keys[2].id, who->msisdn, XEIR_NUMBER_OCTETS);
	memcpy(keys[3].id, who->imsi, XEIR_NUMBER_OCTETS);
	return for_listers(arg, keys, KEYS, count_session, session);
}

/* An entry of a TAC stands for one handset at least, unless that may be one counted by its IMEI. */
static int count_tacs(struct gathering *g, int hits)
{
	int err;

	g->marks = true;
	err = g->n_tacs ? map_iterate(hits, each_hit, g) : 0;
	for (size_t i = 0; i < g->n_tacs && !err; i++)
		if (!g->tacs[i].has_imei)
			attempts_of(g, g->tacs[i].directive)->handsets++;
	return err;
}

static int read_hits(struct gathering *g)
{
	int hits = traffic_hits_open(), err;

	if (hits < 0)
		return hits;
	err = map_iterate(hits, each_hit, g);
	if (!err)
		err = count_tacs(g, hits);
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
					 "WHERE key IN (?, ?, ?, ?) AND removed = 0");
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
	free(g.tacs);
	return found;
}
