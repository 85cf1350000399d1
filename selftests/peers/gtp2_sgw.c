/* SPDX-License-Identifier: GPL-2.0-only */
/* An SGW stand-in on S5/S8: follows commands, one a line, and has traffic on all bearers. */
#include <stdio.h>
#include <stdlib.h>

#include "peers/peer_loop.h"

static const char usage[] =
	"usage: gtp2_sgw FIFO T3 N3 RECOVERY PGW OWN [OTHER]\n"
	"Sends requests to the PGW every T3 milliseconds, N3 times at most. Commands:\n"
	"  create IMSI IMEI   Create Session, from OWN\n"
	"  modify IMSI N      Modify Bearer, from the Nth own address (0: OWN)\n"
	"  delete IMSI        Delete Session\n"
	"  echo               Echo\n";

static void begin(struct peer *p, enum gtp2_type type, uint32_t teid)
{
	p->pending.seq = ++p->seq & 0xffffff;
	gtp2_begin(&p->pending.m, type, teid, p->pending.seq);
}

static void add_bearer(struct gtp2_msg *m, const struct peer_session *s,
		       const struct peer_bearer *b, uint8_t instance)
{
	static const uint8_t qos[22] = { 0x7c, 9 };
	struct gtp2_msg bearer = {};

	gtp2_add_octet_ie(&bearer, GTP2_EBI, b->ebi);
	gtp2_add_f_teid_ie(&bearer, instance, GTP2_S5_U_SGW, b->tunnel.own, &s->at->addr);
	if (m->bytes[1] == GTP2_CREATE_SESSION_REQUEST)
		gtp2_add_ie(&bearer, GTP2_BEARER_QOS, 0, qos, sizeof(qos));
	gtp2_add_ie(m, GTP2_BEARER_CONTEXT, 0, bearer.bytes, bearer.len);
}

static void create(struct peer *p, const char *imsi, const char *imei)
{
	static const uint8_t serving_network[] = { 0x04, 0xf4, 0x10 };
	static const uint8_t ambr[] = { 0, 1, 0x86, 0xa0, 0, 1, 0x86, 0xa0 };
	static const uint8_t any_ipv4[] = { GTP2_PDN_IPV4, 0, 0, 0, 0 };
	struct peer_session *s = peer_new(p, imsi);
	struct gtp2_msg *m = &p->pending.m;

	s->control.own = p->next_teid++;
	peer_bearer(s, PEER_FIRST_EBI)->tunnel.own = p->next_teid++;
	begin(p, GTP2_CREATE_SESSION_REQUEST, 0);
	gtp2_add_digits_ie(m, GTP2_IMSI, imsi);
	gtp2_add_digits_ie(m, GTP2_MSISDN, "919812345678");
	gtp2_add_digits_ie(m, GTP2_MEI, imei);
	gtp2_add_ie(m, GTP2_SERVING_NETWORK, 0, serving_network, sizeof(serving_network));
	gtp2_add_octet_ie(m, GTP2_RAT_TYPE, 6);
	gtp2_add_f_teid_ie(m, 0, GTP2_S5_C_SGW, s->control.own, &s->at->addr);
	gtp2_add_ie(m, GTP2_APN, 0, "\10internet", 9);
	gtp2_add_octet_ie(m, GTP2_SELECTION_MODE, 0);
	gtp2_add_octet_ie(m, GTP2_PDN_TYPE, GTP2_PDN_IPV4);
	gtp2_add_ie(m, GTP2_PAA, 0, any_ipv4, sizeof(any_ipv4));
	gtp2_add_octet_ie(m, GTP2_APN_RESTRICTION, 0);
	gtp2_add_ie(m, GTP2_AMBR, 0, ambr, sizeof(ambr));
	add_bearer(m, s, &s->bearers[0], 2);
	gtp2_add_octet_ie(m, GTP2_RECOVERY, p->recovery);
	gtp2_end(m);
	peer_request(p, s->at, &p->remote, s);
}

/* Handover: tunnels of the new SGW's for control and for all bearers. */
static int modify(struct peer *p, struct peer_session *s, int address)
{
	struct gtp2_msg *m = &p->pending.m;

	if (!s || address >= p->addresses)
		return 0;
	s->at = &p->at[address];
	s->control.own = p->next_teid++;
	begin(p, GTP2_MODIFY_BEARER_REQUEST, s->control.far);
	gtp2_add_f_teid_ie(m, 0, GTP2_S5_C_SGW, s->control.own, &s->at->addr);
	for (int i = 0; i < PEER_BEARERS; i++) {
		if (!s->bearers[i].ebi)
			continue;
		s->bearers[i].tunnel.own = p->next_teid++;
		add_bearer(m, s, &s->bearers[i], 1);
	}
	gtp2_add_octet_ie(m, GTP2_RECOVERY, p->recovery);
	gtp2_end(m);
	peer_request(p, s->at, &s->control.to, s);
	return 1;
}

static int end_session(struct peer *p, struct peer_session *s)
{
	struct gtp2_msg *m = &p->pending.m;

	if (!s)
		return 0;
	begin(p, GTP2_DELETE_SESSION_REQUEST, s->control.far);
	gtp2_add_octet_ie(m, GTP2_EBI, PEER_FIRST_EBI);
	gtp2_end(m);
	peer_request(p, s->at, &s->control.to, s);
	return 1;
}

static void echo(struct peer *p)
{
	begin(p, GTP2_ECHO_REQUEST, 0);
	gtp2_add_octet_ie(&p->pending.m, GTP2_RECOVERY, p->recovery);
	gtp2_end(&p->pending.m);
	peer_request(p, &p->at[0], &p->remote, NULL);
}

static int command(struct peer *p, int words, char **word)
{
	if (words == 3 && !strcmp(word[0], "create"))
		create(p, word[1], word[2]);
	else if (words == 3 && !strcmp(word[0], "modify"))
		return modify(p, peer_find(p, word[1]), atoi(word[2]));
	else if (words == 2 && !strcmp(word[0], "delete"))
		return end_session(p, peer_find(p, word[1]));
	else if (words == 1 && !strcmp(word[0], "echo"))
		echo(p);
	else
		return 0;
	return 1;
}

/* A dedicated bearer is taken as it is offered. */
static void respond_create_bearer(struct peer *p, const struct peer_arrival *a,
				  struct peer_session *s, struct gtp2_msg *m)
{
	static const uint8_t cause[] = { GTP2_CAUSE_ACCEPTED, 0 };
	struct peer_bearer *b = peer_bearer(s, PEER_FIRST_EBI + 1);
	struct gtp2_msg bearer = {};
	struct gtp2_view offered;

	peer_bearer_context(&a->v, 0, &offered);
	peer_take_f_teid(&offered, 1, GTP2_USER_PORT, &b->tunnel);
	if (!b->tunnel.own)
		b->tunnel.own = p->next_teid++;
	gtp2_add_octet_ie(&bearer, GTP2_EBI, b->ebi);
	gtp2_add_ie(&bearer, GTP2_CAUSE, 0, cause, sizeof(cause));
	gtp2_add_f_teid_ie(&bearer, 2, GTP2_S5_U_SGW, b->tunnel.own, &s->at->addr);
	gtp2_add_f_teid_ie(&bearer, 3, GTP2_S5_U_PGW, b->tunnel.far, &b->tunnel.to);
	gtp2_add_ie(m, GTP2_CAUSE, 0, cause, sizeof(cause));
	gtp2_add_ie(m, GTP2_BEARER_CONTEXT, 0, bearer.bytes, bearer.len);
}

static void request(struct peer *p, const struct peer_arrival *a)
{
	static const uint8_t unknown[] = { GTP2_CAUSE_NO_CONTEXT, 0 };
	static const uint8_t accepted[] = { GTP2_CAUSE_ACCEPTED, 0 };
	struct peer_session *s = peer_find_teid(p, a->v.teid);
	struct gtp2_msg m;

	printf("request %s %s, sequence %u\n", peer_message_name(a->v.type), s ? s->imsi : "-",
	       a->v.seq);
	gtp2_begin(&m, a->v.type + 1, s ? s->control.far : 0, a->v.seq);
	if (a->v.type == GTP2_CREATE_BEARER_REQUEST && s)
		respond_create_bearer(p, a, s, &m);
	else if (a->v.type == GTP2_DELETE_BEARER_REQUEST && s)
		gtp2_add_ie(&m, GTP2_CAUSE, 0, accepted, sizeof(accepted));
	else if (a->v.type != GTP2_ECHO_REQUEST)
		gtp2_add_ie(&m, GTP2_CAUSE, 0, unknown, sizeof(unknown));
	gtp2_add_octet_ie(&m, GTP2_RECOVERY, p->recovery);
	gtp2_end(&m);
	peer_send(a->at->control, &m, &a->from);
	/* of the default bearer, which is the session */
	if (a->v.type == GTP2_DELETE_BEARER_REQUEST && s)
		memset(s, 0, sizeof(*s));
}

static void created(struct peer_session *s, const struct gtp2_view *v)
{
	struct gtp2_view bearer;
	size_t len;
	const uint8_t *paa = gtp2_find_ie(v, GTP2_PAA, 0, &len);

	peer_take_f_teid(v, 1, GTP2_PORT, &s->control);
	if (peer_bearer_context(v, 0, &bearer))
		peer_take_f_teid(&bearer, 2, GTP2_USER_PORT, &s->bearers[0].tunnel);
	if (paa && len >= 5)
		memcpy(s->ue, paa + 1, 4);
}

static void response(struct peer *p, const struct peer_arrival *a)
{
	uint8_t type = p->pending.m.bytes[1];
	int accepted = a && peer_cause(&a->v) == GTP2_CAUSE_ACCEPTED;
	struct peer_session *s = p->pending.session;

	if (type == GTP2_CREATE_SESSION_REQUEST && accepted)
		created(s, &a->v);
	else if (type == GTP2_CREATE_SESSION_REQUEST ||
		 (type == GTP2_DELETE_SESSION_REQUEST && accepted))
		memset(s, 0, sizeof(*s));
}

int main(int argc, char **argv)
{
	static const struct peer_role role = {
		.name = "gtp2_sgw",
		.command = command,
		.request = request,
		.response = response,
	};
	static struct peer p = { .role = &role, .next_teid = 0x1000 };

	if (argc < 7) {
		fputs(usage, stderr);
		return 2;
	}
	p.t3_ms = atoi(argv[2]);
	p.n3 = atoi(argv[3]);
	peer_resolve(&p, argv[5], GTP2_PORT, &p.remote);
	p.recovery = atoi(argv[4]);
	peer_open(&p, argv[1], argv + 6);
	peer_run(&p);
	return 0;
}
