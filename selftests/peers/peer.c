/* SPDX-License-Identifier: GPL-2.0-only */
/* Sockets, sessions and messages of the stand-ins. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "peers/peer.h"

void peer_die(struct peer *p, const char *what, const char *why)
{
	fprintf(stderr, "%s: %s: %s\n", p->role->name, what, why);
	exit(2);
}

void peer_resolve(struct peer *p, const char *address, const char *port,
		  struct sockaddr_storage *to)
{
	struct addrinfo hints = { .ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_DGRAM };
	struct addrinfo *found;
	int err = getaddrinfo(address, port, &hints, &found);

	if (err)
		peer_die(p, address, gai_strerror(err));
	memset(to, 0, sizeof(*to));
	memcpy(to, found->ai_addr, found->ai_addrlen);
	freeaddrinfo(found);
}

static int open_socket(struct peer *p, const char *address, const char *port,
		       struct sockaddr_storage *own)
{
	int fd, yes = 1, size = 4 << 20;

	peer_resolve(p, address, port, own);
	fd = socket(own->ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || bind(fd, (void *)own, sizeof(*own)) ||
	    setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &yes, sizeof(yes)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		peer_die(p, address, strerror(errno));
	return fd;
}

void peer_open(struct peer *p, const char *fifo, char **addresses)
{
	for (; addresses[p->addresses]; p->addresses++) {
		struct peer_address *at = &p->at[p->addresses];

		if (p->addresses == PEER_ADDRESSES)
			peer_die(p, addresses[p->addresses], "one address too many");
		at->user = open_socket(p, addresses[p->addresses], GTP2_USER_PORT, &at->addr);
		at->control = open_socket(p, addresses[p->addresses], GTP2_PORT, &at->addr);
	}
	/* for writing too, or it would end with each writer */
	p->commands = open(fifo, O_RDWR | O_CLOEXEC);
	if (p->commands < 0)
		peer_die(p, fifo, strerror(errno));
	setvbuf(stdout, NULL, _IOLBF, 0);
	p->seq = (getpid() << 8) & 0xffffff;
}

/* --- sessions ------------------------------------------------------------------------------ */

struct peer_session *peer_find(struct peer *p, const char *imsi)
{
	for (int i = 0; i < PEER_SESSIONS; i++)
		if (!strcmp(p->sessions[i].imsi, imsi))
			return &p->sessions[i];
	return NULL;
}

struct peer_session *peer_find_teid(struct peer *p, uint32_t teid)
{
	for (int i = 0; teid && i < PEER_SESSIONS; i++)
		if (*p->sessions[i].imsi && p->sessions[i].control.own == teid)
			return &p->sessions[i];
	return NULL;
}

struct peer_session *peer_new(struct peer *p, const char *imsi)
{
	struct peer_session *s = peer_find(p, imsi);

	if (!s)
		s = peer_find(p, "");
	if (!s)
		peer_die(p, imsi, "too many sessions");
	memset(s, 0, sizeof(*s));
	snprintf(s->imsi, sizeof(s->imsi), "%s", imsi);
	s->at = &p->at[0];
	return s;
}

struct peer_bearer *peer_bearer(struct peer_session *s, uint8_t ebi)
{
	struct peer_bearer *b = &s->bearers[(ebi - PEER_FIRST_EBI) % PEER_BEARERS];

	b->ebi = ebi;
	return b;
}

/* --- messages ------------------------------------------------------------------------------ */

const char *peer_message_name(uint8_t type)
{
	switch (type) {
	case GTP2_ECHO_REQUEST:
		return "echo";
	case GTP2_CREATE_SESSION_REQUEST:
		return "create";
	case GTP2_MODIFY_BEARER_REQUEST:
		return "modify";
	case GTP2_DELETE_SESSION_REQUEST:
		return "delete";
	case GTP2_CREATE_BEARER_REQUEST:
		return "bearer";
	case GTP2_DELETE_BEARER_REQUEST:
		return "end";
	}
	return NULL;
}

uint8_t peer_octet(const struct gtp2_view *v, enum gtp2_ie_type type)
{
	size_t len;
	const uint8_t *value = gtp2_find_ie(v, type, 0, &len);

	return value && len ? value[0] : 0;
}

uint8_t peer_cause(const struct gtp2_view *v)
{
	return peer_octet(v, GTP2_CAUSE);
}

void peer_take_f_teid(const struct gtp2_view *v, uint8_t instance, const char *port,
		      struct peer_tunnel *t)
{
	struct sockaddr_in *in4 = (void *)&t->to;
	struct sockaddr_in6 *in6 = (void *)&t->to;
	size_t len;
	const uint8_t *value = gtp2_find_ie(v, GTP2_F_TEID, instance, &len);

	if (!value || len < 9)
		return;
	memset(&t->to, 0, sizeof(t->to));
	t->far = gtp2_number(value + 1, 4);
	if (value[0] & 0x80) {
		in4->sin_family = AF_INET;
		in4->sin_port = htons(atoi(port));
		memcpy(&in4->sin_addr, value + 5, 4);
	} else if (len >= 21) {
		in6->sin6_family = AF_INET6;
		in6->sin6_port = htons(atoi(port));
		memcpy(&in6->sin6_addr, value + 5, 16);
	}
}

int peer_bearer_context(const struct gtp2_view *v, int n, struct gtp2_view *context)
{
	memset(context, 0, sizeof(*context));
	context->ies = gtp2_nth_ie(v, GTP2_BEARER_CONTEXT, 0, n, &context->ies_len);
	return !!context->ies;
}

/* An ICMP error of the sending before is reported by this one: try once more. */
void peer_send(int fd, const struct gtp2_msg *m, const struct sockaddr_storage *to)
{
	if (sendto(fd, m->bytes, m->len, 0, (const void *)to, sizeof(*to)) < 0)
		sendto(fd, m->bytes, m->len, 0, (const void *)to, sizeof(*to));
}
