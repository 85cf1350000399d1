/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A GTPv2-C responder (PGW stand-in): accepts every Create Session Request,
 * answers Echo Requests, and prints a line for each, so that a test can see what
 * reached it. A retransmitted request gets the response it had (TS 29.274
 * cl. 7.6). Ends on SIGTERM with the totals.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "peers/gtp2.h"

#define REMEMBERED 256

struct served {
	struct sockaddr_storage peer;
	uint32_t seq;
	struct gtp2_msg response;
};

struct responder {
	int fd;
	struct sockaddr_storage own;
	unsigned int lose; /* requests still to be left unanswered */
	unsigned int requests, retransmissions, echoes;
	struct served served[REMEMBERED];
};

static void die(const char *what, const char *why)
{
	fprintf(stderr, "gtp2_responder: %s: %s\n", what, why);
	exit(2);
}

static int open_socket(const char *listen, struct sockaddr_storage *own)
{
	struct addrinfo hints = { .ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_DGRAM };
	struct addrinfo *local;
	int err, fd;

	err = getaddrinfo(listen, GTP2_PORT, &hints, &local);
	if (err)
		die(listen, gai_strerror(err));
	fd = socket(local->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, local->ai_addr, local->ai_addrlen))
		die(listen, strerror(errno));
	memcpy(own, local->ai_addr, local->ai_addrlen);
	freeaddrinfo(local);
	return fd;
}

static int signal_fd(void)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, SFD_CLOEXEC);
	if (fd < 0)
		die("signalfd", strerror(errno));
	return fd;
}

/* Digits as they stand in the MEI, without the filler; "none" without MEI. */
static const char *imei_digits(const struct gtp2_view *v, char buf[17])
{
	size_t len, i, n = 0;
	const uint8_t *mei = gtp2_find_ie(v, GTP2_MEI, 0, &len);

	if (!mei)
		return "none";
	for (i = 0; i < 2 * len && i < 16; i++) {
		uint8_t digit = i % 2 ? mei[i / 2] >> 4 : mei[i / 2] & 0x0f;

		if (digit != 0x0f)
			buf[n++] = "0123456789ABCDEF"[digit];
	}
	buf[n] = '\0';
	return buf;
}

static void write_response(struct responder *r, struct gtp2_msg *m, uint32_t teid, uint32_t seq)
{
	static const uint8_t cause[] = { GTP2_CAUSE_ACCEPTED, 0 };
	uint8_t paa[] = { GTP2_PDN_IPV4, 10, 45, r->requests >> 8, r->requests };
	struct gtp2_msg bearer = {};

	gtp2_begin(m, GTP2_CREATE_SESSION_RESPONSE, teid, seq);
	gtp2_add_ie(m, GTP2_CAUSE, 0, cause, sizeof(cause));
	gtp2_add_f_teid_ie(m, 1, GTP2_S5_C_PGW, 0x2000 + r->requests, &r->own);
	gtp2_add_ie(m, GTP2_PAA, 0, paa, sizeof(paa));
	gtp2_add_octet_ie(m, GTP2_APN_RESTRICTION, 0);
	gtp2_add_octet_ie(&bearer, GTP2_EBI, 5);
	gtp2_add_ie(&bearer, GTP2_CAUSE, 0, cause, sizeof(cause));
	gtp2_add_f_teid_ie(&bearer, 2, GTP2_S5_U_PGW, 0x3000 + r->requests, &r->own);
	gtp2_add_ie(m, GTP2_BEARER_CONTEXT, 0, bearer.bytes, bearer.len);
	gtp2_add_octet_ie(m, GTP2_RECOVERY, 1);
	gtp2_end(m);
}

/* The request that @peer sent before under this sequence number, or NULL. */
static struct served *find_served(struct responder *r, const struct sockaddr_storage *peer,
				  uint32_t seq)
{
	for (size_t i = 0; i < REMEMBERED; i++) {
		struct served *a = &r->served[i];

		if (a->response.len && a->seq == seq && !memcmp(&a->peer, peer, sizeof(*peer)))
			return a;
	}
	return NULL;
}

static void create_session(struct responder *r, const struct gtp2_view *v,
			   const struct sockaddr_storage *peer, socklen_t peer_len)
{
	char digits[17];
	const uint8_t *f_teid;
	struct served *a = find_served(r, peer, v->seq);
	const char *again = a ? " again" : "";
	size_t len;

	if (a) {
		r->retransmissions++;
	} else {
		f_teid = gtp2_find_ie(v, GTP2_F_TEID, 0, &len);
		a = &r->served[r->requests++ % REMEMBERED];
		a->peer = *peer;
		a->seq = v->seq;
		write_response(r, &a->response, f_teid && len >= 5 ? gtp2_number(f_teid + 1, 4) : 0,
			       v->seq);
	}
	printf("request%s: IMEI %s, sequence %u%s\n", again, imei_digits(v, digits), v->seq,
	       r->lose ? ", left unanswered" : "");
	if (r->lose)
		r->lose--;
	else
		sendto(r->fd, a->response.bytes, a->response.len, 0, (const void *)peer, peer_len);
}

static void echo(struct responder *r, const struct gtp2_view *v,
		 const struct sockaddr_storage *peer, socklen_t peer_len)
{
	struct gtp2_msg m;

	r->echoes++;
	printf("echo: sequence %u\n", v->seq);
	gtp2_begin(&m, GTP2_ECHO_RESPONSE, 0, v->seq);
	gtp2_add_octet_ie(&m, GTP2_RECOVERY, 1);
	gtp2_end(&m);
	sendto(r->fd, m.bytes, m.len, 0, (const void *)peer, peer_len);
}

static void receive(struct responder *r)
{
	struct sockaddr_storage peer = {};
	socklen_t peer_len = sizeof(peer);
	uint8_t bytes[GTP2_BYTES_MAX];
	struct gtp2_view v;
	const char *wrong;
	ssize_t n;

	n = recvfrom(r->fd, bytes, sizeof(bytes), MSG_DONTWAIT, (struct sockaddr *)&peer,
		     &peer_len);
	if (n < 0)
		return;
	wrong = gtp2_read(&v, bytes, n);
	if (wrong)
		printf("left aside: %s\n", wrong);
	else if (v.type == GTP2_ECHO_REQUEST)
		echo(r, &v, &peer, peer_len);
	else if (v.type == GTP2_CREATE_SESSION_REQUEST)
		create_session(r, &v, &peer, peer_len);
	else
		printf("left aside: message type %u\n", v.type);
}

int main(int argc, char **argv)
{
	static struct responder r;
	struct pollfd p[2] = { { .events = POLLIN }, { .events = POLLIN } };
	char *end = "";

	if (argc == 3)
		r.lose = strtoul(argv[2], &end, 10);
	if (argc < 2 || argc > 3 || *end) {
		fputs("usage: gtp2_responder ADDR [LOSE]\n"
		      "Answers at UDP port 2123 of ADDR; leaves the first LOSE requests "
		      "unanswered.\n",
		      stderr);
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	p[1].fd = signal_fd();
	p[0].fd = r.fd = open_socket(argv[1], &r.own);
	printf("ready\n");
	while (poll(p, 2, -1) < 0 || !p[1].revents)
		if (p[0].revents)
			receive(&r);
	printf("total: requests %u, retransmissions %u, echoes %u\n", r.requests, r.retransmissions,
	       r.echoes);
	return 0;
}
