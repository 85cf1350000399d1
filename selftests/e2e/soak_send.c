// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sessions as fast as two processes make them: the one asks for them over UDP, the other grants.
 *
 * usage: soak_send sgw SECONDS
 *	  soak_send pgw
 *
 * The first sets sessions up, one after the other; moves each when HALF more have come, and
 * deletes it when WINDOW have, and once more LATE after that if there was no response: datagrams
 *are lost where both go as fast as they can. When SECONDS are over all but KEEP are deleted.
 *Session n is of handset n % HANDSETS, see many_sessions.h. The second runs until SIGTERM and
 *prints how many sessions it has granted that were not deleted.
 */
#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <xeir/messages.h>
#include <xeir/ports.h>

#include "lib/many_sessions.h"

#define WINDOW 20000
#define HALF (WINDOW / 2)
#define LATE 5000
#define KEEP HALF /* more than are listed at once */
#define HANDSETS 40000
#define OUTSTANDING 64
#define PATIENCE_MS 2 /* listed handsets get no response */
#define NOT_FOUND 64
#define REQUESTER_TEID 71 /* in a Create Session Request: its F-TEID, behind the other numbers */
#define SLOTS (1 << 20) /* of sessions that one process remembers */

static const struct node sgw = { 0x0a630001, 0 }, pgw = { 0x0a630002, 0 };
static volatile sig_atomic_t ended;
static int control;

static void on_end(int signal)
{
	(void)signal;
	ended = 1;
}

static int open_socket(const struct node *own, const struct node *far, __u16 port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(port) }, to = at;
	const int fd = socket(AF_INET, SOCK_DGRAM, 0);

	at.sin_addr.s_addr = htonl(own->ipv4);
	to.sin_addr.s_addr = htonl(far->ipv4);
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) ||
	    connect(fd, (struct sockaddr *)&to, sizeof(to))) {
		perror("soak_send");
		exit(1);
	}
	return fd;
}

/* What is in msg; false: it could not be sent. */
static bool send_it(void)
{
	msg_set_length();
	return send(control, msg, msg_len, 0) == (ssize_t)msg_len;
}

static __u32 teid_at(const unsigned char *octets)
{
	__u32 teid;

	memcpy(&teid, octets, sizeof(teid));
	return ntohl(teid);
}

static struct pdn pdn_of(unsigned int n)
{
	static unsigned char id[9];
	struct pdn p = many_sessions_pdn(n);

	many_sessions_digits(n % HANDSETS, id);
	p.imei = p.imsi = p.msisdn = (const char *)id;
	return p;
}

/* --- the requester --------------------------------------------------------------------------- */

static struct {
	unsigned long created, moved, deleted, again, responses;
} sent;

static bool gone[SLOTS]; /* by the response to its deletion */

static void ask(__u8 type, unsigned int n)
{
	static __u32 sequence;
	const struct transaction x = { sgw, pgw, XEIR_GTPC_PORT, ++sequence & 0xffffff, 2 };
	const struct pdn p = pdn_of(n);
	const struct bearer_end moved = { 1, { p.user[0].teid, { 0x0a620003, 0 } } };

	if (type == XEIR_GTPV2_CREATE_SESSION) {
		create_request(&x, &p);
	} else if (type == XEIR_GTPV2_MODIFY_BEARER) {
		begin_message(&x, type, p.control[1].teid);
		add_f_teid(0, &p.control[0]);
		add_bearer(0, p.ebi, 0, &moved, 1);
	} else {
		begin_message(&x, type, p.control[1].teid);
		add_octet_v2(73, 0, p.ebi);
	}
	send_it();
}

static void take_responses(int *outstanding)
{
	struct pollfd in = { .fd = control, .events = POLLIN };
	unsigned char octets[512];

	for (;;) {
		while (recv(control, octets, sizeof(octets), MSG_DONTWAIT) > 0) {
			--*outstanding;
			sent.responses++;
			if (octets[1] == XEIR_GTPV2_DELETE_SESSION_RESPONSE)
				gone[(teid_at(octets + 4) / 4 - 1) % SLOTS] = true;
		}
		if (*outstanding < OUTSTANDING)
			return;
		if (!poll(&in, 1, PATIENCE_MS)) {
			*outstanding = 0;
			return;
		}
	}
}

static void step(unsigned int n, int *outstanding)
{
	gone[n % SLOTS] = false;
	ask(XEIR_GTPV2_CREATE_SESSION, n);
	sent.created++;
	if (n >= HALF) {
		ask(XEIR_GTPV2_MODIFY_BEARER, n - HALF);
		sent.moved++;
	}
	if (n >= WINDOW) {
		ask(XEIR_GTPV2_DELETE_SESSION, n - WINDOW);
		sent.deleted++;
	}
	if (n >= WINDOW + LATE && !gone[(n - WINDOW - LATE) % SLOTS]) {
		ask(XEIR_GTPV2_DELETE_SESSION, n - WINDOW - LATE);
		sent.again++;
	}
	*outstanding += 3;
	take_responses(outstanding);
}

/* All sessions before @n that are not gone yet; 0: there was none. */
static int delete_before(unsigned int n)
{
	int outstanding = 0, left = 0;

	for (unsigned int i = n > SLOTS / 2 ? n - SLOTS / 2 : 0; i < n; i++) {
		if (gone[i % SLOTS])
			continue;
		left = 1;
		ask(XEIR_GTPV2_DELETE_SESSION, i);
		sent.deleted++;
		outstanding++;
		take_responses(&outstanding);
	}
	usleep(PATIENCE_MS * 1000);
	take_responses(&outstanding);
	return left;
}

static void request_all(time_t seconds)
{
	const time_t end = time(NULL) + seconds;
	unsigned int n = 0;
	int outstanding = 0;

	while (!ended && time(NULL) < end)
		step(n++, &outstanding);
	while (!ended && n > KEEP && delete_before(n - KEEP))
		;
	printf("created %lu moved %lu deleted %lu again %lu responses %lu\n", sent.created,
	       sent.moved, sent.deleted, sent.again, sent.responses);
}

/* --- the responder --------------------------------------------------------------------------- */

static bool up[SLOTS];

static void respond(const unsigned char *request)
{
	const bool creates = request[1] == XEIR_GTPV2_CREATE_SESSION;
	const __u32 teid = teid_at(request + (creates ? REQUESTER_TEID : 4));
	const struct transaction x = { sgw, pgw, XEIR_GTPC_PORT, teid_at(request + 8) >> 8, 2 };
	const unsigned int n = teid / 4 - 1;
	const struct pdn p = pdn_of(n);
	bool *is_up = &up[n % SLOTS], known = *is_up;

	*is_up = creates || (known && request[1] != XEIR_GTPV2_DELETE_SESSION);
	if (creates) {
		create_response(&x, &p, ACCEPTED_V2);
	} else {
		begin_message(&x, request[1] + 1, p.control[0].teid);
		add_cause_v2(known ? ACCEPTED_V2 : NOT_FOUND);
	}
	send_it();
}

static void respond_all(void)
{
	unsigned char octets[1024];
	unsigned int alive = 0;

	puts("ready");
	fflush(stdout);
	while (!ended)
		if (recv(control, octets, sizeof(octets), 0) >= 12)
			respond(octets);
	for (unsigned int i = 0; i < SLOTS; i++)
		alive += up[i];
	printf("%u alive\n", alive);
}

int main(int argc, char **argv)
{
	const bool requests = argc == 3 && !strcmp(argv[1], "sgw");
	/* without SA_RESTART, so that recv() ends */
	const struct sigaction end = { .sa_handler = on_end };

	if (!requests && (argc != 2 || strcmp(argv[1], "pgw"))) {
		fputs("usage: soak_send sgw SECONDS | pgw\n", stderr);
		return 2;
	}
	sigaction(SIGTERM, &end, NULL);
	control = open_socket(requests ? &sgw : &pgw, requests ? &pgw : &sgw, XEIR_GTPC_PORT);
	if (requests)
		request_all(strtol(argv[2], NULL, 10));
	else
		respond_all();
	return 0;
}
