// SPDX-License-Identifier: GPL-2.0-only
/* PDN connections on S11, where a handset has one control F-TEID for all of them. */
#include "unit/session_test.h"

#include <xeir/messages.h>

#define MME ((struct node){ 0x0a630005, 0 })

/* Create Session Response on S11: S1-U, and if it @names them, control F-TEIDs of SGW and PGW. */
static void s11_answer(const struct transaction *x, const struct pdn *p, bool names)
{
	const struct f_teid pgw = { 0x77000 + p->ebi, { 0x0a630009, 0 } };
	const struct bearer_end ends[] = { { 0, p->user[1] }, { 2, { 0x78000, HOST_U } } };

	begin_message(x, XEIR_GTPV2_CREATE_SESSION_RESPONSE, p->control[0].teid);
	add_cause_v2(ACCEPTED_V2);
	if (names) {
		add_f_teid(0, &p->control[1]);
		add_f_teid(1, &pgw);
	}
	add_bearer(0, p->ebi, ACCEPTED_V2, ends, COUNT(ends));
}

/* @teid: the SGW's, where the handset has a session already. */
static bool s11_set_up(const struct pdn *p, __u32 teid, bool names)
{
	struct transaction x = transaction_of(2, MME, HOST);

	begin_message(&x, XEIR_GTPV2_CREATE_SESSION, teid);
	msg_add_v2(1, 0, p->imsi, 8);
	msg_add_v2(76, 0, p->msisdn, 8);
	msg_add_v2(75, 0, p->imei, 8);
	msg_add_v2(71, 0, p->apn ? p->apn : "\x08internet", p->apn ? 4 : 9);
	add_f_teid(0, &p->control[0]);
	add_bearer(0, p->ebi, 0, NULL, 0);
	if (!send_request(&x).passed)
		return false;
	s11_answer(&x, p, names);
	return send_response(&x).passed;
}

static struct pdn s11_pdn(__u8 n)
{
	struct pdn p = pdn_of(n);

	p.control[0].at = MME;
	return p;
}

/* The bearer @bearer of @p has these ends at eNB and SGW. */
static bool has_ends(const struct pdn *p, __u8 bearer, const struct f_teid *enb,
		     const struct f_teid *sgw)
{
	const struct f_teid *name = &p->control[1];
	struct xeir_session s;
	struct xeir_bearer b;

	return tables_session(name, p->ebi, &s) && s.bearers >> bearer & 1 &&
	       tables_bearer(name, p->ebi, bearer, &b) && same_end(&b.end[XEIR_END_ACCESS], enb) &&
	       is_bound_to(name, enb, XEIR_PLANE_USER) && same_end(&b.end[XEIR_END_CORE], sgw) &&
	       is_bound_to(name, sgw, XEIR_PLANE_USER);
}

static bool modify(const struct pdn *p, __u8 type, __u8 ebi, const struct f_teid *enb)
{
	const struct bearer_end end = { 0, *enb }, core = { 0, p->user[1] };
	struct transaction x = transaction_of(2, MME, HOST);

	begin_message(&x, type, p->control[1].teid);
	add_bearer(0, ebi, 0, &end, 1);
	if (!send_request(&x).passed)
		return false;
	begin_message(&x, type + 1, p->control[0].teid);
	add_cause_v2(ACCEPTED_V2);
	add_bearer(0, ebi, ACCEPTED_V2, &core, 1);
	return send_response(&x).passed;
}

static bool delete_session(const struct pdn *p, __u8 lbi)
{
	struct transaction x = transaction_of(2, MME, HOST);

	begin_message(&x, XEIR_GTPV2_DELETE_SESSION, p->control[1].teid);
	if (lbi)
		add_octet_v2(73, 0, lbi);
	return do_simple(&x, XEIR_GTPV2_DELETE_SESSION_RESPONSE, p->control[0].teid, ACCEPTED_V2);
}

static void one(void)
{
	struct pdn p = s11_pdn(0x31);
	const struct f_teid enb = { 0x31103, ENB_U }, other = { 0x31203, ENB_U };
	const struct bearer_end moved = { 0, { 0x31303, ENB_U } };
	struct transaction x = transaction_of(2, HOST, MME);

	point(s11_set_up(&p, 0, true) &&
		      is_bound_to(&p.control[1], &p.control[0], XEIR_PLANE_CONTROL) &&
		      is_bound_to(&p.control[1], &p.control[1], XEIR_PLANE_CONTROL) &&
		      is_bound_to(&p.control[1], &p.user[1], XEIR_PLANE_USER),
	      "S11: a session is named by the SGW's own F-TEID");
	point(modify(&p, XEIR_GTPV2_MODIFY_BEARER, 5, &enb) && has_ends(&p, 5, &enb, &p.user[1]),
	      "S11: a Modify Bearer names the eNB's end");
	point(modify(&p, XEIR_GTPV2_MODIFY_ACCESS, 5, &other) &&
		      has_ends(&p, 5, &other, &p.user[1]) && is_unbound(&enb, XEIR_PLANE_USER),
	      "S11: a Modify Access Bearers moves it");
	begin_message(&x, XEIR_GTPV2_UPDATE_BEARER, p.control[0].teid);
	add_bearer(0, 5, 0, NULL, 0);
	send_request(&x);
	begin_message(&x, XEIR_GTPV2_UPDATE_BEARER_RESPONSE, p.control[1].teid);
	add_cause_v2(ACCEPTED_V2);
	add_bearer(0, 5, ACCEPTED_V2, &moved, 1);
	send_response(&x);
	point(has_ends(&p, 5, &moved.end, &p.user[1]) && is_unbound(&other, XEIR_PLANE_USER),
	      "S11: and so does an Update Bearer Response");
	point(delete_session(&p, 5) && has_no_bindings(&p) &&
		      is_unbound(&moved.end, XEIR_PLANE_USER),
	      "S11: Delete Session takes all");
}

/* Two PDN connections of one handset. */
static void open_two(struct pdn two[2], __u8 n, bool names)
{
	two[0] = s11_pdn(n);
	two[1] = s11_pdn(n);
	two[1].ebi = 6;
	two[1].apn = "\x03ims";
	two[1].user[1].teid += 0x100;
	s11_set_up(&two[0], 0, true);
	s11_set_up(&two[1], two[0].control[1].teid, names);
}

static bool has_both(const struct pdn two[2])
{
	struct xeir_session s;

	return tables_session(&two[0].control[1], 5, &s) && s.subscriber.apn[0] == 8 &&
	       tables_session(&two[0].control[1], 6, &s) && s.subscriber.apn[0] == 3 &&
	       is_bound_to(&two[0].control[1], &two[0].user[1], XEIR_PLANE_USER) &&
	       is_bound_to(&two[0].control[1], &two[1].user[1], XEIR_PLANE_USER);
}

static void two_sessions(void)
{
	const struct f_teid first = { 0x32103, ENB_U }, second = { 0x32203, ENB_U };
	struct xeir_binding binding = {};
	struct xeir_session s;
	struct pdn two[2];

	open_two(two, 0x32, true);
	point(has_both(two) && tables_binding(&two[0].control[0], XEIR_PLANE_CONTROL, &binding) &&
		      binding.ebis == (1 << 5 | 1 << 6),
	      "S11: two PDN connections share their control F-TEIDs");
	point(modify(&two[0], XEIR_GTPV2_MODIFY_BEARER, 5, &first) &&
		      modify(&two[1], XEIR_GTPV2_MODIFY_BEARER, 6, &second) &&
		      has_ends(&two[0], 5, &first, &two[0].user[1]) &&
		      has_ends(&two[1], 6, &second, &two[1].user[1]),
	      "S11: a bearer's end is its own session's");
	point(delete_session(&two[1], 6) && !tables_session(&two[0].control[1], 6, &s) &&
		      is_unbound(&two[1].user[1], XEIR_PLANE_USER) &&
		      is_unbound(&second, XEIR_PLANE_USER) &&
		      has_ends(&two[0], 5, &first, &two[0].user[1]) &&
		      is_bound_to(&two[0].control[1], &two[0].control[0], XEIR_PLANE_CONTROL),
	      "S11: Delete Session with an LBI leaves the other");
	point(delete_session(&two[0], 5) && has_no_bindings(&two[0]), "S11: which goes by its own");
	open_two(two, 0x33, false);
	point(has_both(two), "S11: the second response need not name its TEIDs again");
	point(delete_session(&two[0], 0) && has_no_bindings(&two[0]) && has_no_bindings(&two[1]) &&
		      !tables_session(&two[0].control[1], 6, &s),
	      "S11: Delete Session without LBI takes both");
}

/* Create Bearer: one of these S1-U ends, of eNB and SGW, next to the default bearer @lbi. */
static void add_dedicated(const struct pdn *p, __u8 lbi, __u8 ebi, const struct f_teid s1u[2])
{
	const struct bearer_end sgw = { 0, s1u[1] }, both[2] = { { 0, s1u[0] }, { 1, s1u[1] } };
	struct transaction x = transaction_of(2, HOST, MME);

	begin_message(&x, XEIR_GTPV2_CREATE_BEARER, p->control[0].teid);
	add_octet_v2(73, 0, lbi);
	add_bearer(0, 0, 0, &sgw, 1);
	send_request(&x);
	begin_message(&x, XEIR_GTPV2_CREATE_BEARER_RESPONSE, p->control[1].teid);
	add_cause_v2(ACCEPTED_V2);
	add_bearer(0, ebi, ACCEPTED_V2, both, COUNT(both));
	send_response(&x);
}

/* Bearers that a Modify Bearer takes away may be of any of the sessions. */
static void removes(void)
{
	const struct f_teid first = { 0x34103, ENB_U },
			    more[2] = { { 0x34203, ENB_U }, { 0x34204, HOST_U } };
	struct transaction y = transaction_of(2, MME, HOST);
	struct xeir_session s = {};
	struct pdn two[2];

	open_two(two, 0x34, true);
	add_dedicated(&two[0], 6, 7, more);
	point(tables_session(&two[0].control[1], 6, &s) && s.bearers == (1 << 6 | 1 << 7) &&
		      has_ends(&two[1], 7, &more[0], &more[1]),
	      "S11: a dedicated bearer is that session's which the LBI names");
	begin_message(&y, XEIR_GTPV2_MODIFY_BEARER, two[0].control[1].teid);
	add_bearer(0, 5, 0, &(struct bearer_end){ 0, first }, 1);
	add_bearer(1, 7, 0, NULL, 0);
	do_simple(&y, XEIR_GTPV2_MODIFY_BEARER_RESPONSE, two[0].control[0].teid, ACCEPTED_V2);
	point(tables_session(&two[0].control[1], 6, &s) && s.bearers == 1 << 6 &&
		      is_unbound(&more[0], XEIR_PLANE_USER) &&
		      is_unbound(&more[1], XEIR_PLANE_USER) &&
		      has_ends(&two[0], 5, &first, &two[0].user[1]),
	      "S11: and a Modify Bearer of the other takes it away");
	delete_session(&two[0], 0);
}

/* The bearers 5 and 7 are given these eNB's ends by one Modify Bearer. */
static void modify_both(const struct pdn *p, const struct f_teid *of_5, const struct f_teid *of_7)
{
	struct transaction x = transaction_of(2, MME, HOST);

	begin_message(&x, XEIR_GTPV2_MODIFY_BEARER, p->control[1].teid);
	add_bearer(0, 5, 0, &(struct bearer_end){ 0, *of_5 }, 1);
	add_bearer(0, 7, 0, &(struct bearer_end){ 0, *of_7 }, 1);
	do_simple(&x, XEIR_GTPV2_MODIFY_BEARER_RESPONSE, p->control[0].teid, ACCEPTED_V2);
}

static void transactions(void)
{
	const struct f_teid enb[2] = { { 0x36103, ENB_U }, { 0x36203, ENB_U } };
	const struct f_teid more[2] = { enb[1], { 0x36204, HOST_U } };
	struct pdn p = s11_pdn(0x36);
	struct transaction x = transaction_of(2, HOST, MME);

	s11_set_up(&p, 0, true);
	add_dedicated(&p, 5, 7, more);
	modify_both(&p, &enb[0], &enb[1]);
	point(has_ends(&p, 5, &enb[0], &p.user[1]) && has_ends(&p, 7, &enb[1], &more[1]),
	      "S11: a Modify Bearer names the ends of two bearers");
	modify_both(&p, &enb[1], &enb[0]);
	point(has_ends(&p, 5, &enb[1], &p.user[1]) && has_ends(&p, 7, &enb[0], &more[1]),
	      "S11: another exchanges them, and the session has both still");
	begin_message(&x, XEIR_GTPV2_DELETE_BEARER, p.control[0].teid);
	add_octet_v2(73, 1, 7);
	do_simple(&x, XEIR_GTPV2_DELETE_BEARER_RESPONSE, p.control[1].teid, ACCEPTED_V2);
	point(has_ends(&p, 5, &enb[1], &p.user[1]) && is_unbound(&enb[0], XEIR_PLANE_USER),
	      "S11: and each goes with the bearer that it came to");
	point(delete_session(&p, 5) && is_unbound(&enb[1], XEIR_PLANE_USER) && has_no_bindings(&p),
	      "S11: or with the session");
}

/* Both bearers of @p lose their eNB's ends, or that of @ebi alone. */
static void release(const struct pdn *p, __u8 ebi, __u8 cause)
{
	struct transaction x = transaction_of(2, MME, HOST);

	begin_message(&x, XEIR_GTPV2_RELEASE_ACCESS, p->control[1].teid);
	if (ebi) {
		add_octet_v2(73, 0, 9);
		add_octet_v2(73, 0, ebi);
	}
	do_simple(&x, XEIR_GTPV2_RELEASE_ACCESS_RESPONSE, p->control[0].teid, cause);
}

static void releases(void)
{
	const struct f_teid enb[2] = { { 0x37103, ENB_U }, { 0x37203, ENB_U } };
	const struct f_teid more[2] = { enb[1], { 0x37204, HOST_U } };
	struct pdn p = s11_pdn(0x37), next = s11_pdn(0x38);

	s11_set_up(&p, 0, true);
	add_dedicated(&p, 5, 7, more);
	modify_both(&p, &enb[0], &enb[1]);
	release(&p, 0, 64);
	point(has_ends(&p, 5, &enb[0], &p.user[1]) && has_ends(&p, 7, &enb[1], &more[1]),
	      "S11: a Release Access Bearers that is refused releases nothing");
	release(&p, 7, ACCEPTED_V2);
	point(has_ends(&p, 5, &enb[0], &p.user[1]) && is_unbound(&enb[1], XEIR_PLANE_USER) &&
		      is_bound_to(&p.control[1], &more[1], XEIR_PLANE_USER),
	      "S11: one that names bearers releases their ends at the eNB");
	modify_both(&p, &enb[0], &enb[1]);
	list_handset(&p);
	point(!flows_to(&enb[0]) && !flows_to(&enb[1]),
	      "S11: the next Modify Bearer names them again, and they are cut");
	release(&p, 0, ACCEPTED_V2);
	point(is_unbound(&enb[0], XEIR_PLANE_USER) && is_unbound(&enb[1], XEIR_PLANE_USER) &&
		      flows_to(&enb[0]) && !flows_to(&p.user[1]),
	      "S11: a Release of a session that is cut passes, and releases the ends of all "
	      "bearers");
	s11_set_up(&next, 0, true);
	modify(&next, XEIR_GTPV2_MODIFY_BEARER, 5, &enb[0]);
	tables_sweep();
	point(has_ends(&next, 5, &enb[0], &next.user[1]) && flows_to(&enb[0]),
	      "S11: another handset's have them then");
	unlist_handset(&p);
	delete_session(&p, 0);
	point(has_ends(&next, 5, &enb[0], &next.user[1]) && has_no_bindings(&p) &&
		      delete_session(&next, 0) && is_unbound(&enb[0], XEIR_PLANE_USER),
	      "S11: and keep them when the session that had them ends");
}

/* A new MME takes the handset over, with all its sessions. */
static void moves(void)
{
	const struct f_teid mme2 = { 0x35101, SGW2 };
	struct transaction x = transaction_of(2, SGW2, HOST);
	struct xeir_binding binding = {};
	struct pdn two[2];

	open_two(two, 0x35, true);
	begin_message(&x, XEIR_GTPV2_MODIFY_BEARER, two[0].control[1].teid);
	add_f_teid(0, &mme2);
	do_simple(&x, XEIR_GTPV2_MODIFY_BEARER_RESPONSE, mme2.teid, ACCEPTED_V2);
	point(tables_binding(&mme2, XEIR_PLANE_CONTROL, &binding) &&
		      binding.ebis == (1 << 5 | 1 << 6) &&
		      is_unbound(&two[0].control[0], XEIR_PLANE_CONTROL) && has_both(two),
	      "S11: all sessions move to another MME");
}

void test_s11(void)
{
	one();
	two_sessions();
	removes();
	transactions();
	releases();
	moves();
}
