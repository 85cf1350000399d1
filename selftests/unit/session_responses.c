// SPDX-License-Identifier: GPL-2.0-only
/* Responses that are none: whatever they say, nothing is tracked by them. */
#include "unit/session_test.h"

#include <stdio.h>

#include <bpf/bpf.h>
#include <xeir/messages.h>

/* A response to the set-up of a session that nobody may believe, and how it is counted. */
struct deceit {
	const char *what;
	void (*spoil)(struct transaction *x);
	__u8 cause;
	__u32 teid_off; /* from the TEID that the request gave */
	int tally; /* enum xeir_tally, -1: none */
};

static void from_another_address(struct transaction *x)
{
	x->responder.ipv4 = 0x0a630006;
}

static void to_another_address(struct transaction *x)
{
	x->requester.ipv4++;
}

static void to_another_port(struct transaction *x)
{
	x->port++;
}

static void with_another_sequence(struct transaction *x)
{
	x->sequence++;
}

/* Make the last request 60 s old. */
static void late(struct transaction *x)
{
	const int map = tables_map("xeir_pending");
	struct xeir_transaction_key key = {}, *before = NULL;
	struct xeir_transaction transaction;

	for (; !bpf_map_get_next_key(map, before, &key); before = &key) {
		if (key.sequence != x->sequence || bpf_map_lookup_elem(map, &key, &transaction))
			continue;
		transaction.time_ns -= XEIR_PENDING_NS;
		bpf_map_update_elem(map, &key, &transaction, BPF_EXIST);
	}
}

static const struct deceit deceits[] = {
	{ "a refusal", .cause = 1, .tally = -1 },
	{ "a response from another address", from_another_address,
	  .tally = XEIR_TALLY_UNSOLICITED },
	{ "a response to another address", to_another_address, .tally = XEIR_TALLY_UNSOLICITED },
	{ "a response to another port", to_another_port, .tally = XEIR_TALLY_UNSOLICITED },
	{ "a response with another sequence number", with_another_sequence,
	  .tally = XEIR_TALLY_UNSOLICITED },
	{ "a response to another TEID", .teid_off = 1, .tally = XEIR_TALLY_UNSOLICITED },
	{ "a response to no TEID", .teid_off = -1, .tally = XEIR_TALLY_UNSOLICITED },
	{ "a response after a minute", late, .tally = XEIR_TALLY_UNSOLICITED },
};

/* A response from another source port than the request was sent to. */
static void from_another_port(__u8 version)
{
	struct transaction x = transaction_of(version, SGW, HOST);
	struct pdn p = pdn_of(0x41);
	const __u64 before = tables_tally(XEIR_TALLY_UNSOLICITED);

	x.port = 2123;
	create_request(&x, &p);
	send_request(&x);
	create_response(&x, &p, version == 2 ? ACCEPTED_V2 : ACCEPTED_V1);
	msg_set_length();
	send_message(&HOST, 40000, &SGW, 2123);
	point(!is_up(&p) && has_no_bindings(&p) &&
		      tables_tally(XEIR_TALLY_UNSOLICITED) == before + 1,
	      "a response from another port: nothing is tracked, it is counted");
	send_message(&HOST, 40000, &SGW, 40001);
	point(!is_up(&p) && has_no_bindings(&p) &&
		      tables_tally(XEIR_TALLY_UNSOLICITED) == before + 1,
	      "one between two ports that are not of GTP-C is none");
}

static void deceive(const struct deceit *d, __u8 version)
{
	const __u8 accepted = version == 2 ? ACCEPTED_V2 : ACCEPTED_V1;
	struct transaction x = transaction_of(version, SGW, HOST), spoilt = x;
	struct pdn p = pdn_of(0x42), named = p;
	const __u64 before = d->tally < 0 ? 0 : tables_tally(d->tally);
	char what[128];

	create_request(&x, &p);
	send_request(&x);
	if (d->spoil)
		d->spoil(&spoilt);
	if (d->teid_off)
		named.control[0].teid = d->teid_off == 1 ? p.control[0].teid + 1 : 0;
	create_response(&spoilt, &named, d->cause ? (version == 2 ? 93 : 204) : accepted);
	send_response(&spoilt);
	snprintf(what, sizeof(what), "GTPv%d: %s: no session", version, d->what);
	point(!is_up(&p) && has_no_bindings(&p), what);
	if (d->tally < 0)
		return;
	snprintf(what, sizeof(what), "GTPv%d: %s: is counted", version, d->what);
	point(tables_tally(d->tally) == before + 1, what);
	if (d->spoil == late)
		return;
	create_response(&x, &p, accepted);
	send_response(&x);
	snprintf(what, sizeof(what), "GTPv%d: %s: does not keep the right one out", version,
		 d->what);
	point(is_up(&p) && has_all_bindings(&p), what);
	begin_message(&x, version == 2 ? XEIR_GTPV2_DELETE_SESSION : XEIR_GTPV1_DELETE_PDP,
		      p.control[1].teid);
	if (version == 1)
		add_octet_v1(19, 0xff);
	do_simple(&x,
		  version == 2 ? XEIR_GTPV2_DELETE_SESSION_RESPONSE :
				 XEIR_GTPV1_DELETE_PDP_RESPONSE,
		  p.control[0].teid, accepted);
}

static void to_nothing(void)
{
	struct transaction x = transaction_of(2, SGW, HOST);
	struct pdn p = pdn_of(0x43);
	const __u64 before = tables_tally(XEIR_TALLY_UNSOLICITED);

	create_response(&x, &p, ACCEPTED_V2);
	point(send_response(&x).passed && !is_up(&p) && has_no_bindings(&p) &&
		      tables_tally(XEIR_TALLY_UNSOLICITED) == before + 1,
	      "a response without a request: passes, is counted, makes no session");
	begin_message(&x, XEIR_GTPV2_DELETE_SESSION, 0x43002);
	send_request(&x);
	create_response(&x, &p, ACCEPTED_V2);
	send_response(&x);
	point(!is_up(&p) && has_no_bindings(&p) &&
		      tables_tally(XEIR_TALLY_UNSOLICITED) == before + 2,
	      "so is one to another request");
}

static void repeated(void)
{
	struct transaction x = transaction_of(2, SGW, HOST);
	struct pdn p = pdn_of(0x44), other = pdn_of(0x45);
	const __u64 started = tables_tally(XEIR_TALLY_STARTED);
	const __u64 before = tables_tally(XEIR_TALLY_RETRANSMITTED);
	struct xeir_session first = {}, again = {};

	create_request(&x, &p);
	send_request(&x);
	create_response(&x, &p, ACCEPTED_V2);
	send_response(&x);
	tables_session(&p.control[1], 5, &first);
	other.control[0] = p.control[0];
	create_response(&x, &other, ACCEPTED_V2);
	send_response(&x);
	point(is_up(&p) && has_all_bindings(&p) &&
		      is_unbound(&other.control[1], XEIR_PLANE_CONTROL) &&
		      tables_tally(XEIR_TALLY_RETRANSMITTED) == before + 1,
	      "a second response, with other contents: is counted, changes nothing");
	create_request(&x, &p);
	send_request(&x);
	create_response(&x, &p, ACCEPTED_V2);
	point(send_response(&x).passed && is_up(&p) && has_all_bindings(&p) &&
		      tables_session(&p.control[1], 5, &again) &&
		      again.started_ns == first.started_ns &&
		      tables_tally(XEIR_TALLY_STARTED) == started + 1,
	      "both again: the session is the same");
}

/* A bearer of @p, from the core, in messages that name no handset. */
static void ask_for_bearer(const struct transaction *x, const struct pdn *p)
{
	begin_message(x, XEIR_GTPV2_CREATE_BEARER, p->control[0].teid);
	add_octet_v2(73, 0, p->ebi);
	add_bearer(0, 0, 0, &(struct bearer_end){ 1, { 0x46104, HOST_U } }, 1);
	send_request(x);
}

static void grant_bearer(const struct transaction *x, const struct pdn *p)
{
	const struct bearer_end both[] = { { 2, { 0x46103, SGW_U } }, { 3, { 0x46104, HOST_U } } };

	begin_message(x, XEIR_GTPV2_CREATE_BEARER_RESPONSE, p->control[1].teid);
	add_cause_v2(ACCEPTED_V2);
	add_bearer(0, 6, ACCEPTED_V2, both, COUNT(both));
	send_response(x);
}

/* What a CPU has read of one handset's message is not in the next one, of another's. */
static void without_identities(void)
{
	struct transaction x = transaction_of(2, SGW, HOST), y = transaction_of(2, HOST, SGW);
	const __u64 before = tables_tally(XEIR_TALLY_RETRANSMITTED);
	struct pdn p = pdn_of(0x46), other = pdn_of(0x47), third = pdn_of(0x48);

	p.imei = NULL;
	set_up(&x, &p);
	set_up(&x, &other);
	ask_for_bearer(&y, &p);
	grant_bearer(&y, &p);
	point(is_up(&p) && is_bound_to(&p.control[1], &(struct f_teid){ 0x46104, HOST_U },
				       XEIR_PLANE_USER),
	      "a request that names no handset brings a session no other's IMEI");
	set_up(&x, &third);
	ask_for_bearer(&y, &p);
	grant_bearer(&y, &p);
	point(tables_tally(XEIR_TALLY_RETRANSMITTED) == before + 1,
	      "it is the same one when it comes again behind another's message");
}

void test_responses(void)
{
	for (__u8 version = 1; version <= 2; version++) {
		for (size_t i = 0; i < COUNT(deceits); i++)
			deceive(&deceits[i], version);
		from_another_port(version);
	}
	to_nothing();
	repeated();
	without_identities();
}
