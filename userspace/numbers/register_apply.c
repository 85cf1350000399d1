// SPDX-License-Identifier: GPL-2.0-only
#include "numbers/register_apply.h"

#include <errno.h>
#include <string.h>

#include "lib/number.h"
#include "lib/opt.h"
#include "lib/progress.h"
#include "lib/say.h"
#include "lib/sort.h"

struct registrar {
	const struct number_order *order;
	struct registry registry;
	struct tally *tally;
	struct claim held; /* the result of the number in hand, until all of it were looked at */
	bool in_hand, holds, differs;
	bool lists; /* what is listed of the number may change */
};

static struct number *find(struct registry *registry, uint32_t directive)
{
	for (size_t i = 0; i < registry->n; i++)
		if (registry->all[i].directive == directive)
			return &registry->all[i];
	return NULL;
}

/* A number that is known stays as it is, save for a deadline that is given. */
static int apply_ordered(struct registrar *r, const struct claim *claim)
{
	struct number *known = find(&r->registry, claim->directive);
	struct number number = {
		.directive = claim->directive,
		.state = NUMBER_PENDING,
		.due = claim->due,
	};

	if (!known) {
		r->tally->added++;
		return registry_add(&r->registry, &number, claim->why);
	}
	if (!opt.due || known->due == claim->due || known->state != NUMBER_PENDING) {
		r->tally->known++;
		return 0;
	}
	r->tally->moved++;
	return registry_become(&r->registry, known, &number, "another deadline");
}

static int apply_seen(struct registrar *r, const struct claim *claim)
{
	const struct number *known = find(&r->registry, claim->directive);
	int linked, err = known ? 0 : apply_ordered(r, claim);

	if (err)
		return err;
	linked = registry_link(&r->registry, claim->directive, &claim->imsi, &claim->imei);
	if (linked <= 0)
		return linked;
	r->tally->linked++;
	r->lists |= known && known->state != NUMBER_PENDING;
	return 0;
}

static int apply_to(struct registrar *r, struct number *number, const struct claim *claim)
{
	struct number after = *number;
	bool was_off = number->state == NUMBER_DISCONNECTED;

	if (number->state == claim->state || (was_off && claim->state == NUMBER_FAILED)) {
		r->tally->unchanged++;
		return 0;
	}
	after.state = claim->state;
	after.date = claim->date;
	r->tally->verified += claim->state == NUMBER_VERIFIED;
	r->tally->failed += claim->state == NUMBER_FAILED;
	r->tally->disconnected += claim->state != NUMBER_VERIFIED;
	r->tally->reconnected += was_off;
	r->lists = true;
	return registry_become(&r->registry, number, &after, claim->why);
}

static int apply_result(struct registrar *r, const struct claim *claim)
{
	uint32_t directive = r->order->order.directive;
	char text[NUMBER_TEXT];
	bool found = false;
	int err = 0;

	for (size_t i = 0; i < r->registry.n && !err; i++) {
		struct number *number = &r->registry.all[i];

		if (directive && number->directive != directive)
			continue;
		found = true;
		err = apply_to(r, number, claim);
	}
	if (found)
		return err;
	number_text(&claim->msisdn, text);
	fault(r->order->faults, claim->line, claim->column,
	      "found %s, expected a number that the register has%s", text,
	      directive ? " under this directive" : "");
	return 0;
}

static int apply_overdue(struct registrar *r, const struct claim *claim)
{
	struct number *number = find(&r->registry, claim->directive);

	return number ? apply_to(r, number, claim) : 0;
}

/* Of one number, a file may say one thing: where it says two, none is believed. */
static int hold_result(struct registrar *r, const struct claim *claim)
{
	if (!r->holds) {
		r->held = *claim;
		r->holds = true;
	} else if (r->held.state == claim->state) {
		r->tally->duplicates++;
	} else {
		fault(r->order->faults, claim->line, claim->column,
		      "found %s, expected %s as in line %u, which has the same number",
		      number_states[claim->state], number_states[r->held.state], r->held.line);
		r->differs = true;
	}
	return 0;
}

static int touch(const struct xeir_key *imsi, void *claims)
{
	return claims_touch(claims, imsi);
}

static int finish_number(struct registrar *r)
{
	struct registry *registry = &r->registry;
	int err = 0;

	if (r->holds && !r->differs)
		err = apply_result(r, &r->held);
	if (!err && r->lists)
		err = registry_list(registry, &registry->msisdn, r->order->action);
	if (!err && r->lists)
		err = registry_links(registry, touch, r->order->claims);
	r->holds = r->differs = r->lists = false;
	return err;
}

static int apply_claim(struct registrar *r, const struct claim *claim)
{
	switch (r->order->claims_are) {
	case CLAIM_ORDERED:
		return apply_ordered(r, claim);
	case CLAIM_SEEN:
		return apply_seen(r, claim);
	case CLAIM_RESULT:
		return hold_result(r, claim);
	default:
		return apply_overdue(r, claim);
	}
}

static int apply_numbers(struct registrar *r)
{
	struct claims *claims = r->order->claims;
	struct claim claim;
	size_t done = 0;
	int more;

	while ((more = claims_next(claims, &claim)) > 0) {
		int err = 0;

		if (!r->in_hand || key_order(&claim.msisdn, &r->registry.msisdn)) {
			err = r->in_hand ? finish_number(r) : 0;
			if (!err)
				err = registry_read(&r->registry, &claim.msisdn);
			r->in_hand = true;
		}
		if (!err)
			err = apply_claim(r, &claim);
		if (err)
			return err;
		progress_tell("numbers", ++done, claims->n);
	}
	return !more && r->in_hand ? finish_number(r) : more;
}

static int apply_imsis(struct registrar *r)
{
	struct xeir_key imsi;
	int more;

	while ((more = claims_next_touched(r->order->claims, &imsi)) > 0) {
		int err = registry_list(&r->registry, &imsi, r->order->action);

		if (err)
			return err;
	}
	return more;
}

static int check_faults(const struct faults *faults)
{
	if (faults->n > faults->n_said)
		fprintf(stderr, "%s: %zu more\n", faults->path, faults->n - faults->n_said);
	if (!faults->n)
		return 0;
	if (!opt.skip_invalid) {
		complain_with("faults", faults->told, "%s: %zu fault%s; nothing of it is applied",
			      faults->path, faults->n, faults->n == 1 ? "" : "s");
		return -EINVAL;
	}
	fprintf(stderr, "xeir: %s: %zu line%s skipped\n", faults->path, faults->n,
		faults->n == 1 ? "" : "s");
	return 0;
}

/* With what became of the numbers. Where none can have been listed, the list stays the last's. */
static int write_record(struct registrar *r)
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
	if (order->claims_are == CLAIM_ORDERED)
		err = chain_end(&r->registry.ledger.chain, whole.verb, whole.directive,
				whole.detail);
	else
		err = ledger_record(&r->registry.ledger, &whole);
	json_decref(whole.detail);
	return err;
}

int registrar_write(struct store *store, const struct order *order, struct change *change)
{
	const struct number_order *whole = (const struct number_order *)order;
	struct registrar r = { .order = whole, .tally = whole->tally };
	int err = claims_rewind(whole->claims);

	/* another try forgets the former */
	*whole->tally = (struct tally){};
	whole->faults->n = whole->faults_read;
	*change = (struct change){};
	if (!err)
		err = registry_begin(&r.registry, store, change);
	if (!err)
		err = apply_numbers(&r);
	if (!err)
		err = apply_imsis(&r);
	if (!err)
		err = check_faults(whole->faults);
	if (!err)
		err = write_record(&r);
	registry_end(&r.registry);
	if (err)
		change_free(change);
	return err;
}
