// SPDX-License-Identifier: GPL-2.0-only
#include "policy/objections.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "journal/chain.h"
#include "lib/opt.h"
#include "lib/say.h"

static const char *name_of(const json_t *objection)
{
	return json_string_value(json_object_get(objection, "guard"));
}

static void report(const json_t *objections, const char *fate)
{
	const json_t *objection;
	size_t i;

	json_array_foreach(objections, i, objection) {
		const char *line = json_string_value(json_object_get(objection, "reason")), *end;

		fprintf(stderr, "xeir: %s guard %s: ", fate, name_of(objection));
		for (; (end = strchr(line, '\n')); line = end + 1)
			fprintf(stderr, "%.*s\nxeir: ", (int)(end - line), line);
		fprintf(stderr, "%s\n", line);
	}
}

/* The member @name of each objection. */
static json_t *members(const json_t *objections, const char *name)
{
	json_t *all = json_array();
	const json_t *objection;
	size_t i;

	json_array_foreach(objections, i, objection)
		json_array_append(all, json_object_get(objection, name));
	return all;
}

/*
 * The record must have what was forced, but it is written before the guards check it. So it is
 * written a second time, with the guards in its detail.
 */
static int force(const struct order *order, const json_t *objections)
{
	json_t *names = members(objections, "guard");
	int err = -ESTALE;

	if (json_equal(json_object_get(order->detail, "guards"), names)) {
		report(objections, "forced past");
		err = 0;
	} else {
		json_object_set(order->detail, "guards", names);
		json_object_set_new(order->detail, "forced", json_of_text(opt.force));
	}
	json_decref(names);
	return err;
}

static int refuse(json_t *objections, bool may_force)
{
	json_t *object;
	char names[96];
	size_t i, at = 0;

	report(objections, "refused by");
	json_array_foreach(objections, i, object)
		at += snprintf(names + at, sizeof(names) - at, "%s%s", i ? ", " : "",
			       name_of(object));
	complain_with("refused", objections, "nothing is applied, refused by guard%s %s%s",
		      i == 1 ? "" : "s", names,
		      may_force ? "; if it is on purpose: --force REASON" : "");
	return -ECANCELED;
}

int objections_decide(json_t *objections, bool may_force, const struct order *order)
{
	if (!json_array_size(objections))
		return 0;
	if (!may_force || (!opt.force && !opt.dry_run))
		return refuse(objections, may_force);
	if (!opt.dry_run)
		return force(order, objections);
	report(objections, opt.force ? "would be forced past" : "would be refused by");
	if (opt.force)
		json_array_clear(objections);
	return 0;
}

int objections_record(struct store *store, const struct order *order, const json_t *objections)
{
	json_t *detail = order->detail ? json_copy(order->detail) : json_object();
	int err;

	json_object_set_new(detail, "verb", json_string(order->verb));
	json_object_set_new(detail, "guards", members(objections, "guard"));
	json_object_set_new(detail, "reason", members(objections, "reason"));
	err = chain_note(store, "refused", order->directive, detail);
	json_decref(detail);
	return err;
}
