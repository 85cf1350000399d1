// SPDX-License-Identifier: GPL-2.0-only
/*
 * What somebody would try who wants a listed handset to go on, or another's session to end. The
 * handsets are as of pdn_of(), on S5/S8 unless said.
 */
#include "unit/session_test.h"

#include <string.h>

#include <xeir/messages.h>
#include <xeir/ports.h>

#define REFUSED_V2 94

/* A second set-up of @p's handset through the TEID of its first. */
static bool second_set_up(const struct pdn *p, const char *apn)
{
	struct transaction x = transaction_of(2, SGW, HOST);

	begin_message(&x, XEIR_GTPV2_CREATE_SESSION, p->control[1].teid);
	msg_add_v2(1, 0, p->imsi, 8);
	msg_add_v2(75, 0, p->imei, 8);
	msg_add_v2(71, 0, apn, 1 + apn[0]);
	add_f_teid(0, &p->control[0]);
	add_bearer(0, 6, 0, NULL, 0);
	return send_request(&x).passed;
}

static void behind_an_emergency(void)
{
	struct pdn p = pdn_of(0xe1);
	struct transaction x = transaction_of(2, SGW, HOST);

	p.apn = "\x03sos";
	list_handset(&p);
	point(set_up(&x, &p) && is_up(&p), "tricks: a listed handset has its emergency session");
	point(!second_set_up(&p, "\x03web"), "tricks: and no other behind it");
	point(second_set_up(&p, "\x03sos"), "tricks: but one more emergency session");
	unlist_handset(&p);
}

static void emergency_behind_a_session(void)
{
	struct pdn p = pdn_of(0xe2);
	struct transaction x = transaction_of(2, SGW, HOST);

	set_up(&x, &p);
	list_handset(&p);
	point(!flows_to(&p.user[1]) && second_set_up(&p, "\x03sos"),
	      "tricks: a handset whose session is cut has its emergency session");
	unlist_handset(&p);
}

/* The list changes between a Modify Bearer Request and its response. */
static void answered_behind_the_commit(void)
{
	struct pdn p = pdn_of(0xe3);
	const struct f_teid moved = { 0xe3103, SGW2_U };
	const struct bearer_end end = { 1, moved };
	struct transaction x = transaction_of(2, SGW, HOST), y = transaction_of(2, SGW, HOST);

	set_up(&x, &p);
	begin_message(&y, XEIR_GTPV2_MODIFY_BEARER, p.control[1].teid);
	add_bearer(0, 5, 0, &end, 1);
	send_request(&y);
	list_handset(&p);
	begin_message(&y, XEIR_GTPV2_MODIFY_BEARER_RESPONSE, p.control[0].teid);
	add_cause_v2(ACCEPTED_V2);
	add_bearer(0, 5, ACCEPTED_V2, NULL, 0);
	point(!send_response(&y).passed && !flows_to(&moved),
	      "tricks: a TEID that was granted while the handset was listed is cut");
	unlist_handset(&p);
}

/* Anybody can send a refusal; the true response comes behind it. */
static void refused_by_another(void)
{
	struct pdn p = pdn_of(0xe4);
	struct transaction x = transaction_of(2, SGW, HOST);

	create_request(&x, &p);
	send_request(&x);
	begin_message(&x, XEIR_GTPV2_CREATE_SESSION_RESPONSE, 0);
	add_cause_v2(REFUSED_V2);
	send_response(&x);
	create_response(&x, &p, ACCEPTED_V2);
	send_response(&x);
	point(is_up(&p), "tricks: a refusal does not keep the true response from being taken");
}

/* A request that is retransmitted late gets its cached response again. */
static void repeated_late(void)
{
	struct pdn p = pdn_of(0xe5);
	const struct f_teid moved = { 0xe5103, SGW2_U };
	const struct bearer_end end = { 1, moved };
	struct transaction x = transaction_of(2, SGW, HOST), again = x,
			   y = transaction_of(2, SGW, HOST);

	set_up(&x, &p);
	begin_message(&y, XEIR_GTPV2_MODIFY_BEARER, p.control[1].teid);
	add_bearer(0, 5, 0, &end, 1);
	do_simple(&y, XEIR_GTPV2_MODIFY_BEARER_RESPONSE, p.control[0].teid, ACCEPTED_V2);
	set_up(&again, &p);
	list_handset(&p);
	point(!flows_to(&moved),
	      "tricks: a retransmitted set-up does not hide where the handset moved");
	unlist_handset(&p);
}

/* A session that was up before the programs were is given a TEID that a listed one had. */
static void given_to_an_unknown(void)
{
	struct pdn p = pdn_of(0xe6);
	const struct bearer_end end = { 1, p.user[0] };
	struct transaction x = transaction_of(2, SGW, HOST), y = transaction_of(2, SGW2, HOST);

	set_up(&x, &p);
	list_handset(&p);
	begin_message(&y, XEIR_GTPV2_MODIFY_BEARER, 0xe6999);
	add_bearer(0, 5, 0, &end, 1);
	send_request(&y);
	begin_message(&y, XEIR_GTPV2_MODIFY_BEARER_RESPONSE, 0xe6998);
	add_cause_v2(ACCEPTED_V2);
	add_bearer(0, 5, ACCEPTED_V2, NULL, 0);
	send_response(&y);
	point(flows_to(&p.user[0]), "tricks: a TEID that is another's now is cut no more");
	tables_sweep();
	point(flows_to(&p.user[0]) && !flows_to(&p.user[1]),
	      "tricks: also not by another sweep, which cuts what is the session's still");
	unlist_handset(&p);
}

/* A requester may send from the port of GTP-U, and has its response there. */
static void from_the_users_port(void)
{
	struct pdn p = pdn_of(0xe7);
	struct transaction x = transaction_of(2, SGW, HOST);

	x.port = XEIR_GTPU_PORT;
	point(set_up(&x, &p) && is_up(&p), "tricks: a session that is requested from port 2152");
	list_handset(&p);
	point(!flows_to(&p.user[1]), "tricks: is cut like any other");
	unlist_handset(&p);
}

void test_tricks(void)
{
	behind_an_emergency();
	emergency_behind_a_session();
	answered_behind_the_commit();
	refused_by_another();
	repeated_late();
	given_to_an_unknown();
	from_the_users_port();
}
