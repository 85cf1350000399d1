// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <xeir/list.h>
#include "session/tac_guard.h"
#include "lib/key_set.h"
#include "lib/identifier.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "session/sighting.h"
#include "transport/pinned_config.h"

#define PRINTED 10 /* of several models, those seen most; the rest is in the sums */

struct model {
	struct xeir_key tac;
	size_t handsets; /* that were seen */
	size_t sightings;
};

struct models {
	struct model *all; /* sorted by TAC */
	size_t n;
	struct key_set handsets;
	size_t sightings;
};

static bool stops(const struct xeir_side *side)
{
	return side->action > XEIR_ACTION_WATCH;
}

/* 1: the entry is a model's that packets of now are not stopped for; 0: it is not; or -errno. */
static int stops_another(struct transport *t, const struct entry *entry)
{
	struct xeir_side side;
	int listed;

	if (entry->key.kind != XEIR_KIND_TAC || !stops(&entry->side))
		return 0;
	listed = t->ops->get(t, &entry->key, &side);
	if (listed < 0)
		return listed;
	return !listed || xeir_side_ended(&side, time(NULL)) || !stops(&side);
}

static int find(struct transport *t, const struct entry *puts, size_t n, struct models *models)
{
	for (size_t i = 0; i < n; i++) {
		int another = stops_another(t, &puts[i]);
		struct model *more;

		if (another < 0)
			return another;
		if (!another)
			continue;
		more = reallocarray(models->all, models->n + 1, sizeof(*more));
		if (!more) {
			complain("%s", strerror(ENOMEM));
			return -ENOMEM;
		}
		models->all = more;
		more[models->n++] = (struct model){ .tac = puts[i].key };
	}
	return 0;
}

static int by_tac(const void *a, const void *b)
{
	return memcmp(&((const struct model *)a)->tac, &((const struct model *)b)->tac,
		      sizeof(struct xeir_key));
}

static int by_handsets(const void *a, const void *b)
{
	const struct model *x = a, *y = b;

	return (x->handsets < y->handsets) - (x->handsets > y->handsets);
}

static int count(const struct sighting *sighting, void *arg)
{
	struct models *models = arg;
	struct model wanted = { .tac = sighting_key(sighting, XEIR_KIND_TAC) }, *model;
	struct xeir_key imei = sighting_key(sighting, XEIR_KIND_IMEI);
	size_t before = models->handsets.n;

	model = bsearch(&wanted, models->all, models->n, sizeof(wanted), by_tac);
	if (!model)
		return 0;
	if (key_set_add(&models->handsets, &imei, sizeof(imei)) < 0)
		return -ENOMEM;
	model->handsets += models->handsets.n - before;
	model->sightings++;
	models->sightings++;
	return 0;
}

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

/* A sentence goes on with how many are concerned, as far as that was seen. */
static int look(struct models *models, char text[96])
{
	struct xeir_config config;

	*text = '\0';
	if (!sightings_supported())
		return 0;
	if (pinned_config_read(&config))
		return -EIO;
	snprintf(text, 96, ", and sightings are off");
	if (!config.sightings)
		return 0;
	qsort(models->all, models->n, sizeof(*models->all), by_tac);
	if (sightings_iterate(count, models))
		return -EIO;
	snprintf(text, 96, ", of which %zu %s seen, with %zu SIM%s", models->handsets.n,
		 models->handsets.n == 1 ? "was" : "were", models->sightings,
		 plural(models->sightings));
	return 0;
}

static void print_each(struct models *models)
{
	char tac[IDENTIFIER_TEXT];

	qsort(models->all, models->n, sizeof(*models->all), by_handsets);
	for (size_t i = 0; i < models->n && i < PRINTED && models->all[i].handsets; i++) {
		const struct model *model = &models->all[i];

		identifier_text(&model->tac, tac);
		fprintf(stderr, "xeir: TAC %s: %zu handset%s seen, with %zu SIM%s\n", tac,
			model->handsets, plural(model->handsets), model->sightings,
			plural(model->sightings));
	}
}

static int refuse(struct models *models)
{
	struct xeir_key first = models->all[0].tac;
	char tac[IDENTIFIER_TEXT], seen[96];

	if (look(models, seen))
		return EXIT_FAILED;
	identifier_text(&first, tac);
	if (models->n == 1) {
		complain("TAC %s stops every handset of that model%s; to confirm it, add --yes",
			 tac, seen);
		return EXIT_BAD;
	}
	print_each(models);
	complain("%zu TACs, %s the first, stop every handset of these models%s; to confirm it, "
		 "add --yes",
		 models->n, tac, seen);
	return EXIT_BAD;
}

int tac_guard_check(struct transport *t, const struct entry *puts, size_t n)
{
	struct models models = {};
	int status = EXIT_DONE;

	if (opt.yes || opt.dry_run)
		return EXIT_DONE;
	if (find(t, puts, n, &models))
		status = EXIT_FAILED;
	else if (models.n)
		status = refuse(&models);
	free(models.all);
	key_set_free(&models.handsets);
	return status;
}
