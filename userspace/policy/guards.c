// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "policy/guards.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "directive/memory_list.h"
#include "lib/identifier.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "lib/sort.h"
#include "policy/change_size.h"
#include "policy/protection.h"
#include "policy/settings.h"

/* A smaller list is a test list: any change is a large part of it. */
#define SMALL_LIST 100

/* Protected handsets that are printed; the rest is counted. */
#define PRINTED_MAX 5

/* An empty file is more often a mistake than an order to list nobody. */
static int is_empty(const struct proposal *p, FILE *why)
{
	const struct order *order = p->order;

	if (order->n_puts)
		return 0;
	if (order->reach == REACH_ISSUER) {
		fputs("it lists nothing, and sync would empty the list; if that is on purpose: "
		      "xeir "
		      "flush",
		      why);
		return 1;
	}
	/* a delta: of a day without a change, which the next one may build on */
	if (order->n_removes || order->n_left_out || order->delta)
		return 0;
	fputs("it has no entries", why);
	return 1;
}

/* The issuer of the order, from the journal; NULL: none. The caller frees it. */
static int read_issuer(const struct proposal *p, char **issuer)
{
	sqlite3_stmt *s = store_prepare(p->store, "SELECT issuer FROM directive WHERE number = ? "
						  "AND issuer IS NOT NULL");
	int more = s ? 0 : -EIO;

	*issuer = NULL;
	if (s) {
		sqlite3_bind_int64(s, 1, p->order->directive);
		more = store_step(p->store, s);
	}
	if (more > 0)
		*issuer = strdup((const char *)sqlite3_column_text(s, 0));
	sqlite3_finalize(s);
	return more < 0 ? more : 0;
}

enum way { ADDS, UNLISTS, DISCONNECTS };

static size_t part_of(const struct change_size *size, enum way way)
{
	return way == ADDS ? size->gained : size->lost;
}

/* Is so much of it more than it may be? */
static int is_too_much(const struct change_size *size, enum way way, uint32_t limit,
		       const char *whose, FILE *why)
{
	static const char *const words[] = {
		[ADDS] = "adds",
		[UNLISTS] = "unlists",
		[DISCONNECTS] = "disconnects",
	};
	size_t part = part_of(size, way);

	if (size->before < SMALL_LIST || (uint64_t)part * 100 <= (uint64_t)limit * size->before)
		return 0;
	fprintf(why, "it %s %zu %s the %zu %s (%.1f %%), and max-change is %u %%", words[way], part,
		way == ADDS ? "to" : "of", size->before, whose, 100.0 * part / size->before, limit);
	return 1;
}

/* Of a list so large, the part is not too much. */
static size_t large_enough(size_t part, uint32_t limit)
{
	size_t large = limit ? part * 100 / limit + 1 : UINT32_MAX;

	return large > SMALL_LIST ? large : SMALL_LIST;
}

static int list_changes_too_much(const struct proposal *p, FILE *why, enum way way, uint32_t limit)
{
	struct change_size size = change_size_of(p->change);
	size_t part = part_of(&size, way);
	struct figures figures;
	int err = p->t->ops->figures(p->t, &figures);

	/* a small list needs no count; but a dry run has not restored the list before */
	if (err || !part || (!opt.dry_run && figures.entries < SMALL_LIST))
		return err;
	err = change_size_enforced(p->store, large_enough(part, limit), &size);
	return err ? err : is_too_much(&size, way, limit, "enforced", why);
}

static int issuer_changes_too_much(const struct proposal *p, FILE *why, enum way way,
				   uint32_t limit)
{
	const struct list_change *change = p->change;
	const struct change_size size = {
		.before = change->own_before,
		.lost = change->own_before - change->own_kept,
		.gained = p->order->n_puts - change->own_kept,
	};
	char *issuer, *whose;
	int err = read_issuer(p, &issuer);

	if (!err && asprintf(&whose, "of %s", issuer ? issuer : "no issuer") < 0)
		err = -ENOMEM;
	if (!err) {
		err = is_too_much(&size, way, limit, whose, why);
		free(whose);
	}
	free(issuer);
	return err;
}

/*
 * The list as a whole, and what the issuer of the file lists: a file cut short by half is little
 * of a list that has another issuer's million.
 */
static int changes_too_much(const struct proposal *p, FILE *why, enum way way)
{
	uint32_t limit;
	int err = journal_setting_number(p->store, SETTING_MAX_CHANGE, &limit);

	if (!err)
		err = list_changes_too_much(p, why, way, limit);
	if (err || p->order->reach != REACH_ISSUER)
		return err;
	return issuer_changes_too_much(p, why, way, limit);
}

static int shrinks(const struct proposal *p, FILE *why)
{
	return changes_too_much(p, why, UNLISTS);
}

static int grows(const struct proposal *p, FILE *why)
{
	return changes_too_much(p, why, ADDS);
}

/* A clock that is ahead, or a wrong file of results, would disconnect subscribers by mistake. */
static int disconnects(const struct proposal *p, FILE *why)
{
	struct change_size size;
	uint32_t limit;
	int err;

	if (p->order->origin != ORIGIN_REGISTER)
		return 0;
	err = journal_setting_number(p->store, SETTING_MAX_CHANGE, &limit);
	if (!err)
		err = change_size_connected(p->store, &size);
	if (err)
		return err;
	return is_too_much(&size, DISCONNECTS, limit, "numbers that are not disconnected", why);
}

/*
 * A later directive of the same issuer: by the dates of issue where both are known, else by number,
 * unless this one is signed, as then the times of signatures have been compared. A directive that
 * was undone after its last load does not count.
 */
static const char newer[] =
	"SELECT d.number, d.issuer, d.issued, mine.issued FROM directive d, directive mine"
	" WHERE mine.number = ?1 AND d.issuer = mine.issuer AND d.number <> ?1 AND"
	" CASE WHEN d.issued IS NULL OR mine.issued IS NULL THEN d.number > mine.number"
	"  AND NOT ?2 ELSE d.issued > mine.issued END AND NOT EXISTS"
	" (SELECT 1 FROM record u WHERE u.directive = d.number AND u.verb IN ('rollback', "
	"'breaker')"
	"  AND u.id > (SELECT max(id) FROM record l WHERE l.directive = d.number AND"
	"   l.verb IN ('load', 'sync'))) ORDER BY d.issued DESC, d.number DESC LIMIT 1";

static int is_older(const struct proposal *p, FILE *why)
{
	sqlite3_stmt *s = store_prepare(p->store, newer);
	int more = s ? 0 : -EIO;

	if (s) {
		sqlite3_bind_int64(s, 1, p->order->directive);
		sqlite3_bind_int(s, 2, !!json_object_get(p->order->detail, "signature"));
		more = store_step(p->store, s);
	}
	if (more > 0) {
		const char *issued = (const char *)sqlite3_column_text(s, 2);
		const char *mine = (const char *)sqlite3_column_text(s, 3);

		fprintf(why, "directive %u", p->order->directive);
		if (issued && mine)
			fprintf(why, " of %s", mine);
		fprintf(why, " is older than the last of %s, directive %lld",
			sqlite3_column_text(s, 1), sqlite3_column_int64(s, 0));
		if (issued && mine)
			fprintf(why, " of %s", issued);
	}
	sqlite3_finalize(s);
	return more;
}

static bool stops(const struct order *order, const struct xeir_key *key)
{
	const struct entry *entry =
		bsearch(key, order->puts, order->n_puts, sizeof(*order->puts), key_order);

	return entry && entry->side.action > XEIR_ACTION_WATCH;
}

/* An IMEI of the protect list, or its model. */
static int lists_protected(const struct proposal *p, FILE *why)
{
	struct protection protection = {};
	int err = p->order->n_puts ? protection_read(p->store, &protection) : 0;
	size_t found = 0;

	for (size_t i = 0; i < protection.n && !err; i++) {
		struct xeir_key tac = identifier_tac_of(&protection.imeis[i]);
		bool itself = stops(p->order, &protection.imeis[i]);
		char number[IDENTIFIER_TEXT], model[IDENTIFIER_TEXT];

		if (!itself && !stops(p->order, &tac))
			continue;
		if (found++ >= PRINTED_MAX)
			continue;
		identifier_text(&protection.imeis[i], number);
		identifier_text(&tac, model);
		fprintf(why, "%s%s", found > 1 ? ", " : "", number);
		if (!itself)
			fprintf(why, " by its TAC %s", model);
	}
	if (found > PRINTED_MAX)
		fprintf(why, " and %zu more", found - PRINTED_MAX);
	if (found)
		fprintf(why, " %s on the protect list (xeir protect)", found > 1 ? "are" : "is");
	protection_free(&protection);
	return err ? err : found > 0;
}

/* How many elements of the map it takes: expired entries are still there. */
static int count_needed(const struct proposal *p, size_t *taken, size_t *needed)
{
	struct memory_list there = {};
	int err = memory_list_of(p->t, &there);

	*taken = *needed = there.n;
	for (size_t i = 0; i < p->change->n_puts && !err; i++)
		*needed += !memory_list_side(&there, &p->change->puts[i].key);
	memory_list_free(&there);
	return err;
}

static int exceeds_capacity(const struct proposal *p, FILE *why)
{
	struct figures figures;
	size_t taken, needed;
	int err = p->t->ops->figures(p->t, &figures);

	if (err || figures.entries + p->change->added <= figures.capacity)
		return err;
	err = count_needed(p, &taken, &needed);
	if (err || needed <= figures.capacity)
		return err;
	fprintf(why,
		"the list is full: %zu asked for; %zu of %u entries are taken, also by entries "
		"that have expired and, until the commit, by those that it removes\n"
		"leave expired entries out by: xeir save FILE && xeir restore FILE\n"
		"or make a larger list by: xeir save FILE && xeir detach all && "
		"xeir attach dev IF entries N && xeir restore FILE",
		p->change->n_puts, taken, figures.capacity);
	return 1;
}

static const struct guard {
	const char *name;
	enum caution from; /* checks orders of this caution and above */
	bool last_word; /* --force does not pass it */
	/* 1: it objects, @why says so; 0; or a negative errno after complain() */
	int (*objects)(const struct proposal *p, FILE *why);
} guards[] = {
	{ "empty", CAUTION_FILE, false, is_empty },
	{ "shrink", CAUTION_FILE, false, shrinks },
	{ "growth", CAUTION_FILE, false, grows },
	{ "older", CAUTION_FILE, false, is_older },
	{ "protected", CAUTION_NAMED, false, lists_protected },
	{ "disconnect", CAUTION_CAPACITY, false, disconnects },
	{ "full", CAUTION_CAPACITY, true, exceeds_capacity },
};

#define GUARDS (sizeof(guards) / sizeof(*guards))

static int ask(const struct guard *guard, const struct proposal *p, json_t *objections)
{
	char *text = NULL;
	size_t size;
	FILE *why = open_memstream(&text, &size);
	int objects = why ? guard->objects(p, why) : -ENOMEM;

	if (why)
		fclose(why);
	if (objects > 0)
		json_array_append_new(objections, json_pack("{s:s, s:o}", "guard", guard->name,
							    "reason", json_of_text(text)));
	free(text);
	return objects;
}

int guards_check(const struct proposal *proposal, json_t *objections, bool *may_force)
{
	*may_force = true;
	for (size_t i = 0; i < GUARDS; i++) {
		int objects = 0;

		if (proposal->order->caution >= guards[i].from)
			objects = ask(&guards[i], proposal, objections);
		if (objects < 0)
			return objects;
		if (objects && guards[i].last_word)
			*may_force = false;
	}
	return 0;
}
