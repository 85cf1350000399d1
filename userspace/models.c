// SPDX-License-Identifier: GPL-2.0-only
#include <time.h>
#include <xeir/list.h>
#include "models.h"
#include "number.h"
#include "xeir.h"

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

int models_allowed(struct transport *t, const struct entry *puts, size_t n)
{
	const struct xeir_key *first = NULL;
	char tac[NUMBER_TEXT];
	size_t models = 0;

	for (size_t i = 0; i < n && !opt.yes && !opt.dry_run; i++) {
		int another = stops_another(t, &puts[i]);

		if (another < 0)
			return EXIT_FAILED;
		if (another && !models++)
			first = &puts[i].key;
	}
	if (!models)
		return EXIT_DONE;
	number_text(first, tac);
	if (models == 1)
		complain("TAC %s stops every handset of that model; if that is meant, add --yes",
			 tac);
	else
		complain("%zu TACs, %s the first, stop every handset of these models; if that is "
			 "meant, add --yes",
			 models, tac);
	return EXIT_BAD;
}
