/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A PGW stand-in on S5/S8: grants what is requested, has traffic on all bearers, and
 * misbehaves on command. A retransmitted request gets the response that it had.
 */
#include <stdio.h>
#include <stdlib.h>

#include "peers/peer_loop.h"

#define REMEMBERED 64

static const char usage[] = "usage: gtp2_pgw FIFO T3 N3 RECOVERY OWN [OTHER]\n"
			    "Commands:\n"
			    "  bearer IMSI   a dedicated bearer, by Create Bearer\n"
			    "  lose N        leave the next N requests unanswered\n"
			    "  spoof N       answer the next N from OTHER\n"
			    "  replay TYPE   send the last response of that type once more\n"
			    "  restart       forget all sessions, count a restart\n";

struct served {
	struct sockaddr_storage peer;
	struct gtp2_msg response;
	uint32_t seq;
	uint8_t type;
};

static struct {
	int lose, spoof;
	unsigned int n, created;
	struct served served[REMEMBERED];
} pgw;

static void add_cause(struct gtp2_msg *m, uint8_t cause)
{
	const uint8_t value[] = { cause, 0 };

	gtp2_add_ie(m, GTP2_CAUSE, 0, value, sizeof(value));
}

static void digits(const struct gtp2_view *v, char to[17])
{
	size_t len, n = 0;
	const uint8_t *value = gtp2_find_ie(v, GTP2_IMSI, 0, &len);

	for (size_t i = 0; value && i < 2 * len && n < 16; i++) {
		uint8_t digit = i % 2 ? value[i / 2] >> 4 : value[i / 2] & 0x0f;

		if (digit < 10)
			to[n++] = '0' + digit;
	}
	to[n] = '\0';
}

/* Where to send what the handset is sent, for each bearer that is named. */
static void take_bearers(const struct gtp2_view *v, struct peer_session *s, uint8_t instance)
{
	struct gtp2_view bearer;

	for (int n = 0; peer_bearer_context(v, n, &bearer); n++)
		peer_take_f_teid(&bearer, instance, GTP2_USER_PORT,
				 &peer_bearer(s, peer_octet(&bearer, GTP2_EBI))->tunnel);
}

static struct peer_session *create(struct peer *p, const struct peer_arrival *a, const char *imsi)
{
	struct peer_session *s = peer_new(p, imsi);

	s->at = a->at;
	pgw.created++;
	memcpy(s->ue, (uint8_t[]){ 10, 45, pgw.created >> 8, pgw.created }, 4);
	s->control.own = p->next_teid++;
	peer_bearer(s, PEER_FIRST_EBI)->tunnel.own = p->next_teid++;
	peer_take_f_teid(&a->v, 0, GTP2_PORT, &s->control);
	take_bearers(&a->v, s, 2);
	return s;
}

static void write_created(struct gtp2_msg *m, const struct peer_session *s)
{
	uint8_t paa[] = { GTP2_PDN_IPV4, s->ue[0], s->ue[1], s->ue[2], s->ue[3] };
	struct gtp2_msg bearer = {};

	add_cause(m, GTP2_CAUSE_ACCEPTED);
	gtp2_add_f_teid_ie(m, 1, GTP2_S5_C_PGW, s->control.own, &s->at->addr);
	gtp2_add_ie(m, GTP2_PAA, 0, paa, sizeof(paa));
	gtp2_add_octet_ie(m, GTP2_APN_RESTRICTION, 0);
	gtp2_add_octet_ie(&bearer, GTP2_EBI, PEER_FIRST_EBI);
	add_cause(&bearer, GTP2_CAUSE_ACCEPTED);
	gtp2_add_f_teid_ie(&bearer, 2, GTP2_S5_U_PGW, s->bearers[0].tunnel.own, &s->at->addr);
	gtp2_add_ie(m, GTP2_BEARER_CONTEXT, 0, bearer.bytes, bearer.len);
}

static void write_modified(struct gtp2_msg *m, const struct peer_session *s)
{
	add_cause(m, GTP2_CAUSE_ACCEPTED);
	for (int i = 0; i < PEER_BEARERS; i++) {
		struct gtp2_msg bearer = {};

		if (!s->bearers[i].ebi)
			continue;
		gtp2_add_octet_ie(&bearer, GTP2_EBI, s->bearers[i].ebi);
		add_cause(&bearer, GTP2_CAUSE_ACCEPTED);
		gtp2_add_ie(m, GTP2_BEARER_CONTEXT, 0, bearer.bytes, bearer.len);
	}
}

static void write_response(struct peer *p, const struct peer_arrival *a, struct peer_session *s,
			   struct gtp2_msg *m)
{
	if (s && a->v.type == GTP2_MODIFY_BEARER_REQUEST) {
		peer_take_f_teid(&a->v, 0, GTP2_PORT, &s->control);
		take_bearers(&a->v, s, 1);
	}
	gtp2_begin(m, a->v.type + 1, s ? s->control.far : 0, a->v.seq);
	if (a->v.type == GTP2_CREATE_SESSION_REQUEST)
		write_created(m, s);
	else if (s && a->v.type == GTP2_MODIFY_BEARER_REQUEST)
		write_modified(m, s);
	else if (a->v.type != GTP2_ECHO_REQUEST)
		add_cause(m, s ? GTP2_CAUSE_ACCEPTED : GTP2_CAUSE_NO_CONTEXT);
	gtp2_add_octet_ie(m, GTP2_RECOVERY, p->recovery);
	gtp2_end(m);
	if (s && a->v.type == GTP2_DELETE_SESSION_REQUEST)
		memset(s, 0, sizeof(*s));
}

static void respond(struct peer *p, const struct peer_arrival *a, const struct gtp2_msg *m)
{
	int fd = a->at->control;

	if (pgw.lose) {
		pgw.lose--;
		return;
	}
	if (pgw.spoof) {
		pgw.spoof--;
		fd = p->at[p->addresses - 1].control;
	}
	peer_send(fd, m, &a->from);
}

static struct served *find_served(const struct peer_arrival *a)
{
	for (int i = 0; i < REMEMBERED; i++) {
		struct served *r = &pgw.served[i];

		if (r->response.len && r->seq == a->v.seq && r->type == a->v.type &&
		    !memcmp(&r->peer, &a->from, sizeof(a->from)))
			return r;
	}
	return NULL;
}

static void request(struct peer *p, const struct peer_arrival *a)
{
	struct served *r = find_served(a);
	struct peer_session *s = peer_find_teid(p, a->v.teid);
	char imsi[17];

	digits(&a->v, imsi);
	if (!r && a->v.type == GTP2_CREATE_SESSION_REQUEST)
		s = create(p, a, imsi);
	printf("request %s %s%s, sequence %u\n", peer_message_name(a->v.type), s ? s->imsi : imsi,
	       r ? " again" : "", a->v.seq);
	if (!r) {
		r = &pgw.served[pgw.n++ % REMEMBERED];
		r->peer = a->from;
		r->seq = a->v.seq;
		r->type = a->v.type;
		write_response(p, a, s, &r->response);
	}
	respond(p, a, &r->response);
}

static int offer_bearer(struct peer *p, struct peer_session *s)
{
	/* one filter, both ways: all of UDP; TS 24.008 cl. 10.5.6.12 */
	static const uint8_t tft[] = { 0x21, 0x30, 0, 2, 0x30, 17 };
	static const uint8_t qos[22] = { 0x7c, 8 };
	struct gtp2_msg *m = &p->pending.m, bearer = {};
	struct peer_bearer *b;

	if (!s)
		return 0;
	b = peer_bearer(s, PEER_FIRST_EBI + 1);
	b->tunnel.own = p->next_teid++;
	p->pending.seq = (++p->seq & 0x7fffff) | 0x800000;
	gtp2_begin(m, GTP2_CREATE_BEARER_REQUEST, s->control.far, p->pending.seq);
	gtp2_add_octet_ie(m, GTP2_EBI, PEER_FIRST_EBI);
	gtp2_add_octet_ie(&bearer, GTP2_EBI, 0);
	gtp2_add_ie(&bearer, GTP2_BEARER_TFT, 0, tft, sizeof(tft));
	gtp2_add_f_teid_ie(&bearer, 1, GTP2_S5_U_PGW, b->tunnel.own, &s->at->addr);
	gtp2_add_ie(&bearer, GTP2_BEARER_QOS, 0, qos, sizeof(qos));
	gtp2_add_ie(m, GTP2_BEARER_CONTEXT, 0, bearer.bytes, bearer.len);
	gtp2_end(m);
	peer_request(p, s->at, &s->control.to, s);
	return 1;
}

/* The last response to a request of that name, to where it went. */
static int replay(struct peer *p, const char *name)
{
	for (unsigned int i = pgw.n; i-- > 0 && pgw.n - i <= REMEMBERED;) {
		const struct served *r = &pgw.served[i % REMEMBERED];

		if (strcmp(peer_message_name(r->type), name))
			continue;
		peer_send(p->at[0].control, &r->response, &r->peer);
		return 1;
	}
	return 0;
}

static int command(struct peer *p, int words, char **word)
{
	if (words == 2 && !strcmp(word[0], "bearer"))
		return offer_bearer(p, peer_find(p, word[1]));
	if (words == 2 && !strcmp(word[0], "replay"))
		return replay(p, word[1]);
	if (words == 2 && !strcmp(word[0], "lose")) {
		pgw.lose = atoi(word[1]);
	} else if (words == 2 && !strcmp(word[0], "spoof")) {
		pgw.spoof = atoi(word[1]);
	} else if (words == 1 && !strcmp(word[0], "restart")) {
		memset(p->sessions, 0, sizeof(p->sessions));
		p->recovery++;
	} else {
		return 0;
	}
	return 1;
}

static void response(struct peer *p, const struct peer_arrival *a)
{
	if (a && peer_cause(&a->v) == GTP2_CAUSE_ACCEPTED)
		take_bearers(&a->v, p->pending.session, 2);
}

int main(int argc, char **argv)
{
	static const struct peer_role role = {
		.name = "gtp2_pgw",
		.is_network = 1,
		.command = command,
		.request = request,
		.response = response,
	};
	static struct peer p = { .role = &role, .next_teid = 0x2000 };

	if (argc < 6) {
		fputs(usage, stderr);
		return 2;
	}
	p.t3_ms = atoi(argv[2]);
	p.n3 = atoi(argv[3]);
	p.recovery = atoi(argv[4]);
	peer_open(&p, argv[1], argv + 5);
	peer_run(&p);
	return 0;
}
