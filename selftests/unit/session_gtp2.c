// SPDX-License-Identifier: GPL-2.0-only
/* PDN connections on S5/S8: each has a control F-TEID of its own. */
#include "unit/session_test.h"

#include <string.h>

#include <xeir/messages.h>

#define V2(a, b) transaction_of(2, a, b)

static void creates(void)
{
	struct transaction x = V2(SGW, HOST);
	struct pdn p = pdn_of(0x21);
	struct xeir_session s = {};

	point(set_up(&x, &p) && is_up(&p), "S5: a session is created as the messages have it");
	point(has_all_bindings(&p), "S5: and has its four TEIDs");
	tables_session(&p.control[1], 5, &s);
	point(s.version == 2 && s.rat == 6 && s.bearers == 1 << 5 && !s.emergency && !s.cut &&
		      s.peer[XEIR_REQUESTER][15] == 1 && s.peer[XEIR_RESPONDER][15] == 2,
	      "S5: and its RAT, its bearer and its peers");
	p = pdn_of(0x22);
	for (int side = 0; side < XEIR_SIDES; side++) {
		p.control[side].at.ipv6 = side + 1;
		p.user[side].at.ipv6 = side + 0x11;
	}
	point(set_up(&x, &p) && is_up(&p) && has_all_bindings(&p),
	      "S5: F-TEIDs with two addresses are two TEIDs each");
}

/* Create Bearer: the PGW gives dedicated bearers to the session of @p. */
static bool add_dedicated(const struct pdn *p, __u8 ebi, __u8 cause, const struct f_teid user[2])
{
	const struct bearer_end pgw = { 1, user[1] };
	const struct bearer_end both[2] = { { 2, user[0] }, { 3, user[1] } };
	struct transaction x = V2(p->control[1].at, p->control[0].at);

	begin_message(&x, XEIR_GTPV2_CREATE_BEARER, p->control[0].teid);
	add_octet_v2(73, 0, p->ebi);
	add_bearer(0, 0, 0, &pgw, 1);
	if (!send_request(&x).passed)
		return false;
	begin_message(&x, XEIR_GTPV2_CREATE_BEARER_RESPONSE, p->control[1].teid);
	add_cause_v2(ACCEPTED_V2);
	add_bearer(0, ebi, cause, both, COUNT(both));
	return send_response(&x).passed;
}

static bool delete_session(const struct pdn *p, __u8 lbi, __u8 cause)
{
	struct transaction x = V2(p->control[0].at, p->control[1].at);

	begin_message(&x, XEIR_GTPV2_DELETE_SESSION, p->control[1].teid);
	if (lbi)
		add_octet_v2(73, 0, lbi);
	return do_simple(&x, XEIR_GTPV2_DELETE_SESSION_RESPONSE, p->control[0].teid, cause);
}

/* @instance 0: with @ebi as LBI; 1: that bearer alone. */
static bool delete_bearer(const struct pdn *p, __u8 instance, __u8 ebi)
{
	struct transaction x = V2(p->control[1].at, p->control[0].at);

	begin_message(&x, XEIR_GTPV2_DELETE_BEARER, p->control[0].teid);
	add_octet_v2(73, instance, ebi);
	return do_simple(&x, XEIR_GTPV2_DELETE_BEARER_RESPONSE, p->control[1].teid, ACCEPTED_V2);
}

static void dedicated(void)
{
	struct transaction x = V2(SGW, HOST);
	struct pdn p = pdn_of(0x23);
	const struct f_teid one[2] = { { 0x23103, SGW_U }, { 0x23104, HOST_U } };
	const struct f_teid two[2] = { { 0x23203, SGW_U }, { 0x23204, HOST_U } };
	const struct f_teid no[2] = { { 0x23303, SGW_U }, { 0x23304, HOST_U } };
	struct xeir_session s = {};
	struct xeir_bearer b = {};

	point(set_up(&x, &p) && add_dedicated(&p, 6, ACCEPTED_V2, one) &&
		      add_dedicated(&p, 7, ACCEPTED_V2, two) && is_up(&p) &&
		      tables_session(&p.control[1], 5, &s) && s.bearers == 7 << 5,
	      "S5: dedicated bearers are the session's");
	point(tables_bearer(&p.control[1], 5, 6, &b) && same_end(&b.end[XEIR_END_ACCESS], one) &&
		      same_end(&b.end[XEIR_END_ANCHOR], one + 1) &&
		      is_bound_to(&p.control[1], one, XEIR_PLANE_USER) &&
		      is_bound_to(&p.control[1], one + 1, XEIR_PLANE_USER) &&
		      is_bound_to(&p.control[1], two, XEIR_PLANE_USER),
	      "S5: with TEIDs of their own");
	point(add_dedicated(&p, 8, 73, no) && !tables_bearer(&p.control[1], 5, 8, &b) &&
		      is_unbound(no, XEIR_PLANE_USER) && is_unbound(no + 1, XEIR_PLANE_USER),
	      "S5: but not one that was refused");
	point(delete_bearer(&p, 1, 6) && is_unbound(one, XEIR_PLANE_USER) &&
		      is_unbound(one + 1, XEIR_PLANE_USER) && is_up(&p) &&
		      is_bound_to(&p.control[1], two, XEIR_PLANE_USER),
	      "S5: Delete Bearer with an EBI takes that bearer alone");
	point(delete_bearer(&p, 0, 5) && !is_up(&p) && has_no_bindings(&p) &&
		      is_unbound(two, XEIR_PLANE_USER),
	      "S5: Delete Bearer with the LBI ends the session");
	point(set_up(&x, &p) && delete_bearer(&p, 1, 5) && !is_up(&p) && has_no_bindings(&p),
	      "S5: and so does one with the EBI of its only bearer");
}

static void deletes(void)
{
	struct transaction x = V2(SGW, HOST);
	struct pdn p = pdn_of(0x24);
	const struct f_teid one[2] = { { 0x24103, SGW_U }, { 0x24104, HOST_U } };

	point(set_up(&x, &p) && add_dedicated(&p, 6, ACCEPTED_V2, one) &&
		      delete_session(&p, 5, ACCEPTED_V2) && has_no_bindings(&p) &&
		      is_unbound(one, XEIR_PLANE_USER) && is_unbound(one + 1, XEIR_PLANE_USER),
	      "S5: Delete Session with LBI takes all");
	point(set_up(&x, &p) && delete_session(&p, 0, ACCEPTED_V2) && has_no_bindings(&p),
	      "S5: and so does one without");
	point(set_up(&x, &p) && delete_session(&p, 5, 72) && is_up(&p) && has_all_bindings(&p),
	      "S5: one that is refused takes nothing");
	point(delete_session(&p, 5, 64) && !is_up(&p) && has_no_bindings(&p),
	      "S5: but for one refused because nothing is known of it");
}

/* Handover to another SGW, TS 29.274 table 7.2.7-1. */
static void relocates(void)
{
	struct transaction x = V2(SGW, HOST), to = V2(SGW2, HOST);
	struct pdn p = pdn_of(0x25), moved = p;
	struct bearer_end user = { 1, { 0x25103, SGW2_U } };
	struct xeir_session s = {};

	moved.control[0] = (struct f_teid){ 0x25101, SGW2 };
	moved.user[0] = user.end;
	point(set_up(&x, &p), "S5: a session to relocate");
	begin_message(&to, XEIR_GTPV2_MODIFY_BEARER, p.control[1].teid);
	add_f_teid(0, &moved.control[0]);
	add_bearer(0, 5, 0, &user, 1);
	send_request(&to);
	point(is_up(&p) && has_all_bindings(&p), "S5: a Modify Bearer Request moves nothing yet");
	begin_message(&to, XEIR_GTPV2_MODIFY_BEARER_RESPONSE, moved.control[0].teid);
	add_cause_v2(ACCEPTED_V2);
	add_bearer(0, 5, ACCEPTED_V2, NULL, 0);
	send_response(&to);
	point(is_up(&moved) && has_all_bindings(&moved),
	      "S5: its Response moves the session to the SGW");
	point(is_unbound(&p.control[0], XEIR_PLANE_CONTROL) &&
		      is_unbound(&p.user[0], XEIR_PLANE_USER),
	      "S5: and the TEIDs to the SGW before are gone");
	tables_session(&p.control[1], 5, &s);
	point(s.peer[XEIR_REQUESTER][15] == 3, "S5: and its restarts count no more");
	point(delete_bearer(&moved, 0, 5) && has_no_bindings(&moved),
	      "S5: the PGW deletes it there");
}

/* The response to a set-up and a dedicated bearer's request in one datagram. */
static void piggybacked(void)
{
	struct transaction x = V2(SGW, HOST), bearer = V2(HOST, SGW);
	struct pdn p = pdn_of(0x26);
	const struct f_teid user[2] = { { 0x26103, SGW_U }, { 0x26104, HOST_U } };
	const struct bearer_end pgw = { 1, user[1] };
	const struct bearer_end both[2] = { { 2, user[0] }, { 3, user[1] } };
	unsigned char first[512];
	size_t len;

	create_request(&x, &p);
	send_request(&x);
	create_response(&x, &p, ACCEPTED_V2);
	msg_set_length();
	len = msg_len;
	memcpy(first, msg, len);
	first[0] |= 0x10;
	begin_message(&bearer, XEIR_GTPV2_CREATE_BEARER, p.control[0].teid);
	add_octet_v2(73, 0, 5);
	add_bearer(0, 0, 0, &pgw, 1);
	msg_set_length();
	memmove(msg + len, msg, msg_len);
	memcpy(msg, first, len);
	msg_len += len;
	point(send_message(&HOST, 2123, &SGW, PORT).passed && is_up(&p) && has_all_bindings(&p),
	      "S5: a session is created by a response with a message behind it");
	bearer.port = 2123;
	bearer.requester = HOST;
	begin_message(&bearer, XEIR_GTPV2_CREATE_BEARER_RESPONSE, p.control[1].teid);
	add_cause_v2(ACCEPTED_V2);
	add_bearer(0, 6, ACCEPTED_V2, both, COUNT(both));
	msg_set_length();
	send_message(&SGW, PORT, &HOST, 2123);
	point(is_bound_to(&p.control[1], user, XEIR_PLANE_USER) &&
		      is_bound_to(&p.control[1], user + 1, XEIR_PLANE_USER),
	      "S5: which is tracked as if it had come alone");
}

void test_gtp2(void)
{
	creates();
	dedicated();
	deletes();
	relocates();
	piggybacked();
}
