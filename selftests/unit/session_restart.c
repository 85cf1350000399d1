// SPDX-License-Identifier: GPL-2.0-only
/* A peer that counts another start knows none of its sessions any more, TS 23.007 cl. 18. */
#include "unit/session_test.h"

#include <xeir/messages.h>

#define PEER ((struct node){ 0x0a630007, 0 })

/* Echo from @from, whose own count is @asks; that of the other is @responds. 0: absent. */
static void echo(__u8 version, struct node from, struct node to, __u8 asks, __u8 responds,
		 bool answered)
{
	struct transaction x = transaction_of(version, from, to);

	begin_message(&x, XEIR_GTP_ECHO_REQUEST, 0);
	if (asks && version == 2)
		add_octet_v2(3, 0, asks);
	send_request(&x);
	if (!answered)
		return;
	begin_message(&x, XEIR_GTP_ECHO_RESPONSE, 0);
	if (responds && version == 2)
		add_octet_v2(3, 0, responds);
	else if (responds)
		add_octet_v1(14, responds);
	send_response(&x);
}

static struct pdn peer_pdn(__u8 n, __u8 recovery)
{
	struct pdn p = pdn_of(n);

	p.control[0].at = PEER;
	p.recovery[0] = recovery;
	return p;
}

static __u32 sweep_ends(void)
{
	return tables_sweep().ended;
}

/* Is a Modify Bearer of @p, which is listed, judged by whose session it is? */
static bool is_judged(const struct pdn *p)
{
	struct transaction x = transaction_of(2, p->control[0].at, HOST);
	bool passed;

	tables_list(XEIR_KIND_IMEI, p->imei, &drop);
	begin_message(&x, XEIR_GTPV2_MODIFY_BEARER, p->control[1].teid);
	add_bearer(0, 5, 0, NULL, 0);
	passed = send_request(&x).passed;
	tables_unlist(XEIR_KIND_IMEI, p->imei);
	return !passed;
}

static void by_echo(void)
{
	const __u64 before = tables_tally(XEIR_TALLY_RESTARTS);
	struct transaction x = transaction_of(2, PEER, HOST);
	struct pdn old = peer_pdn(0x71, 7), new = peer_pdn(0x72, 0);

	set_up(&x, &old);
	echo(2, HOST, PEER, 0, 7, true);
	point(is_judged(&old) && !sweep_ends() && is_up(&old),
	      "restart: not as long as the counter stays");
	echo(2, PEER, HOST, 8, 0, true);
	point(is_judged(&old) && !sweep_ends() && is_up(&old),
	      "restart: nor by an Echo Request, which anybody may send for the peer");
	echo(2, HOST, PEER, 0, 8, true);
	point(tables_tally(XEIR_TALLY_RESTARTS) == before + 1 && !is_judged(&old),
	      "restart: reported by Echo, the peer's sessions are over");
	set_up(&x, &new);
	point(sweep_ends() == 1 && !is_up(&old) && has_no_bindings(&old) && is_up(&new) &&
		      has_all_bindings(&new) && is_judged(&new),
	      "restart: which are swept, and later ones live");
	echo(1, PEER, HOST, 0, 0, true);
	echo(1, HOST, PEER, 0, 99, true);
	point(!sweep_ends() && is_up(&new), "restart: GTPv1 has a counter of its own");
	echo(2, HOST, PEER, 0, 9, true);
	point(sweep_ends() == 1 && !is_up(&new),
	      "restart: reported by the response to an Echo likewise");
}

static void by_set_up(void)
{
	struct transaction x = transaction_of(2, PEER, HOST);
	struct pdn old = peer_pdn(0x73, 9), new = peer_pdn(0x74, 10);

	point(set_up(&x, &old) && set_up(&x, &new) && sweep_ends() == 1 && !is_up(&old) &&
		      has_no_bindings(&old) && is_up(&new),
	      "restart: reported by a set-up, that session lives");
	old = peer_pdn(0x75, 9);
	point(set_up(&x, &old) && !sweep_ends() && is_up(&new) && is_up(&old),
	      "restart: a lower counter is a message that was overtaken");
	old = peer_pdn(0x76, 120);
	set_up(&x, &old);
	new = peer_pdn(0x76, 240);
	set_up(&x, &new);
	old = peer_pdn(0x77, 2);
	sweep_ends();
	point(set_up(&x, &old) && sweep_ends() == 1 && !is_up(&new) && is_up(&old),
	      "restart: which counts on from 255 to 0");
}

/* The host's peer responds. */
static void by_responder(void)
{
	struct transaction x = transaction_of(1, HOST, PEER);
	struct pdn old = pdn_of(0x78), new = pdn_of(0x79);

	old.control[0].at = new.control[0].at = HOST;
	old.control[1].at = new.control[1].at = PEER;
	old.recovery[1] = 99;
	new.recovery[1] = 100;
	point(set_up(&x, &old) && !sweep_ends() && is_up(&old), "restart: none of the responder");
	point(set_up(&x, &new) && sweep_ends() == 1 && !is_up(&old) && is_up(&new),
	      "restart: one of the responder, reported by its response");
}

void test_restart(void)
{
	by_echo();
	by_set_up();
	by_responder();
}
