// SPDX-License-Identifier: GPL-2.0-only
/*
 * Eight slots: 0 and 1 are two sessions of one handset that share their control F-TEIDs, 3 and 4
 * have TEIDs that others name, 5 has a requester that restarts, 6 is an emergency session, and 4
 * and 7 are of GTPv1.
 */
#include "unit/two_cpus.h"

#include <stdint.h>

#include <xeir/messages.h>
#include <xeir/ports.h>

#include "lib/invariants.h"
#include "lib/many_sessions.h"

#define HOST ((struct node){ 0x0a630002, 0 })
#define SGW ((struct node){ 0x0a630001, 0 })
#define SGW2 ((struct node){ 0x0a630003, 0 })
#define HOST_U ((struct node){ 0x0a620002, 0 })
#define SGW_U ((struct node){ 0x0a620001, 0 })

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

#define PORT 40364
#define DATA_PDU 255
#define NO_RESOURCES 73
#define DEDICATED(ebi) ((ebi) + 1)

/* A message, ready to be sent; 0 octets: there is none. */
struct frame {
	unsigned char octets[1024];
	size_t len;
	bool egress;
};

unsigned int random_below(struct random *r, unsigned int n)
{
	r->state ^= r->state << 13;
	r->state ^= r->state >> 7;
	r->state ^= r->state << 17;
	return (r->state >> 20) % n;
}

/* As often as they stand here. */
static const enum kind changing[] = { CREATE,	  CREATE,  CREATE,     CREATE,	   MODIFY,
				      MODIFY,	  THEFT,   THEFT,      RELEASE,	   DELETE,
				      DATA,	  DATA,	   ADD_BEARER, ADD_BEARER, DROP_BEARER,
				      UNANSWERED, REFUSED, UNSOLICITED };
static const enum kind not_changing[] = { DATA, UNANSWERED, REFUSED, UNSOLICITED };

struct event event_random(struct random *r, bool changes)
{
	struct event e = {
		.slot = random_below(r, SLOTS),
		.variant = random_below(r, 2),
		.victim = random_below(r, 2),
		.delay = random_below(r, 4) * random_below(r, 2000),
	};

	e.kind = changes ? changing[random_below(r, COUNT(changing))] :
			   not_changing[random_below(r, COUNT(not_changing))];
	return e;
}

static unsigned int handset_of(unsigned int slot)
{
	return slot == 1 ? 0 : slot;
}

static __u8 version_of(unsigned int slot)
{
	return slot == 4 || slot == 7 ? 1 : 2;
}

/* The F-TEIDs of the requester are another with each variant, and so is the user-plane one. */
static struct pdn pdn_of_slot(unsigned int slot, unsigned int variant, unsigned char id[9])
{
	const __u32 control = 0x1000 * (handset_of(slot) + 1), user = 0x1000 * (slot + 1) + 0x100;
	const __u32 shared = slot < 2 ? INVARIANTS_CONTESTED : 0;
	const __u32 stolen = slot == 3 || slot == 4 ? INVARIANTS_CONTESTED : 0;

	many_sessions_digits(handset_of(slot), id);
	return (struct pdn){
		.imei = (const char *)id,
		.imsi = (const char *)id,
		.msisdn = (const char *)id,
		.apn = slot == 6 ? "\x03sos" : NULL,
		.control = { { control + 0x10 * (variant + 1), slot == 5 ? SGW2 : SGW },
			     { control + 1, HOST } },
		.user = { { shared + user + 0x10 * variant, SGW_U },
			  { stolen + user + 0x10 * variant + 1, HOST_U } },
		.ebi = slot == 1 ? 7 : 5,
	};
}

static struct pdn pdn_of_event(const struct event *e, unsigned char id[9])
{
	struct pdn p = pdn_of_slot(e->slot, e->variant, id);

	/* another start every now and then */
	if (e->slot == 5)
		p.recovery[XEIR_REQUESTER] = e->sequence >> 7;
	return p;
}

static bool is_from_core(const struct event *e)
{
	return version_of(e->slot) == 2 && (e->kind == ADD_BEARER || e->kind == DROP_BEARER);
}

static struct transaction transaction_of(const struct event *e, const struct pdn *p)
{
	const bool core = is_from_core(e);

	return (struct transaction){
		.requester = p->control[core].at,
		.responder = p->control[!core].at,
		.port = PORT,
		.sequence = e->sequence,
		.version = version_of(e->slot),
	};
}

/* The user-plane ends of a dedicated bearer are new ones each time. */
static struct f_teid dedicated(const struct event *e, const struct pdn *p, int side)
{
	return (struct f_teid){ 0x01000000 + 2 * e->sequence + side, p->user[side].at };
}

/* What a Modify names as the access end. Nobody is their own victim. */
static struct f_teid access_of(const struct event *e, const struct pdn *p)
{
	const unsigned int victim = e->slot == 3 || (e->slot != 4 && e->victim) ? 4 : 3;
	unsigned char id[9];

	return e->kind == THEFT ? pdn_of_slot(victim, e->variant, id).user[XEIR_RESPONDER] :
				  p->user[XEIR_REQUESTER];
}

static void request_v2(const struct event *e, const struct transaction *x, const struct pdn *p)
{
	const struct bearer_end access = { 1, access_of(e, p) };
	const struct bearer_end anchor = { 1, dedicated(e, p, XEIR_RESPONDER) };

	switch (e->kind) {
	case MODIFY:
	case THEFT:
		begin_message(x, XEIR_GTPV2_MODIFY_BEARER, p->control[1].teid);
		add_f_teid(0, &p->control[0]);
		add_bearer(0, p->ebi, 0, &access, 1);
		break;
	case ADD_BEARER:
		begin_message(x, XEIR_GTPV2_CREATE_BEARER, p->control[0].teid);
		add_octet_v2(73, 0, p->ebi);
		add_bearer(0, 0, 0, &anchor, 1);
		break;
	case DROP_BEARER:
		begin_message(x, XEIR_GTPV2_DELETE_BEARER, p->control[0].teid);
		add_octet_v2(73, 1, DEDICATED(p->ebi));
		break;
	case RELEASE:
		begin_message(x, XEIR_GTPV2_RELEASE_ACCESS, p->control[1].teid);
		break;
	case DELETE:
		begin_message(x, XEIR_GTPV2_DELETE_SESSION, p->control[1].teid);
		add_octet_v2(73, 0, p->ebi);
		break;
	default:
		create_request(x, p);
	}
}

static void response_v2(const struct event *e, const struct transaction *x, const struct pdn *p)
{
	const struct bearer_end both[2] = { { 2, dedicated(e, p, XEIR_REQUESTER) },
					    { 3, dedicated(e, p, XEIR_RESPONDER) } };

	switch (e->kind) {
	case MODIFY:
	case THEFT:
		begin_message(x, XEIR_GTPV2_MODIFY_BEARER_RESPONSE, p->control[0].teid);
		add_cause_v2(ACCEPTED_V2);
		add_bearer(0, p->ebi, ACCEPTED_V2, NULL, 0);
		break;
	case ADD_BEARER:
		begin_message(x, XEIR_GTPV2_CREATE_BEARER_RESPONSE, p->control[1].teid);
		add_cause_v2(ACCEPTED_V2);
		add_bearer(0, DEDICATED(p->ebi), ACCEPTED_V2, both, 2);
		break;
	case DROP_BEARER:
		begin_message(x, XEIR_GTPV2_DELETE_BEARER_RESPONSE, p->control[1].teid);
		add_cause_v2(ACCEPTED_V2);
		break;
	case RELEASE:
		begin_message(x, XEIR_GTPV2_RELEASE_ACCESS_RESPONSE, p->control[0].teid);
		add_cause_v2(ACCEPTED_V2);
		break;
	case DELETE:
		begin_message(x, XEIR_GTPV2_DELETE_SESSION_RESPONSE, p->control[0].teid);
		add_cause_v2(ACCEPTED_V2);
		break;
	default:
		create_response(x, p, e->kind == REFUSED ? NO_RESOURCES : ACCEPTED_V2);
	}
}

static void request_v1(const struct event *e, const struct transaction *x, const struct pdn *p)
{
	const struct f_teid access = access_of(e, p), secondary = dedicated(e, p, XEIR_REQUESTER);

	switch (e->kind) {
	case MODIFY:
	case THEFT:
	case RELEASE:
		begin_message(x, XEIR_GTPV1_UPDATE_PDP, p->control[1].teid);
		add_octet_v1(20, p->ebi);
		/* the address of a user plane is that of its node */
		add_ends_v1(&p->control[0], &access);
		break;
	case ADD_BEARER:
		begin_message(x, XEIR_GTPV1_CREATE_PDP, p->control[1].teid);
		add_octet_v1(20, DEDICATED(p->ebi));
		add_octet_v1(20, p->ebi);
		add_ends_v1(&(struct f_teid){ 0, p->control[0].at }, &secondary);
		break;
	case DROP_BEARER:
	case DELETE:
		begin_message(x, XEIR_GTPV1_DELETE_PDP, p->control[1].teid);
		add_octet_v1(19, 0xfe | (e->kind == DELETE));
		add_octet_v1(20, e->kind == DELETE ? p->ebi : DEDICATED(p->ebi));
		break;
	default:
		create_request(x, p);
	}
}

static void response_v1(const struct event *e, const struct transaction *x, const struct pdn *p)
{
	const struct f_teid secondary = dedicated(e, p, XEIR_RESPONDER);

	switch (e->kind) {
	case MODIFY:
	case THEFT:
	case RELEASE:
		begin_message(x, XEIR_GTPV1_UPDATE_PDP_RESPONSE, p->control[0].teid);
		add_octet_v1(1, ACCEPTED_V1);
		break;
	case ADD_BEARER:
		begin_message(x, XEIR_GTPV1_CREATE_PDP_RESPONSE, p->control[0].teid);
		add_octet_v1(1, ACCEPTED_V1);
		add_ends_v1(&(struct f_teid){ 0, p->control[1].at }, &secondary);
		break;
	case DROP_BEARER:
	case DELETE:
		begin_message(x, XEIR_GTPV1_DELETE_PDP_RESPONSE, p->control[0].teid);
		add_octet_v1(1, ACCEPTED_V1);
		break;
	default:
		create_response(x, p, e->kind == REFUSED ? 199 : ACCEPTED_V1);
	}
}

/* The message just built. */
static struct frame take(const struct node *from, __u16 source, const struct node *to,
			 __u16 destination)
{
	struct frame f = { .egress = to->ipv4 != HOST.ipv4 };

	msg_set_length();
	f.len = frame_message(from, source, to, destination, f.octets);
	return f;
}

static struct frame request_of(const struct event *e)
{
	unsigned char id[9];
	const struct pdn p = pdn_of_event(e, id);
	const struct transaction x = transaction_of(e, &p);

	(x.version == 2 ? request_v2 : request_v1)(e, &x, &p);
	return take(&x.requester, x.port, &x.responder, XEIR_GTPC_PORT);
}

static struct frame response_of(const struct event *e)
{
	unsigned char id[9];
	const struct pdn p = pdn_of_event(e, id);
	const struct transaction x = transaction_of(e, &p);

	(x.version == 2 ? response_v2 : response_v1)(e, &x, &p);
	return take(&x.responder, XEIR_GTPC_PORT, &x.requester, x.port);
}

static bool pass(const struct frame *f)
{
	return tables_passes(f->egress, f->octets, f->len);
}

static void send_data(const struct event *e)
{
	unsigned char id[9], frame[256];
	const struct pdn p = pdn_of_event(e, id);

	for (int side = 0; side < XEIR_SIDES; side++)
		tables_passes(side == XEIR_REQUESTER, frame,
			      frame_user(&p.user[side], DATA_PDU, frame));
}

unsigned int event_send(const struct event *e)
{
	struct frame request, response;

	for (volatile int i = 0; i < e->delay; i++)
		;
	if (e->kind == DATA) {
		send_data(e);
		return 0;
	}
	request = request_of(e);
	response = response_of(e);
	if (e->kind != UNSOLICITED && !pass(&request))
		return 0;
	if (e->kind == UNANSWERED)
		return 0;
	pass(&response);
	return e->kind != REFUSED;
}

void event_send_again(const struct event *e)
{
	struct frame response;

	if (e->kind >= DATA) {
		event_send(e);
		return;
	}
	response = response_of(e);
	pass(&response);
}

void slot_list(unsigned int slot, bool listed)
{
	const struct xeir_side drop = { .action = XEIR_ACTION_DROP,
					.directive = 1,
					.expiry = UINT32_MAX - handset_of(slot) };
	unsigned char id[9];

	many_sessions_digits(handset_of(slot), id);
	if (listed)
		tables_list(XEIR_KIND_IMEI, id, &drop);
	else
		tables_unlist(XEIR_KIND_IMEI, id);
}
