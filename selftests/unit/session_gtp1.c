// SPDX-License-Identifier: GPL-2.0-only
/* PDP contexts: created, updated from either side, joined by others, deleted. */
#include "unit/session_test.h"

#include <xeir/messages.h>

#define V1(a, b) transaction_of(1, a, b)

/* An Update whose sender has these ends from now on, and whose responder has those. */
struct update {
	struct transaction x;
	__u32 teid, response_teid; /* of the headers */
	__u8 nsapi;
	struct f_teid control, user, response_control, response_user;
};

static bool do_update(struct update *u)
{
	begin_message(&u->x, XEIR_GTPV1_UPDATE_PDP, u->teid);
	add_octet_v1(20, u->nsapi);
	add_ends_v1(&u->control, &u->user);
	if (!send_request(&u->x).passed)
		return false;
	begin_message(&u->x, XEIR_GTPV1_UPDATE_PDP_RESPONSE, u->response_teid);
	add_octet_v1(1, ACCEPTED_V1);
	add_ends_v1(&u->response_control, &u->response_user);
	return send_response(&u->x).passed;
}

static bool do_delete(const struct pdn *p, __u8 nsapi, bool teardown, __u8 cause)
{
	struct transaction x = V1(p->control[XEIR_REQUESTER].at, p->control[XEIR_RESPONDER].at);

	begin_message(&x, XEIR_GTPV1_DELETE_PDP, p->control[XEIR_RESPONDER].teid);
	add_octet_v1(19, 0xfe | teardown);
	add_octet_v1(20, nsapi);
	return do_simple(&x, XEIR_GTPV1_DELETE_PDP_RESPONSE, p->control[XEIR_REQUESTER].teid,
			 cause);
}

static void creates(void)
{
	struct transaction x = V1(SGW, HOST);
	struct pdn p = pdn_of(1), first = pdn_of(2);
	struct xeir_session s = {};

	point(set_up(&x, &p) && is_up(&p), "GTPv1: a context is created as the messages have it");
	point(has_all_bindings(&p), "GTPv1: and has its four TEIDs");
	tables_session(&p.control[XEIR_RESPONDER], p.ebi, &s);
	point(s.version == 1 && s.rat == 1 && s.bearers == 1 << 5 && !s.emergency && !s.cut &&
		      s.started_ns && s.seen_ns == s.started_ns,
	      "GTPv1: and its RAT, its NSAPI and its time");
	first.ebi = 0;
	point(set_up(&x, &first) && is_up(&first) && has_all_bindings(&first),
	      "GTPv1: so has NSAPI 0");
	x = V1(HOST, SGW);
	p = pdn_of(3);
	p.control[0].at = HOST;
	p.control[1].at = SGW;
	point(set_up(&x, &p) && is_up(&p) && has_all_bindings(&p),
	      "GTPv1: so has one the host asks for");
}

static void dual_stack(void)
{
	struct transaction x = V1(SGW, HOST);
	struct pdn p = pdn_of(4);

	for (int side = 0; side < XEIR_SIDES; side++) {
		p.control[side].at.ipv6 = side + 1;
		p.user[side].at.ipv6 = side + 0x11;
	}
	point(set_up(&x, &p) && is_up(&p) && has_all_bindings(&p),
	      "GTPv1: ends with two addresses are two TEIDs each");
	point(do_delete(&p, 5, true, ACCEPTED_V1) && has_no_bindings(&p) && !is_up(&p),
	      "GTPv1: all of which go with it");
	p = pdn_of(5);
	for (int side = 0; side < XEIR_SIDES; side++) {
		p.control[side].at = (struct node){ 0, side + 1 };
		p.user[side].at = (struct node){ 0, side + 0x11 };
	}
	x = V1(p.control[0].at, p.control[1].at);
	point(set_up(&x, &p) && is_up(&p) && has_all_bindings(&p),
	      "GTPv1: over IPv6 alone likewise");
}

static void updates(void)
{
	struct transaction x = V1(SGW, HOST);
	struct pdn p = pdn_of(6), moved = pdn_of(6);
	struct xeir_session s = {};
	struct update u = {
		.x = V1(SGW2, HOST), .teid = 0x6002, .response_teid = 0x6101, .nsapi = 5
	};

	moved.control[0] = u.control = (struct f_teid){ 0x6101, SGW2 };
	moved.user[0] = u.user = (struct f_teid){ 0x6103, SGW2_U };
	moved.user[1] = u.response_user = (struct f_teid){ 0x6104, HOST_U };
	u.response_control = p.control[1];
	point(set_up(&x, &p) && do_update(&u) && is_up(&moved) && has_all_bindings(&moved),
	      "GTPv1: an Update moves both ends");
	point(is_unbound(&p.control[0], XEIR_PLANE_CONTROL) &&
		      is_unbound(&p.user[0], XEIR_PLANE_USER) &&
		      is_unbound(&p.user[1], XEIR_PLANE_USER),
	      "GTPv1: and the TEIDs of before are gone");
	tables_session(&p.control[1], 5, &s);
	point(s.seen_ns > s.started_ns && s.peer[XEIR_REQUESTER][15] == 3,
	      "GTPv1: and the context is heard of, from the new SGSN");
	point(do_delete(&moved, 5, true, ACCEPTED_V1) && has_no_bindings(&moved),
	      "GTPv1: which deletes it");
}

/* The GGSN asks, of the SGSN: ends are the other side's then. */
static void updates_from_ggsn(void)
{
	struct transaction x = V1(SGW, HOST);
	struct pdn p = pdn_of(7), moved = pdn_of(7);
	struct update u = {
		.x = V1(HOST, SGW), .teid = 0x7001, .response_teid = 0x7002, .nsapi = 5
	};

	moved.user[0] = u.response_user = (struct f_teid){ 0x7103, SGW_U };
	moved.user[1] = u.user = (struct f_teid){ 0x7104, HOST_U };
	u.control = p.control[1];
	u.response_control = p.control[0];
	point(set_up(&x, &p) && do_update(&u) && is_up(&moved) && has_all_bindings(&moved),
	      "GTPv1: an Update of the GGSN's moves its end and that of the SGSN");
	point(is_unbound(&p.user[0], XEIR_PLANE_USER) && is_unbound(&p.user[1], XEIR_PLANE_USER),
	      "GTPv1: and the TEIDs of before are gone");
	do_delete(&moved, 5, true, ACCEPTED_V1);
}

/* The GGSN may give the context another control F-TEID in its response, TS 29.060 cl. 7.3.4. */
static void moves_responder(void)
{
	struct transaction x = V1(SGW, HOST);
	struct pdn p = pdn_of(8);
	const struct f_teid control = { 0x8102, HOST };
	struct update u = { .x = x,
			    .teid = 0x8002,
			    .response_teid = 0x8001,
			    .nsapi = 5,
			    .control = p.control[0],
			    .user = p.user[0],
			    .response_control = control,
			    .response_user = p.user[1] };

	u.x.sequence += 0x80;
	point(set_up(&x, &p) && do_update(&u) &&
		      is_bound_to(&p.control[1], &control, XEIR_PLANE_CONTROL),
	      "GTPv1: the response to an Update may name another control F-TEID");
	point(is_unbound(&p.control[1], XEIR_PLANE_CONTROL), "GTPv1: and gives up that of before");
	u.response_control = (struct f_teid){ 0x8202, { 0, 0 } };
	u.x.sequence++;
	point(do_update(&u) && is_bound_to(&p.control[1], &control, XEIR_PLANE_CONTROL),
	      "GTPv1: but not one without an address");
	p.control[1] = control;
	point(do_delete(&p, 5, true, ACCEPTED_V1) && has_no_bindings(&p),
	      "GTPv1: through which the context is deleted");
}

/* A secondary context of @p, with other user-plane TEIDs. */
static bool add_secondary(const struct pdn *p, __u8 nsapi, const struct f_teid user[2])
{
	struct transaction x = V1(p->control[0].at, p->control[1].at);

	begin_message(&x, XEIR_GTPV1_CREATE_PDP, p->control[1].teid);
	add_octet_v1(20, nsapi);
	add_octet_v1(20, p->ebi);
	add_ends_v1(&(struct f_teid){ 0, p->control[0].at }, &user[0]);
	if (!send_request(&x).passed)
		return false;
	begin_message(&x, XEIR_GTPV1_CREATE_PDP_RESPONSE, p->control[0].teid);
	add_octet_v1(1, ACCEPTED_V1);
	add_ends_v1(&(struct f_teid){ 0, p->control[1].at }, &user[1]);
	return send_response(&x).passed;
}

static void secondary(void)
{
	struct transaction x = V1(SGW, HOST);
	struct pdn p = pdn_of(9);
	const struct f_teid user[2] = { { 0x9103, SGW_U }, { 0x9104, HOST_U } };
	struct xeir_session s = {};
	struct xeir_bearer b = {};

	point(set_up(&x, &p) && add_secondary(&p, 6, user) && is_up(&p) &&
		      tables_session(&p.control[1], 5, &s) && s.bearers == (1 << 5 | 1 << 6),
	      "GTPv1: a secondary context is one more bearer");
	point(tables_bearer(&p.control[1], 5, 6, &b) &&
		      same_end(&b.end[XEIR_END_ACCESS], &user[0]) &&
		      same_end(&b.end[XEIR_END_ANCHOR], &user[1]) &&
		      is_bound_to(&p.control[1], &user[0], XEIR_PLANE_USER) &&
		      is_bound_to(&p.control[1], &user[1], XEIR_PLANE_USER),
	      "GTPv1: with user-plane TEIDs of its own");
	point(!tables_session(&p.control[1], 6, &s), "GTPv1: and no session");
	point(do_delete(&p, 5, false, ACCEPTED_V1) && tables_session(&p.control[1], 5, &s) &&
		      s.bearers == 1 << 6 && is_unbound(&p.user[0], XEIR_PLANE_USER) &&
		      is_bound_to(&p.control[1], &user[0], XEIR_PLANE_USER),
	      "GTPv1: a Delete without teardown takes that context alone");
	point(do_delete(&p, 6, false, ACCEPTED_V1) && has_no_bindings(&p) && !is_up(&p) &&
		      is_unbound(&user[1], XEIR_PLANE_USER),
	      "GTPv1: and with the last of them the session");
	point(set_up(&x, &p) && add_secondary(&p, 6, user) && do_delete(&p, 6, true, ACCEPTED_V1) &&
		      has_no_bindings(&p) && is_unbound(&user[0], XEIR_PLANE_USER) &&
		      is_unbound(&user[1], XEIR_PLANE_USER),
	      "GTPv1: a Delete with teardown takes all");
}

/* Another PDN connection by the control F-TEIDs that @p has, which are not named again. */
static bool add_primary(const struct pdn *p)
{
	struct transaction x = V1(p->control[0].at, p->control[1].at);

	begin_message(&x, XEIR_GTPV1_CREATE_PDP, p->control[1].teid);
	msg_add_v1(2, p->imsi, 8);
	add_octet_v1(20, p->ebi);
	msg_add_v1(131, p->apn, 1 + p->apn[0]);
	add_ends_v1(&(struct f_teid){ 0, p->control[0].at }, &p->user[0]);
	if (!send_request(&x).passed)
		return false;
	begin_message(&x, XEIR_GTPV1_CREATE_PDP_RESPONSE, p->control[0].teid);
	add_octet_v1(1, ACCEPTED_V1);
	add_ends_v1(&(struct f_teid){ 0, p->control[1].at }, &p->user[1]);
	return send_response(&x).passed;
}

/* Two PDN connections, each with a context more, that have their control F-TEIDs in common. */
static struct pdn add_second(const struct pdn *p, const struct f_teid more[4])
{
	struct pdn second = *p;

	second.ebi = 6;
	second.apn = "\x03ims";
	second.user[0].teid += 0x200;
	second.user[1].teid += 0x200;
	add_primary(&second);
	add_secondary(p, 7, more);
	add_secondary(&second, 8, more + 2);
	return second;
}

/* The session of @p has these contexts, and the TEIDs of both. */
static bool has(const struct pdn *p, __u32 nsapis, const struct f_teid more[2])
{
	const struct f_teid *name = &p->control[1];
	struct xeir_session s;

	return tables_session(name, p->ebi, &s) && s.bearers == nsapis &&
	       same_end(&s.control[0], &p->control[0]) && same_end(&s.control[1], name) &&
	       has_all_bindings(p) && is_bound_to(name, more, XEIR_PLANE_USER) &&
	       is_bound_to(name, more + 1, XEIR_PLANE_USER);
}

static void two_primaries(void)
{
	const struct f_teid more[4] = {
		{ 0xb103, SGW_U }, { 0xb104, HOST_U }, { 0xb303, SGW_U }, { 0xb304, HOST_U }
	};
	struct transaction x = V1(SGW, HOST);
	struct pdn first = pdn_of(11), moved = first, second;
	struct update u = {
		.x = V1(SGW2, HOST), .teid = 0xb002, .response_teid = 0xb401, .nsapi = 7
	};

	set_up(&x, &first);
	second = add_second(&first, more);
	point(has(&first, 1 << 5 | 1 << 7, more) && has(&second, 1 << 6 | 1 << 8, more + 2),
	      "GTPv1: a second PDN connection may share the control F-TEIDs of the first");
	moved.control[0] = u.control = (struct f_teid){ 0xb401, SGW2 };
	u.user = more[0];
	u.response_user = more[1];
	point(do_update(&u) && has(&moved, 1 << 5 | 1 << 7, more) &&
		      has(&second, 1 << 6 | 1 << 8, more + 2),
	      "GTPv1: an Update moves that of its context alone");
	point(do_delete(&moved, 7, true, ACCEPTED_V1) && !is_up(&moved) &&
		      is_unbound(&first.user[0], XEIR_PLANE_USER) &&
		      is_unbound(&more[0], XEIR_PLANE_USER) &&
		      has(&second, 1 << 6 | 1 << 8, more + 2),
	      "GTPv1: a Delete with teardown takes the connection of its context alone");
	point(do_delete(&second, 6, true, ACCEPTED_V1) && has_no_bindings(&second) &&
		      is_unbound(&more[2], XEIR_PLANE_USER),
	      "GTPv1: the other goes by its own");
	first = pdn_of(12);
	second = first;
	second.ebi = 6;
	second.user[0].teid += 0x100;
	second.user[1].teid += 0x100;
	point(set_up(&x, &first) && set_up(&x, &second) && do_delete(&second, 9, true, 192) &&
		      is_up(&first) && is_up(&second) && do_delete(&second, 6, true, ACCEPTED_V1) &&
		      has_all_bindings(&first) && is_unbound(&second.user[0], XEIR_PLANE_USER),
	      "GTPv1: likewise where both name the same control F-TEIDs");
	do_delete(&first, 5, true, ACCEPTED_V1);
}

static void refused(void)
{
	struct transaction x = V1(SGW, HOST);
	struct pdn p = pdn_of(10);

	point(set_up(&x, &p) && do_delete(&p, 5, true, 199) && is_up(&p) && has_all_bindings(&p),
	      "GTPv1: a Delete that is refused deletes nothing");
	point(do_delete(&p, 5, true, 192) && !is_up(&p) && has_no_bindings(&p),
	      "GTPv1: but for one refused because there is nothing to delete");
}

void test_gtp1(void)
{
	creates();
	dual_stack();
	updates();
	updates_from_ggsn();
	moves_responder();
	secondary();
	two_primaries();
	refused();
}
