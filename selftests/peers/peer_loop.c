/* SPDX-License-Identifier: GPL-2.0-only */
/* Requests with their repetitions, commands, and the loop around them. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "peers/peer_loop.h"
#include "peers/peer_user.h"

#define LINE_MAX_OCTETS 128

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void send_pending(struct peer *p)
{
	struct peer_pending *rq = &p->pending;

	rq->transmissions++;
	rq->due_ms = now_ms() + p->t3_ms;
	peer_send(rq->from->control, &rq->m, &rq->to);
}

void peer_request(struct peer *p, const struct peer_address *from,
		  const struct sockaddr_storage *to, struct peer_session *s)
{
	p->pending.from = from;
	p->pending.to = *to;
	p->pending.session = s;
	send_pending(p);
}

static void check_pending(struct peer *p)
{
	struct peer_pending *rq = &p->pending;

	if (!rq->transmissions || now_ms() < rq->due_ms)
		return;
	if (rq->transmissions < p->n3) {
		send_pending(p);
		return;
	}
	p->role->response(p, NULL);
	printf("= no response, transmissions %d\n", rq->transmissions);
	rq->transmissions = 0;
}

/* Is this the response, from the address that was sent to, at the one that was sent from? */
static int is_awaited(const struct peer *p, const struct peer_arrival *a)
{
	const struct peer_pending *rq = &p->pending;

	return rq->transmissions && a->at == rq->from && a->v.type == rq->m.bytes[1] + 1 &&
	       a->v.seq == rq->seq && !memcmp(&a->from, &rq->to, sizeof(rq->to));
}

static void take_response(struct peer *p, const struct peer_arrival *a)
{
	uint8_t cause = peer_cause(&a->v);

	p->role->response(p, a);
	if (a->v.type == GTP2_ECHO_RESPONSE)
		printf("= answered, transmissions %d\n", p->pending.transmissions);
	else
		printf("= cause %u, transmissions %d\n", cause, p->pending.transmissions);
	p->pending.transmissions = 0;
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
		take_response(p, &a);
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
	else if (!p->pending.transmissions)
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
	check_pending(p);
	peer_user_send(p, now_ms());
	/* one thing at a time */
	if (!p->pending.transmissions && polled[1].revents)
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
		polled[1].events = p->pending.transmissions ? 0 : POLLIN;
		if (poll(polled, 2 + 2 * p->addresses, PEER_TICK_MS) >= 0)
			run_once(p, polled);
	} while (!polled[0].revents);
}
