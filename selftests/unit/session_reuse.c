// SPDX-License-Identifier: GPL-2.0-only
/*
 * TEIDs that are allocated again, while the end of what had them before was not seen. The handset
 * before is listed and cut; the one after is not.
 */
#include "unit/session_test.h"

#include <stdio.h>
#include <string.h>

#include <xeir/messages.h>

static bool is_stopped(const struct pdn *p)
{
	return !flows_to(&p->user[0]) && !flows_to(&p->user[1]);
}

/* The end of @p, whose TEIDs may be another's by now, is seen at last. */
static void end(__u8 version, const struct pdn *p)
{
	struct transaction x = transaction_of(version, SGW, HOST);

	begin_message(&x, version == 2 ? XEIR_GTPV2_DELETE_SESSION : XEIR_GTPV1_DELETE_PDP,
		      p->control[1].teid);
	if (version == 1)
		add_octet_v1(19, 0xff);
	do_simple(&x,
		  version == 2 ? XEIR_GTPV2_DELETE_SESSION_RESPONSE :
				 XEIR_GTPV1_DELETE_PDP_RESPONSE,
		  p->control[0].teid, version == 2 ? ACCEPTED_V2 : ACCEPTED_V1);
}

/* @before is cut, then @after is set up with what it has of @before's. */
static void reuse(const char *what, __u8 version, const struct pdn *before, const struct pdn *after,
		  bool ends_it)
{
	struct transaction x = transaction_of(version, SGW, HOST);
	struct xeir_session s;
	char text[128];

	set_up(&x, before);
	list_handset(before);
	snprintf(text, sizeof(text), "GTPv%d: %s: the session before is cut", version, what);
	point(is_stopped(before) && has_all_bindings(before), text);
	snprintf(text, sizeof(text), "GTPv%d: %s: a new one is set up", version, what);
	point(set_up(&x, after) && is_up(after) && has_all_bindings(after), text);
	snprintf(text, sizeof(text), "GTPv%d: %s: and is not cut", version, what);
	point(flows(after), text);
	tables_sweep();
	snprintf(text, sizeof(text), "GTPv%d: %s: nor by the next sweep", version, what);
	point(flows(after) && has_all_bindings(after), text);
	snprintf(text, sizeof(text), "GTPv%d: %s: and the one before is %s", version, what,
		 ends_it ? "over" : "known still");
	point(tables_session(&before->control[1], before->ebi, &s) != ends_it, text);
	unlist_handset(before);
	snprintf(text, sizeof(text), "GTPv%d: %s: nor when the one before is free", version, what);
	point(flows(after) && has_all_bindings(after) && tables_sweep().freed == 0, text);
	if (ends_it || before->control[1].teid == after->control[1].teid)
		return;
	end(version, before);
	snprintf(text, sizeof(text), "GTPv%d: %s: and stays its own as that ends", version, what);
	point(!tables_session(&before->control[1], before->ebi, &s) && is_up(after) &&
		      has_all_bindings(after),
	      text);
}

static void reuse_each(__u8 version, __u8 n)
{
	struct pdn before = pdn_of(n), after = pdn_of(n + 1);

	after.control[0] = before.control[0];
	reuse("the requester's TEID", version, &before, &after, false);

	before = pdn_of(n + 2), after = pdn_of(n + 3);
	after.user[0] = before.user[0];
	after.user[1] = before.user[1];
	reuse("the user TEIDs", version, &before, &after, false);

	before = pdn_of(n + 4), after = pdn_of(n + 5);
	after.control[1] = before.control[1];
	after.ebi = 6;
	reuse("the responder's TEID", version, &before, &after, true);

	before = pdn_of(n + 6), after = pdn_of(n + 7);
	memcpy(after.control, before.control, sizeof(after.control));
	memcpy(after.user, before.user, sizeof(after.user));
	reuse("all TEIDs", version, &before, &after, false);
	point(is_up(&after) && !is_up(&before), "all TEIDs: the session is the new one's");
}

/* A message of the session of @p, towards whoever gave it. */
static bool is_heard(__u8 version, const struct pdn *p)
{
	struct transaction x = transaction_of(version, SGW, HOST);

	begin_message(&x, version == 2 ? XEIR_GTPV2_MODIFY_BEARER : XEIR_GTPV1_UPDATE_PDP,
		      p->control[1].teid);
	return send_request(&x).passed;
}

/*
 * A GGSN that is a PGW as well may allocate one TEID twice. The session of @version is listed; its
 * requester gives a user-plane TEID of it to the other.
 */
static void share(__u8 version, __u8 n)
{
	const __u8 other = 3 - version;
	struct transaction x = transaction_of(version, SGW, HOST),
			   y = transaction_of(other, SGW, HOST);
	struct pdn listed = pdn_of(n), lawful = pdn_of(n + 1);
	char text[128];

	memcpy(lawful.control, listed.control, sizeof(lawful.control));
	lawful.user[0] = listed.user[0];
	set_up(&x, &listed);
	set_up(&y, &lawful);
	list_handset(&listed);
	snprintf(text, sizeof(text), "GTPv%d: a TEID that GTPv%d has too: its session is cut",
		 version, other);
	point(!flows_to(&listed.user[1]) && !is_heard(version, &listed), text);
	snprintf(text, sizeof(text), "GTPv%d: a TEID that GTPv%d has too: the other is not",
		 version, other);
	point(flows(&lawful) && is_heard(other, &lawful), text);
	end(version, &listed);
	snprintf(text, sizeof(text), "GTPv%d: a TEID that GTPv%d has too: nor does it end with it",
		 version, other);
	point(is_up(&lawful) && has_all_bindings(&lawful) &&
		      is_unbound(&listed.user[1], XEIR_PLANE_USER),
	      text);
	end(other, &lawful);
	snprintf(text, sizeof(text), "GTPv%d: a TEID that GTPv%d has too: but by itself", version,
		 other);
	point(has_no_bindings(&lawful), text);
	unlist_handset(&listed);
}

void test_reuse(void)
{
	reuse_each(1, 0x50);
	reuse_each(2, 0x60);
	share(1, 0x58);
	share(2, 0x5a);
}
