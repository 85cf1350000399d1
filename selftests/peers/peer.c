/* SPDX-License-Identifier: GPL-2.0-only */
/* Sockets, requests, commands and the loop around them. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "peers/peer.h"
#include "peers/peer_user.h"

#define LINE_MAX_OCTETS 128

void peer_die(struct peer *p, const char *what, const char *why)
{
	fprintf(stderr, "%s: %s: %s\n", p->role->name, what, why);
	exit(2);
}

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
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
	int fd, yes = 1, room = 4 << 20;

	peer_resolve(p, address, port, own);
	fd = socket(own->ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || bind(fd, (void *)own, sizeof(*own)) ||
	    setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &yes, sizeof(yes)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)))
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

/* An ICMP error of the sending before is told by this one: try once more. */
void peer_send(int fd, const struct gtp2_msg *m, const struct sockaddr_storage *to)
{
	if (sendto(fd, m->bytes, m->len, 0, (const void *)to, sizeof(*to)) < 0)
		sendto(fd, m->bytes, m->len, 0, (const void *)to, sizeof(*to));
}

static void send_asking(struct peer *p)
{
	struct peer_request *rq = &p->asking;

	rq->sendings++;
	rq->due_ms = now_ms() + p->t3_ms;
	peer_send(rq->from->control, &rq->m, &rq->to);
}

void peer_ask(struct peer *p, const struct peer_address *from, const struct sockaddr_storage *to,
	      struct peer_session *s)
{
	p->asking.from = from;
	p->asking.to = *to;
	p->asking.session = s;
	send_asking(p);
}

static void check_asking(struct peer *p)
{
	struct peer_request *rq = &p->asking;

	if (!rq->sendings || now_ms() < rq->due_ms)
		return;
	if (rq->sendings < p->n3) {
		send_asking(p);
		return;
	}
	p->role->answered(p, NULL);
	printf("= no answer, sendings %d\n", rq->sendings);
	rq->sendings = 0;
}

/* Is this the answer, from whom was asked, to where it was asked from? */
static int is_awaited(const struct peer *p, const struct peer_arrival *a)
{
	const struct peer_request *rq = &p->asking;

	return rq->sendings && a->at == rq->from && a->v.type == rq->m.bytes[1] + 1 &&
	       a->v.seq == rq->seq && !memcmp(&a->from, &rq->to, sizeof(rq->to));
}

static void take_answer(struct peer *p, const struct peer_arrival *a)
{
	uint8_t cause = peer_cause(&a->v);

	p->role->answered(p, a);
	if (a->v.type == GTP2_ECHO_RESPONSE)
		printf("= answered, sendings %d\n", p->asking.sendings);
	else
		printf("= cause %u, sendings %d\n", cause, p->asking.sendings);
	p->asking.sendings = 0;
}

static void receive_control(struct peer *p, const struct peer_address *at)
{
	struct peer_arrival a = { .at = at };
	socklen_t len = sizeof(a.from);
	uint8_t bytes[GTP2_BYTES_MAX];
	ssize_t n = recvfrom(at->control, bytes, sizeof(bytes), 0, (void *)&a.from, &len);
	const char *wrong;

	if (n < 0)
		return;
	wrong = gtp2_read(&a.v, bytes, n);
	if (wrong)
		printf("stray: %s\n", wrong);
	else if (is_awaited(p, &a))
		take_answer(p, &a);
	else if (peer_message_name(a.v.type))
		p->role->request(p, &a);
	else
		printf("stray: type %u, sequence %u\n", a.v.type, a.v.seq);
}

/* --- the loop ------------------------------------------------------------------------------ */

static void read_command(struct peer *p)
{
	char line[LINE_MAX_OCTETS] = {}, *word[PEER_WORDS] = {}, *rest = line;
	size_t n = 0;
	int words = 0;

	while (n < sizeof(line) - 1 && read(p->commands, line + n, 1) == 1 && line[n] != '\n')
		n++;
	line[n] = '\0';
	while (words < PEER_WORDS && (word[words] = strtok_r(rest, " ", &rest)))
		words++;
	if (!words || !p->role->command(p, words, word))
		printf("= no such command\n");
	else if (!p->asking.sendings)
		printf("= agreed\n");
}

static int signal_fd(struct peer *p)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, SFD_CLOEXEC);
	if (fd < 0)
		peer_die(p, "signalfd", strerror(errno));
	return fd;
}

static void run_once(struct peer *p, struct pollfd *polled)
{
	for (int i = 0; i < p->addresses; i++) {
		if (polled[2 + 2 * i].revents)
			receive_control(p, &p->at[i]);
		if (polled[3 + 2 * i].revents)
			peer_user_receive(p, &p->at[i]);
	}
	check_asking(p);
	peer_user_send(p, now_ms());
	/* one thing at a time */
	if (!p->asking.sendings && polled[1].revents)
		read_command(p);
}

void peer_run(struct peer *p)
{
	struct pollfd polled[2 + 2 * PEER_ADDRESSES] = { { .events = POLLIN } };

	polled[0].fd = signal_fd(p);
	polled[1].fd = p->commands;
	for (int i = 0; i < p->addresses; i++) {
		polled[2 + 2 * i].fd = p->at[i].control;
		polled[3 + 2 * i].fd = p->at[i].user;
		polled[2 + 2 * i].events = polled[3 + 2 * i].events = POLLIN;
	}
	printf("ready\n");
	do {
		polled[1].events = p->asking.sendings ? 0 : POLLIN;
		if (poll(polled, 2 + 2 * p->addresses, PEER_TICK_MS) >= 0)
			run_once(p, polled);
	} while (!polled[0].revents);
}
