// SPDX-License-Identifier: GPL-2.0-only
/*
 * A requester that names a TEID of another session as its end, so that this is cut instead
 * or freed of the cut. The thief is at SGW2; who is robbed has a session between SGW and HOST.
 */
#include "unit/session_test.h"

#include <stdio.h>
#include <string.h>

#include <xeir/messages.h>

static struct pdn thief_of(__u8 n)
{
	struct pdn p = pdn_of(n);

	p.control[0].at = SGW2;
	p.user[0].at = SGW2_U;
	return p;
}

/* By a set-up; the first is listed once, then the second. */
static void by_set_up(__u8 version, __u8 n)
{
	struct transaction x = transaction_of(version, SGW, HOST),
			   y = transaction_of(version, SGW2, HOST);
	struct pdn robbed = pdn_of(n), thief = thief_of(n + 1);
	char text[128];

	thief.user[0] = robbed.user[1];
	set_up(&x, &robbed);
	list_handset(&robbed);
	snprintf(text, sizeof(text), "bindings: GTPv%d: a set-up does not free a cut TEID",
		 version);
	point(set_up(&y, &thief) && has_all_bindings(&robbed) && !flows_to(&robbed.user[1]), text);
	tables_sweep();
	unlist_handset(&robbed);
	list_handset(&thief);
	snprintf(text, sizeof(text), "bindings: GTPv%d: nor is another's TEID cut for it", version);
	point(has_all_bindings(&robbed) && flows_to(&robbed.user[1]) && !flows_to(&thief.user[1]),
	      text);
	unlist_handset(&thief);
	thief = thief_of(n + 2);
	thief.control[0] = robbed.control[1];
	snprintf(text, sizeof(text), "bindings: GTPv%d: nor are messages judged by it", version);
	point(set_up(&y, &thief) && has_all_bindings(&robbed), text);
}

/* Bearer 5 of the session at @sgw2, known or not, is to have the access end @end. */
static void modify(__u32 pgw, __u32 sgw2, const struct f_teid *end)
{
	struct transaction x = transaction_of(2, SGW2, HOST);

	begin_message(&x, XEIR_GTPV2_MODIFY_BEARER, pgw);
	add_bearer(0, 5, 0, &(struct bearer_end){ 1, *end }, 1);
	send_request(&x);
	begin_message(&x, XEIR_GTPV2_MODIFY_BEARER_RESPONSE, sgw2);
	add_cause_v2(ACCEPTED_V2);
	add_bearer(0, 5, ACCEPTED_V2, NULL, 0);
	send_response(&x);
}

static void by_modify(void)
{
	struct transaction x = transaction_of(2, SGW, HOST), y = transaction_of(2, SGW2, HOST);
	struct pdn robbed = pdn_of(0x6d), thief = thief_of(0x6e);

	set_up(&x, &robbed);
	list_handset(&robbed);
	set_up(&y, &thief);
	modify(thief.control[1].teid, thief.control[0].teid, &robbed.user[1]);
	point(has_all_bindings(&robbed) && !flows_to(&robbed.user[1]),
	      "bindings: nor does a Modify Bearer free a TEID");
	modify(0x6d999, 0x6d998, &robbed.user[1]);
	point(has_all_bindings(&robbed) && !flows_to(&robbed.user[1]),
	      "bindings: also not one of a session that is not known");
	unlist_handset(&robbed);
}

/* The PGW gives @end to a dedicated bearer of @p, whose response has it as @says. */
static void add_dedicated(const struct pdn *p, const struct f_teid *end, const struct f_teid *says)
{
	const struct bearer_end both[] = { { 2, { 0x6f203, SGW2_U } }, { 3, *says } };
	struct transaction x = transaction_of(2, HOST, SGW2);

	begin_message(&x, XEIR_GTPV2_CREATE_BEARER, p->control[0].teid);
	add_octet_v2(73, 0, p->ebi);
	add_bearer(0, 0, 0, &(struct bearer_end){ 1, *end }, 1);
	send_request(&x);
	begin_message(&x, XEIR_GTPV2_CREATE_BEARER_RESPONSE, p->control[1].teid);
	add_cause_v2(ACCEPTED_V2);
	add_bearer(0, 6, ACCEPTED_V2, both, COUNT(both));
	send_response(&x);
}

static void by_a_response(void)
{
	struct transaction x = transaction_of(2, SGW, HOST), y = transaction_of(2, SGW2, HOST);
	struct pdn robbed = pdn_of(0x6f), thief = thief_of(0x70);
	const struct f_teid given = { 0x6f104, HOST_U };

	set_up(&x, &robbed);
	list_handset(&robbed);
	set_up(&y, &thief);
	add_dedicated(&thief, &given, &robbed.user[1]);
	point(has_all_bindings(&robbed) && !flows_to(&robbed.user[1]),
	      "bindings: nor does a response that has another end than was given");
	add_dedicated(&thief, &robbed.user[1], &robbed.user[1]);
	point(is_bound_to(&thief.control[1], &robbed.user[1], XEIR_PLANE_USER) &&
		      flows_to(&robbed.user[1]),
	      "bindings: but its responder may give the TEID anew");
	unlist_handset(&robbed);
}

/* An SGW has given its end on S11, and names it when it asks on S5/S8. */
static void by_its_own_node(void)
{
	struct transaction x = transaction_of(2, SGW, HOST), y = transaction_of(2, HOST, SGW2);
	struct pdn before = pdn_of(0x71), after = pdn_of(0x72);

	after.control[0].at = HOST;
	after.control[1].at = SGW2;
	after.user[0] = before.user[1];
	set_up(&x, &before);
	list_handset(&before);
	point(set_up(&y, &after) && has_all_bindings(&after) && flows_to(&after.user[0]),
	      "bindings: and its own node may, when it asks for a session");
	unlist_handset(&before);
}

static void of_what_is_over(void)
{
	struct xeir_config config = XEIR_CONFIG_DEFAULT;
	struct transaction x = transaction_of(2, SGW, HOST), y = transaction_of(2, SGW2, HOST);
	struct pdn before = pdn_of(0x73), after = thief_of(0x74);

	after.user[0] = before.user[1];
	set_up(&x, &before);
	list_handset(&before);
	config.session_age = 0;
	tables_configure(&config);
	point(set_up(&y, &after) && has_all_bindings(&after) && flows_to(&after.user[0]),
	      "bindings: and anybody, once the session is over");
	config = (struct xeir_config)XEIR_CONFIG_DEFAULT;
	tables_configure(&config);
	unlist_handset(&before);
}

void test_bindings(void)
{
	by_set_up(1, 0x5c);
	by_set_up(2, 0x6a);
	by_modify();
	by_a_response();
	by_its_own_node();
	of_what_is_over();
}
