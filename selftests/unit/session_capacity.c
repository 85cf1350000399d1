// SPDX-License-Identifier: GPL-2.0-only
/* Tables that are full: what is known stays, what is not is counted, and what passes passes. */
#include "unit/session_test.h"

#include <string.h>

#include <bpf/bpf.h>
#include <xeir/messages.h>

#define SESSIONS 16

static void full(void)
{
	struct transaction x = transaction_of(2, SGW, HOST);
	struct pdn all[SESSIONS], more = pdn_of(0xb1), last = pdn_of(0xb2);
	bool passed = true, kept = true;

	for (int i = 0; i < SESSIONS; i++) {
		all[i] = pdn_of(0xc0 + i);
		passed &= set_up(&x, &all[i]);
	}
	point(passed && tables_tally(XEIR_TALLY_STARTED) == SESSIONS &&
		      !tables_tally(XEIR_TALLY_FULL),
	      "full: as many sessions as the capacity");
	point(set_up(&x, &more) && !is_up(&more) && has_no_bindings(&more) &&
		      tables_tally(XEIR_TALLY_STARTED) == SESSIONS &&
		      tables_tally(XEIR_TALLY_FULL) == 1,
	      "full: one more passes, is counted, and is not known");
	for (int i = 0; i < SESSIONS; i++)
		kept &= is_up(&all[i]) && has_all_bindings(&all[i]);
	point(kept, "full: the others stay as they were");
	tables_list(XEIR_KIND_IMEI, more.imei, &drop);
	tables_list(XEIR_KIND_IMEI, all[0].imei, &drop);
	point(tables_sweep().cut == 1 && !flows_to(&all[0].user[1]) && flows_to(&all[1].user[1]) &&
		      flows_to(&more.user[1]) && !set_up(&x, &more),
	      "full: listed ones are cut, and are not set up");
	begin_message(&x, XEIR_GTPV2_DELETE_SESSION, all[2].control[1].teid);
	add_octet_v2(73, 0, 5);
	do_simple(&x, XEIR_GTPV2_DELETE_SESSION_RESPONSE, all[2].control[0].teid, ACCEPTED_V2);
	point(set_up(&x, &last) && is_up(&last) && has_all_bindings(&last),
	      "full: where one ends another fits");
}

/* The capacity for bearers is twice that for sessions. */
static void bearers(void)
{
	const struct pdn p = pdn_of(0xc1);
	const __u64 before = tables_tally(XEIR_TALLY_FULL);
	struct xeir_bearer b;
	bool passed = true;
	int have = 0;

	for (__u8 ebi = 6; ebi < 16; ebi++)
		for (int i = 1; i < 4; i += 2) {
			const struct pdn to = pdn_of(0xc0 + i);
			const struct f_teid end = { 0x990000 + 16 * i + ebi, HOST_U };
			const struct bearer_end pgw = { 3, end };
			struct transaction x = transaction_of(2, HOST, SGW);

			begin_message(&x, XEIR_GTPV2_CREATE_BEARER, to.control[0].teid);
			add_octet_v2(73, 0, 5);
			add_bearer(0, 0, 0, NULL, 0);
			passed &= send_request(&x).passed;
			begin_message(&x, XEIR_GTPV2_CREATE_BEARER_RESPONSE, to.control[1].teid);
			add_cause_v2(ACCEPTED_V2);
			add_bearer(0, ebi, ACCEPTED_V2, &pgw, 1);
			passed &= send_response(&x).passed;
			have += tables_bearer(&to.control[1], 5, ebi, &b);
		}
	point(passed && have == SESSIONS && tables_tally(XEIR_TALLY_FULL) == before + 20 - SESSIONS,
	      "full: bearers that do not fit are counted");
	point(is_up(&p) && has_all_bindings(&p), "full: and their sessions stay");
}

/* Number @n of many, whose every field says so. */
static struct pdn numbered(__u32 n)
{
	static char imsi[9] = "\x04\x04\x01\x11\x11\x11\x11\xf1";
	struct pdn p = pdn_of(1);

	for (int i = 3; i < 7; i++)
		imsi[i] = 0x11 + (n >> (3 * (i - 3)) & 7);
	p.imsi = imsi;
	for (int side = 0; side < XEIR_SIDES; side++) {
		p.control[side].teid = 0x1000000 * (side + 1) + n;
		p.user[side].teid = 0x1000000 * (side + 3) + n;
	}
	return p;
}

static void send_one(const struct transaction *x, bool asks)
{
	const struct node *from = asks ? &x->requester : &x->responder;
	const struct node *to = asks ? &x->responder : &x->requester;
	unsigned char frame[512];

	msg_set_length();
	tables_passes(!asks, frame,
		      frame_message(from, asks ? PORT : 2123, to, asks ? 2123 : PORT, frame));
}

/* Sessions in the table that are what one of numbered() has; all others are counted too. */
static unsigned int count_right(unsigned int *all)
{
	const int map = tables_map("xeir_sessions");
	struct xeir_session_key key, *before = NULL;
	unsigned int right = 0;
	struct xeir_session s;

	for (*all = 0; !bpf_map_get_next_key(map, before, &key); before = &key, ++*all) {
		const struct pdn p = numbered(key.teid & 0xffffff);

		bpf_map_lookup_elem(map, &key, &s);
		right += is_up(&p) && has_all_bindings(&p) && !memcmp(s.subscriber.imsi, p.imsi, 8);
	}
	return right;
}

/* More requests than are kept, before the first of them has its response. */
static void pressure(void)
{
	const __u32 requests = XEIR_PENDING_ENTRIES + 4096;
	struct transaction x = transaction_of(2, SGW, HOST);
	unsigned int all, right;

	for (x.sequence = 0; x.sequence < requests; x.sequence++) {
		const struct pdn p = numbered(x.sequence);

		create_request(&x, &p);
		send_one(&x, true);
	}
	for (x.sequence = 0; x.sequence < requests; x.sequence++) {
		const struct pdn p = numbered(x.sequence);

		create_response(&x, &p, ACCEPTED_V2);
		send_one(&x, false);
	}
	right = count_right(&all);
	point(right == all && all == tables_tally(XEIR_TALLY_STARTED) &&
		      tables_tally(XEIR_TALLY_STARTED) + tables_tally(XEIR_TALLY_UNSOLICITED) ==
			      requests,
	      "pressure: every response makes its session or, if its request was evicted, none");
	point(all > requests / 2 && all < requests, "pressure: most are known");
}

void test_capacity(void)
{
	const char *why;

	tables_close();
	if (!point(tables_open(&(struct capacity){ TABLES_ROOM, .sessions = SESSIONS }, &why),
		   "full: tables with a capacity of 16 sessions"))
		return;
	full();
	bearers();
	tables_close();
	if (!point(tables_open(
			   &(struct capacity){ TABLES_ROOM, .sessions = 2 * XEIR_PENDING_ENTRIES },
			   &why),
		   "pressure: large tables"))
		return;
	pressure();
}
