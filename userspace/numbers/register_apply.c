// SPDX-License-Identifier: GPL-2.0-only
#include "numbers/register_apply.h"

#include <errno.h>
#include <string.h>

#include "lib/identifier.h"
#include "lib/opt.h"
#include "lib/progress.h"
#include "lib/say.h"
#include "lib/sort.h"

struct applying {
	const struct number_order *order;
	struct number_register reg;
	struct tally *tally;
	struct number_update held; /* the result of the number in hand, until all are read */
	bool in_hand, holds, differs;
	bool lists; /* what is listed of the number may change */
};

static struct number *find(struct number_register *reg, uint32_t directive)
{
	for (size_t i = 0; i < reg->n; i++)
		if (reg->all[i].directive == directive)
			return &reg->all[i];
	return NULL;
}

/* A known number is not changed, but a pending one gets the deadline of --due. */
static int apply_ordered(struct applying *r, const struct number_update *update)
{
	struct number *known = find(&r->reg, update->directive);
	struct number number = {
		.directive = update->directive,
		.state = NUMBER_PENDING,
		.due = update->due,
	};

	if (!known) {
		r->tally->added++;
		return register_add(&r->reg, &number, update->why);
	}
	if (!opt.due || known->due == update->due || known->state != NUMBER_PENDING) {
		r->tally->known++;
		return 0;
	}
	r->tally->moved++;
	return register_become(&r->reg, known, &number, "another deadline");
}

static int apply_seen(struct applying *r, const struct number_update *update)
{
	const struct number *known = find(&r->reg, update->directive);
	int linked, err = known ? 0 : apply_ordered(r, update);

	if (err)
		return err;
	linked = register_link(&r->reg, update->directive, &update->imsi, &update->imei);
	if (linked <= 0)
		return linked;
	r->tally->linked++;
	r->lists |= known && known->state != NUMBER_PENDING;
	return 0;
}

static int apply_to(struct applying *r, struct number *number, const struct number_update *update)
{
	struct number after = *number;
	bool was_off = number->state == NUMBER_DISCONNECTED;

	if (number->state == update->state || (was_off && update->state == NUMBER_FAILED)) {
		r->tally->unchanged++;
		return 0;
	}
	after.state = update->state;
	after.date = update->date;
	r->tally->verified += update->state == NUMBER_VERIFIED;
	r->tally->failed += update->state == NUMBER_FAILED;
	r->tally->disconnected += update->state != NUMBER_VERIFIED;
	r->tally->reconnected += was_off;
	r->lists = true;
	return register_become(&r->reg, number, &after, update->why);
}

static int apply_result(struct applying *r, const struct number_update *update)
{
	uint32_t directive = r->order->order.directive;
	char text[IDENTIFIER_TEXT];
	bool found = false;
	int err = 0;

	for (size_t i = 0; i < r->reg.n && !err; i++) {
		struct number *number = &r->reg.all[i];

		if (directive && number->directive != directive)
			continue;
		found = true;
		err = apply_to(r, number, update);
	}
	if (found)
		return err;
	identifier_text(&update->msisdn, text);
	fault(r->order->faults, update->line, update->column,
	      "found %s, expected a number that the register has%s", text,
	      directive ? " under this directive" : "");
	return 0;
}

static int apply_overdue(struct applying *r, const struct number_update *update)
{
	struct number *number = find(&r->reg, update->directive);

	return number ? apply_to(r, number, update) : 0;
}

/* A file may have one result of a number: if it has two that differ, none is applied. */
static int hold_result(struct applying *r, const struct number_update *update)
{
	if (!r->holds) {
		r->held = *update;
		r->holds = true;
	} else if (r->held.state == update->state) {
		r->tally->duplicates++;
	} else {
		fault(r->order->faults, update->line, update->column,
		      "found %s, expected %s as in line %u, which has the same number",
		      number_states[update->state], number_states[r->held.state], r->held.line);
		r->differs = true;
	}
	return 0;
}

static int touch(const struct xeir_key *imsi, void *updates)
{
	return number_updates_touch(updates, imsi);
}

static int finish_number(struct applying *r)
{
	struct number_register *reg = &r->reg;
	int err = 0;

	if (r->holds && !r->differs)
		err = apply_result(r, &r->held);
	if (!err && r->lists)
		err = register_list(reg, &reg->msisdn, r->order->action);
	if (!err && r->lists)
		err = register_links(reg, touch, r->order->updates);
	r->holds = r->differs = r->lists = false;
	return err;
}

static int apply_update(struct applying *r, const struct number_update *update)
{
	switch (r->order->kind) {
	case UPDATE_ORDERED:
		return apply_ordered(r, update);
	case UPDATE_SEEN:
		return apply_seen(r, update);
	case UPDATE_RESULT:
		return hold_result(r, update);
	default:
		return apply_overdue(r, update);
	}
}

static int apply_numbers(struct applying *r)
{
	struct number_updates *updates = r->order->updates;
	struct number_update update;
	size_t done = 0;
	int more;

	while ((more = number_updates_next(updates, &update)) > 0) {
		int err = 0;

		if (!r->in_hand || key_order(&update.msisdn, &r->reg.msisdn)) {
			err = r->in_hand ? finish_number(r) : 0;
			if (!err)
				err = register_read(&r->reg, &update.msisdn);
			r->in_hand = true;
		}
		if (!err)
			err = apply_update(r, &update);
		if (err)
			return err;
		progress_show("numbers", ++done, updates->n);
	}
	return !more && r->in_hand ? finish_number(r) : more;
}

static int apply_imsis(struct applying *r)
{
	struct xeir_key imsi;
	int more;

	while ((more = number_updates_next_touched(r->order->updates, &imsi)) > 0) {
		int err = register_list(&r->reg, &imsi, r->order->action);

		if (err)
			return err;
	}
	return more;
}

static int check_faults(const struct faults *faults)
{
	if (faults->n > faults->n_reported)
		fprintf(stderr, "%s: %zu more\n", faults->path, faults->n - faults->n_reported);
	if (!faults->n)
		return 0;
	if (!opt.skip_invalid) {
		complain_with("faults", faults->array, "%s: %zu fault%s; nothing is applied",
			      faults->path, faults->n, faults->n == 1 ? "" : "s");
		return -EINVAL;
	}
	fprintf(stderr, "xeir: %s: %zu line%s skipped\n", faults->path, faults->n,
		faults->n == 1 ? "" : "s");
	return 0;
}

/* With the counts of numbers. If none can have been listed, the list is not in the record. */
static int write_record(struct applying *r)
{
	const struct number_order *order = r->order;
	const struct tally *tally = r->tally;
	struct order whole = order->order;
	int err;

	whole.detail = json_pack(
		"{s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "numbers", (json_int_t)tally->added, "moved",
		(json_int_t)tally->moved, "linked", (json_int_t)tally->linked, "verified",
		(json_int_t)tally->verified, "failed", (json_int_t)tally->failed, "disconnected",
		(json_int_t)tally->disconnected, "reconnected", (json_int_t)tally->reconnected);
	json_object_update(whole.detail, order->order.detail);
	if (order->kind == UPDATE_ORDERED)
		err = chain_end(&r->reg.ledger.chain, whole.verb, whole.directive, whole.detail);
	else
		err = ledger_rows_record(&r->reg.ledger, whole.verb, whole.directive, whole.detail);
	json_decref(whole.detail);
	return err;
}

int register_apply(struct store *store, const struct order *order, struct list_change *change)
{
	const struct number_order *whole = (const struct number_order *)order;
	struct applying r = { .order = whole, .tally = whole->tally };
	int err = number_updates_rewind(whole->updates);

	/* this may be called again after a forced change: begin with nothing */
	*whole->tally = (struct tally){};
	whole->faults->n = whole->faults_read;
	*change = (struct list_change){};
	if (!err)
		err = register_begin(&r.reg, store, change);
	if (!err)
		err = apply_numbers(&r);
	if (!err)
		err = apply_imsis(&r);
	if (!err)
		err = check_faults(whole->faults);
	if (!err)
		err = write_record(&r);
	register_end(&r.reg);
	if (err)
		list_change_free(change);
	return err;
}
