// SPDX-License-Identifier: GPL-2.0-only
#include "session/group_sums.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct group_sum *add(struct group_sums *groups, const char *name)
{
	struct group_sum *more;

	if (groups->n == groups->capacity) {
		groups->capacity = groups->capacity ? groups->capacity * 2 : 64;
		more = reallocarray(groups->all, groups->capacity, sizeof(*more));
		if (!more)
			return NULL;
		groups->all = more;
	}
	if (json_object_set_new(groups->index, name, json_integer(groups->n)))
		return NULL;
	more = &groups->all[groups->n++];
	memset(more, 0, sizeof(*more));
	snprintf(more->name, sizeof(more->name), "%s", name);
	return more;
}

struct group_sum *group_sums_at(struct group_sums *groups, const char *name)
{
	const json_t *at;

	if (!groups->index)
		groups->index = json_object();
	at = json_object_get(groups->index, name);
	return at ? &groups->all[json_integer_value(at)] : add(groups, name);
}

int group_sums_add_msisdn(struct group_sums *groups, struct group_sum *group, const __u8 *msisdn)
{
	struct xeir_key key = { .kind = XEIR_KIND_MSISDN };
	__u32 at = group - groups->all;
	size_t before = groups->numbers.n;

	memcpy(key.id, msisdn, XEIR_NUMBER_OCTETS);
	memcpy(key.id + XEIR_NUMBER_OCTETS, &at, sizeof(at));
	if (key_set_add(&groups->numbers, &key, sizeof(key)) < 0)
		return -ENOMEM;
	group->numbers += groups->numbers.n - before;
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct group_sum *x = a, *y = b;

	if (x->sessions != y->sessions)
		return x->sessions < y->sessions ? 1 : -1;
	if (x->sightings != y->sightings)
		return x->sightings < y->sightings ? 1 : -1;
	return strcmp(x->name, y->name);
}

void group_sums_sort(struct group_sums *groups)
{
	if (groups->n)
		qsort(groups->all, groups->n, sizeof(*groups->all), compare);
}

void group_sums_free(struct group_sums *groups)
{
	free(groups->all);
	json_decref(groups->index);
	key_set_free(&groups->numbers);
}
