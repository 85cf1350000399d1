// SPDX-License-Identifier: GPL-2.0-only
/* The cut: what passes of a session whose handset, model, SIM or number is listed. */
#include "unit/session_test.h"

#include <bpf/bpf.h>
#include <stdio.h>
#include <time.h>

#include <xeir/messages.h>

#define ERROR_INDICATION 26
#define END_MARKER 254

static bool is_stopped(const struct f_teid *end)
{
	const struct seen data = send_user(end, GTPU_DATA), marker = send_user(end, END_MARKER);

	return !data.passed && !marker.passed && data.rule == XEIR_RULE_SESSION &&
	       marker.rule == XEIR_RULE_SESSION;
}

static bool stops(const struct pdn *p)
{
	return is_stopped(&p->user[0]) && is_stopped(&p->user[1]);
}

/* What two nodes signal to each other about TEIDs has no user's data in it. */
static bool signals(const struct f_teid *end)
{
	return send_user(end, XEIR_GTP_ECHO_REQUEST).passed &&
	       send_user(end, XEIR_GTP_ECHO_RESPONSE).passed &&
	       send_user(end, ERROR_INDICATION).passed;
}

static struct xeir_cutting commit(const struct pdn *p, __u8 kind, bool listed)
{
	const void *id = kind == XEIR_KIND_IMSI	  ? p->imsi :
			 kind == XEIR_KIND_MSISDN ? p->msisdn :
						    p->imei;

	if (listed)
		tables_list(kind, id, &drop);
	else
		tables_unlist(kind, id);
	return tables_sweep();
}

/* A request through the control F-TEID to @to, from the other side. */
static struct seen request(const struct pdn *p, int to, __u8 type)
{
	struct transaction x = transaction_of(2, p->control[!to].at, p->control[to].at);

	begin_message(&x, type, p->control[to].teid);
	add_octet_v2(73, 0, p->ebi);
	return send_request(&x);
}

static bool control_is_stopped(const struct pdn *p)
{
	const struct seen in = request(p, XEIR_RESPONDER, XEIR_GTPV2_MODIFY_BEARER);
	const struct seen out = request(p, XEIR_REQUESTER, XEIR_GTPV2_UPDATE_BEARER);

	return !in.passed && in.rule == XEIR_RULE_SESSION && !out.passed &&
	       out.rule == XEIR_RULE_SESSION;
}

static bool control_passes(const struct pdn *p)
{
	return request(p, XEIR_RESPONDER, XEIR_GTPV2_MODIFY_BEARER).passed &&
	       request(p, XEIR_REQUESTER, XEIR_GTPV2_UPDATE_BEARER).passed;
}

/* Listed as @kind and swept, then unlisted and swept. */
static void by_kind(__u8 kind, const char *name, __u8 n)
{
	struct transaction x = transaction_of(2, SGW, HOST);
	struct pdn p = pdn_of(n), other = pdn_of(n + 0x10);
	struct xeir_cutting swept;
	char text[128];

	set_up(&x, &p);
	set_up(&x, &other);
	snprintf(text, sizeof(text), "cut by %s: not before", name);
	point(flows(&p) && control_passes(&p), text);
	swept = commit(&p, kind, true);
	snprintf(text, sizeof(text), "cut by %s: nothing goes through either way", name);
	point(swept.cut == 1 && !swept.freed && stops(&p), text);
	snprintf(text, sizeof(text), "cut by %s: but what nodes signal to each other", name);
	point(signals(&p.user[0]) && signals(&p.user[1]), text);
	snprintf(text, sizeof(text), "cut by %s: its GTP-C is stopped", name);
	point(control_is_stopped(&p), text);
	snprintf(text, sizeof(text), "cut by %s: but for what deletes it", name);
	point(request(&p, XEIR_RESPONDER, XEIR_GTPV2_DELETE_SESSION).passed &&
		      request(&p, XEIR_REQUESTER, XEIR_GTPV2_DELETE_BEARER).passed,
	      text);
	snprintf(text, sizeof(text), "cut by %s: others go on", name);
	point(flows(&other) && control_passes(&other), text);
	swept = commit(&p, kind, false);
	snprintf(text, sizeof(text), "cut by %s: free once it is unlisted", name);
	point(!swept.cut && swept.freed == 1 && !swept.tunnels && flows(&p) && control_passes(&p),
	      text);
}

static bool add_bearer_to(const struct pdn *p, __u8 ebi, const struct f_teid user[2])
{
	const struct bearer_end both[2] = { { 2, user[0] }, { 3, user[1] } };
	struct transaction x = transaction_of(2, p->control[1].at, p->control[0].at);

	begin_message(&x, XEIR_GTPV2_CREATE_BEARER, p->control[0].teid);
	add_octet_v2(73, 0, p->ebi);
	add_bearer(0, 0, 0, NULL, 0);
	if (!send_request(&x).passed)
		return false;
	begin_message(&x, XEIR_GTPV2_CREATE_BEARER_RESPONSE, p->control[1].teid);
	add_cause_v2(ACCEPTED_V2);
	add_bearer(0, ebi, ACCEPTED_V2, both, COUNT(both));
	return send_response(&x).passed;
}

static void bearers(void)
{
	struct xeir_config config = XEIR_CONFIG_DEFAULT;
	struct transaction x = transaction_of(2, SGW, HOST);
	struct pdn p = pdn_of(0x86);
	const struct f_teid one[2] = { { 0x86103, SGW_U }, { 0x86104, HOST_U } };
	const struct f_teid two[2] = { { 0x86203, SGW_U }, { 0x86204, HOST_U } };

	p.user[0].at.ipv6 = 1;
	set_up(&x, &p);
	add_bearer_to(&p, 6, one);
	commit(&p, XEIR_KIND_IMEI, true);
	point(stops(&p) && is_stopped(&one[0]) && is_stopped(&one[1]),
	      "cut: a dedicated bearer likewise");
	point(is_stopped(&(struct f_teid){ p.user[0].teid, { 0, 1 } }),
	      "cut: and a second address of an end");
	config.enforce = XEIR_ENFORCE_PERMISSIVE;
	tables_configure(&config);
	point(flows(&p) && flows_to(&one[0]) && add_bearer_to(&p, 7, two),
	      "cut: nothing where what is listed is only watched");
	config.enforce = XEIR_ENFORCE_ON;
	tables_configure(&config);
	point(stops(&p) && is_stopped(&two[0]) && is_stopped(&two[1]),
	      "cut: but then a bearer that came meanwhile too");
	commit(&p, XEIR_KIND_IMEI, false);
	point(flows(&p) && flows_to(&one[1]) && flows_to(&two[0]), "cut: all of them are freed");
}

static __u64 cut_count(__u32 directive)
{
	__u64 n = 0;

	bpf_map_lookup_elem(tables_map("xeir_cut_counts"), &directive, &n);
	return n;
}

/* Each session once, when it is cut, under the directive of the entry that did. */
static void counts(void)
{
	const struct xeir_side by_77 = { .action = XEIR_ACTION_DROP, .directive = 77 };
	const struct xeir_side by_78 = { .action = XEIR_ACTION_REJECT, .directive = 78 };
	struct transaction x = transaction_of(2, SGW, HOST);
	struct pdn p = pdn_of(0x91), other = pdn_of(0x92);

	set_up(&x, &p);
	set_up(&x, &other);
	tables_list(XEIR_KIND_IMEI, p.imei, &by_77);
	tables_sweep();
	tables_sweep();
	point(cut_count(77) == 1, "cut: counted once, whatever is swept later");
	tables_list(XEIR_KIND_IMSI, other.imsi, &by_78);
	tables_sweep();
	point(cut_count(77) == 1 && cut_count(78) == 1,
	      "cut: counted under the directive of the entry that cut it");
	tables_list(XEIR_KIND_IMEI, p.imei, &by_78);
	tables_sweep();
	point(cut_count(78) == 1, "cut: not again when another directive lists it");
	tables_unlist(XEIR_KIND_IMEI, p.imei);
	tables_sweep();
	tables_list(XEIR_KIND_IMEI, p.imei, &by_78);
	tables_sweep();
	point(cut_count(77) == 1 && cut_count(78) == 2, "cut: again once it was free");
	tables_unlist(XEIR_KIND_IMEI, p.imei);
	tables_unlist(XEIR_KIND_IMSI, other.imsi);
	tables_sweep();
}

/* Between the commit and the end of its sweep, a response comes to a request that passed before. */
static void while_sweeping(void)
{
	for (__u8 version = 1; version <= 2; version++) {
		struct transaction x = transaction_of(version, SGW, HOST);
		struct pdn p = pdn_of(0x87 + version);
		const __u64 before = cut_count(drop.directive);

		create_request(&x, &p);
		send_request(&x);
		tables_list(XEIR_KIND_IMEI, p.imei, &drop);
		create_response(&x, &p, version == 2 ? ACCEPTED_V2 : ACCEPTED_V1);
		send_response(&x);
		point(is_up(&p) && stops(&p), "cut: a session granted after the commit, at once");
		point(cut_count(drop.directive) == before + 1, "cut: which is counted");
		point(commit(&p, XEIR_KIND_IMEI, true).cut == 1 && stops(&p),
		      "cut: and it stays so as it is swept");
		point(commit(&p, XEIR_KIND_IMEI, false).freed == 1 && flows(&p),
		      "cut: until it is unlisted");
	}
}

static void not_stopped(void)
{
	const struct xeir_side watch = { .action = XEIR_ACTION_WATCH, .directive = 1 };
	struct transaction x = transaction_of(2, SGW, HOST);
	struct pdn p = pdn_of(0x8a), sos = pdn_of(0x8b);
	__u8 exception[15];

	set_up(&x, &p);
	for (int i = 0; i < 15; i++)
		exception[i] = i < 7 ? p.imei[i] : p.imsi[i - 7];
	tables_list(XEIR_KIND_EXCEPTION, exception, &watch);
	point(!commit(&p, XEIR_KIND_IMEI, true).cut && flows(&p) && control_passes(&p),
	      "cut: never an exception");
	tables_unlist(XEIR_KIND_EXCEPTION, exception);
	point(tables_sweep().cut == 1 && stops(&p), "cut: but once it is none any more");
	tables_list(XEIR_KIND_IMEI, p.imei, &watch);
	point(!tables_sweep().cut && flows(&p) && control_passes(&p),
	      "cut: nor one that is to be watched");
	tables_unlist(XEIR_KIND_IMEI, p.imei);
	sos.apn = "\x03sos";
	tables_list(XEIR_KIND_IMEI, sos.imei, &drop);
	point(set_up(&x, &sos) && is_up(&sos) && flows(&sos),
	      "cut: an emergency session is set up although it is listed");
	point(!tables_sweep().cut && flows(&sos) && control_passes(&sos), "cut: and never ended");
	tables_unlist(XEIR_KIND_IMEI, sos.imei);
}

/* On S11, an emergency call of a handset whose other session is cut, through the same TEIDs. */
static void emergency_beside(void)
{
	const struct node mme = { 0x0a630005, 0 };
	struct transaction x = transaction_of(2, mme, HOST);
	struct pdn p = pdn_of(0x8c), sos = p;

	p.control[0].at = sos.control[0].at = mme;
	sos.ebi = 6;
	sos.apn = "\x03sos";
	sos.user[0].teid += 0x100;
	sos.user[1].teid += 0x100;
	set_up(&x, &p);
	commit(&p, XEIR_KIND_IMEI, true);
	point(stops(&p), "cut: a handset that has one session on S11");
	x.sequence++;
	create_request(&x, &sos);
	msg[7] = p.control[1].teid;
	msg[6] = p.control[1].teid >> 8;
	msg[5] = p.control[1].teid >> 16;
	point(send_request(&x).passed, "cut: an emergency call of that handset is requested");
	create_response(&x, &sos, ACCEPTED_V2);
	point(send_response(&x).passed && flows(&sos), "cut: is granted, and its packets pass");
	point(stops(&p) && tables_sweep().cut == 1 && stops(&p) && flows(&sos),
	      "cut: while the other session stays cut");
	point(control_passes(&sos), "cut: and what moves the call passes");
	point(request(&sos, XEIR_RESPONDER, XEIR_GTPV2_DELETE_SESSION).passed,
	      "cut: and what ends it");
	commit(&p, XEIR_KIND_IMEI, false);
}

static bool is_cut_for(const struct pdn *p, int seconds)
{
	const struct xeir_side side = { .action = XEIR_ACTION_DROP,
					.directive = 1,
					.expiry = time(NULL) + seconds };

	tables_list(XEIR_KIND_IMEI, p->imei, &side);
	tables_sweep();
	return stops(p) && control_is_stopped(p);
}

/* As soon as this machine can see it stopped before. */
static void ends_in_time(void)
{
	struct transaction x = transaction_of(2, SGW, HOST);
	const struct timespec tick = { 0, 50000000 };
	struct pdn p = pdn_of(0x8d);
	int seconds = 1, ticks = 0;

	set_up(&x, &p);
	while (!is_cut_for(&p, seconds) && seconds < 64)
		seconds *= 2;
	point(seconds < 64, "cut: until an entry ends");
	while (!flows(&p) && ticks++ < (seconds + 10) * 20)
		nanosleep(&tick, NULL);
	point(flows(&p) && control_passes(&p), "cut: when it has, all passes without a sweep");
	point(tables_sweep().freed == 1 && flows(&p), "cut: which finds it free");
	tables_unlist(XEIR_KIND_IMEI, p.imei);
}

/* The set-up had no IMEI; a later message has. */
static void later_imei(__u8 version)
{
	struct transaction x = transaction_of(version, SGW, HOST);
	struct pdn p = pdn_of(0x8e + version), known = p;

	p.imei = NULL;
	point(set_up(&x, &p) && is_up(&p) && !commit(&known, XEIR_KIND_IMEI, true).cut && flows(&p),
	      "cut: not while its IMEI is not known");
	commit(&known, XEIR_KIND_IMEI, false);
	x.sequence++;
	begin_message(&x, version == 2 ? XEIR_GTPV2_MODIFY_BEARER : XEIR_GTPV1_UPDATE_PDP,
		      p.control[1].teid);
	if (version == 2) {
		msg_add_v2(75, 0, known.imei, 8);
	} else {
		add_octet_v1(20, 5);
		add_ends_v1(&p.control[0], &p.user[0]);
		msg_add_v1(154, known.imei, 8);
	}
	do_simple(&x,
		  version == 2 ? XEIR_GTPV2_MODIFY_BEARER_RESPONSE : XEIR_GTPV1_UPDATE_PDP_RESPONSE,
		  p.control[0].teid, version == 2 ? ACCEPTED_V2 : ACCEPTED_V1);
	point(is_up(&known), "cut: an IMEI that comes later is the session's");
	point(commit(&known, XEIR_KIND_IMEI, true).cut == 1 && stops(&p),
	      "cut: which is judged by it");
	commit(&known, XEIR_KIND_IMEI, false);
}

void test_cut(void)
{
	point(!tables_sweep().cut, "cut: nothing is listed");
	by_kind(XEIR_KIND_IMEI, "IMEI", 0x81);
	by_kind(XEIR_KIND_TAC, "TAC", 0x82);
	by_kind(XEIR_KIND_IMSI, "IMSI", 0x83);
	by_kind(XEIR_KIND_MSISDN, "MSISDN", 0x84);
	bearers();
	counts();
	while_sweeping();
	not_stopped();
	emergency_beside();
	ends_in_time();
	later_imei(1);
	later_imei(2);
}
