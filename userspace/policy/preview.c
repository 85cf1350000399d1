// SPDX-License-Identifier: GPL-2.0-only
#include "policy/preview.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <time.h>
#include <xeir/list.h>
#include <xeir/verdict.h>

#include "lib/gtp_text.h"
#include "lib/identifier.h"
#include "session/session.h"
#include "session/sighting.h"

/* The directive's entry for @key, else the entry that is listed and stays. */
static __always_inline int xeir_list_side(const void *list, const struct xeir_key *key,
					  struct xeir_side *side)
{
	const struct preview *preview = list;
	const struct xeir_side *found = memory_list_side(&preview->puts, key);

	if (!found && !memory_list_side(&preview->removes, key))
		found = memory_list_side(&preview->enforced, key);
	if (!found || xeir_side_ended(found, preview->now))
		return 0;
	*side = *found;
	return 1;
}

/* The action on the subscriber, if it comes from an entry of the directive. */
static __u8 action_on(const struct preview *preview, const struct xeir_subscriber *who)
{
	struct xeir_verdict v = {};

	xeir_judge_subscriber(who, preview, &v);
	return v.action != XEIR_ACTION_PASS && memory_list_side(&preview->puts, &v.key) ?
		       v.action :
		       XEIR_ACTION_PASS;
}

static struct group_sum *group_of_apn(struct preview *preview, const __u8 *apn)
{
	char text[GTP_TEXT_APN];

	if (!gtp_text_apn(apn, strnlen((const char *)apn, XEIR_APN_OCTETS), text))
		strcpy(text, "-");
	for (char *c = text; *c; c++)
		*c = tolower((unsigned char)*c);
	return group_sums_at(&preview->apns, text);
}

static struct group_sum *group_of_tac(struct preview *preview, const __u8 *imei)
{
	char text[2 * XEIR_TAC_OCTETS + 1] = "-";

	if (xeir_is_usable(imei))
		identifier_bcd(imei, XEIR_TAC_OCTETS, text);
	return group_sums_at(&preview->tacs, text);
}

static int note_subscriber(struct preview *preview, const struct xeir_subscriber *who,
			   struct group_sum *apn, struct group_sum *tac)
{
	struct xeir_key number = { .kind = XEIR_KIND_MSISDN }, imei = { .kind = XEIR_KIND_IMEI };

	memcpy(imei.id, who->imei, XEIR_IMEI_OCTETS);
	if (xeir_is_usable(who->imei) && key_set_add(&preview->handsets, &imei, sizeof(imei)) < 0)
		return -ENOMEM;
	if (!xeir_has_number(who->msisdn))
		return 0;
	memcpy(number.id, who->msisdn, XEIR_NUMBER_OCTETS);
	if (key_set_add(&preview->numbers, &number, sizeof(number)) < 0 ||
	    group_sums_add_msisdn(&preview->apns, apn, who->msisdn) ||
	    group_sums_add_msisdn(&preview->tacs, tac, who->msisdn))
		return -ENOMEM;
	return 0;
}

/* Count a session or a sighting of @who, if the directive stops it. */
static int note(struct preview *preview, const struct xeir_subscriber *who, bool session)
{
	__u8 action = action_on(preview, who);
	struct group_sum *apn, *tac;

	preview->watched += action == XEIR_ACTION_WATCH;
	if (action <= XEIR_ACTION_WATCH)
		return 0;
	apn = group_of_apn(preview, who->apn);
	tac = group_of_tac(preview, who->imei);
	if (!apn || !tac)
		return -ENOMEM;
	preview->sessions += session;
	preview->sightings += !session;
	apn->sessions += session;
	apn->sightings += !session;
	tac->sessions += session;
	tac->sightings += !session;
	return note_subscriber(preview, who, apn, tac);
}

static int note_session(const struct session *session, void *preview)
{
	return session->is.emergency ? 0 : note(preview, &session->is.subscriber, true);
}

static int note_sighting(const struct sighting *sighting, void *preview)
{
	struct xeir_subscriber who = {};

	memcpy(who.imei, sighting->key.imei, sizeof(sighting->key.imei));
	memcpy(who.imsi, sighting->key.imsi, sizeof(who.imsi));
	memcpy(who.msisdn, sighting->seen.msisdn, sizeof(who.msisdn));
	memcpy(who.apn, sighting->seen.apn, sizeof(who.apn));
	return note(preview, &who, false);
}

int preview_make(const struct directive *directive, bool flush, struct preview *preview)
{
	int err;

	memset(preview, 0, sizeof(*preview));
	preview->now = time(NULL);
	err = memory_list_of_entries(directive->puts, directive->n_puts, &preview->puts);
	if (!err)
		err = memory_list_of_keys(directive->removes, directive->n_removes,
					  &preview->removes);
	if (!err && !flush)
		err = memory_list_of_enforced(&preview->enforced);
	if (!err)
		err = sessions_iterate(note_session, preview);
	if (!err)
		err = sightings_iterate(note_sighting, preview);
	group_sums_sort(&preview->apns);
	group_sums_sort(&preview->tacs);
	return err;
}

void preview_free(struct preview *preview)
{
	memory_list_free(&preview->puts);
	memory_list_free(&preview->removes);
	memory_list_free(&preview->enforced);
	key_set_free(&preview->numbers);
	key_set_free(&preview->handsets);
	group_sums_free(&preview->apns);
	group_sums_free(&preview->tacs);
}
