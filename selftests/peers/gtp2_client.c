/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A GTPv2-C requester (SGW stand-in): sends one request, repeats it octet for
 * octet as T3-RESPONSE and N3-REQUESTS of TS 29.274 cl. 7.6 ask, and prints what
 * came back.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "peers/gtp2.h"

#define PADDING_MAX 1500

enum { ACCEPTED = 0, REJECTED = 1, USAGE = 2, NO_ANSWER = 3 };

struct request {
	const char *remote, *local, *port;
	const char *imei, *imsi, *msisdn, *apn;
	uint32_t teid, seq;
	int t3_ms, n3;
	size_t padding; /* octets of a Private Extension */
	int early; /* it comes behind all others, not in front */
	int echo;
};

static const char usage[] =
	"usage: gtp2_client --remote ADDR [--local ADDR [--port N]] [--imei DIGITS]\n"
	"                   [--imsi DIGITS] [--msisdn DIGITS] [--apn NAME] [--teid N] [--seq N]\n"
	"                   [--t3 MILLISECONDS] [--n3 TRANSMISSIONS] [--echo]\n"
	"                   [--padding OCTETS [--early]]\n"
	"Sends a Create Session Request (--echo: an Echo Request) to UDP port 2123 of ADDR.\n"
	"Without --imei it carries no MEI.\n"
	"--padding: a Private Extension that makes the request a long one, in front of all other\n"
	"IEs, or --early behind them.\n"
	"Exit: 0 accepted, 1 rejected, 2 usage, 3 no response.\n";

static void die(const char *what, const char *why)
{
	fprintf(stderr, "gtp2_client: %s: %s\n", what, why);
	exit(USAGE);
}

static const char *digits_arg(const char *name, const char *s, size_t min, size_t max)
{
	size_t n = strspn(s, "0123456789");

	if (s[n] || n < min || n > max) {
		fprintf(stderr, "gtp2_client: --%s %s: expected %zu to %zu digits\n", name, s, min,
			max);
		exit(USAGE);
	}
	return s;
}

static uint32_t number_arg(const char *name, const char *s, uint32_t min, uint32_t max)
{
	char *end;
	unsigned long n;

	errno = 0;
	n = strtoul(s, &end, 0);
	if (errno || end == s || *end || n < min || n > max) {
		fprintf(stderr, "gtp2_client: --%s %s: expected a number from %u to %u\n", name, s,
			min, max);
		exit(USAGE);
	}
	return n;
}

static void parse_args(struct request *rq, int argc, char **argv)
{
	static const struct option options[] = {
		{ "remote", 1, 0, 'r' },  { "local", 1, 0, 'l' },
		{ "imei", 1, 0, 'i' },	  { "imsi", 1, 0, 's' },
		{ "msisdn", 1, 0, 'm' },  { "apn", 1, 0, 'a' },
		{ "teid", 1, 0, 't' },	  { "seq", 1, 0, 'q' },
		{ "t3", 1, 0, '3' },	  { "n3", 1, 0, 'n' },
		{ "padding", 1, 0, 'p' }, { "early", 0, 0, 'y' },
		{ "echo", 0, 0, 'e' },	  { "help", 0, 0, 'h' },
		{ "port", 1, 0, 'o' },	  {},
	};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'r':
			rq->remote = optarg;
			break;
		case 'l':
			rq->local = optarg;
			break;
		case 'o':
			rq->port = optarg;
			break;
		case 'i':
			rq->imei = digits_arg("imei", optarg, 14, 16);
			break;
		case 's':
			rq->imsi = digits_arg("imsi", optarg, 6, 15);
			break;
		case 'm':
			rq->msisdn = digits_arg("msisdn", optarg, 5, 15);
			break;
		case 'a':
			rq->apn = optarg;
			break;
		case 't':
			rq->teid = number_arg("teid", optarg, 0, UINT32_MAX);
			break;
		case 'q':
			rq->seq = number_arg("seq", optarg, 0, 0xffffff);
			break;
		case '3':
			rq->t3_ms = number_arg("t3", optarg, 1, 60000);
			break;
		case 'n':
			rq->n3 = number_arg("n3", optarg, 1, 100);
			break;
		case 'p':
			rq->padding = number_arg("padding", optarg, 1, PADDING_MAX);
			break;
		case 'y':
			rq->early = 1;
			break;
		case 'e':
			rq->echo = 1;
			break;
		case 'h':
			fputs(usage, stdout);
			exit(0);
		default:
			fputs(usage, stderr);
			exit(USAGE);
		}
	}
	if (optind != argc || !rq->remote) {
		fputs(usage, stderr);
		exit(USAGE);
	}
}

/* A socket that hears only the remote; @own is the address that it sends from. */
static int open_socket(const struct request *rq, struct sockaddr_storage *own)
{
	struct addrinfo hints = { .ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_DGRAM };
	struct addrinfo *remote, *local;
	socklen_t len = sizeof(*own);
	int err, fd;

	err = getaddrinfo(rq->remote, GTP2_PORT, &hints, &remote);
	if (err)
		die(rq->remote, gai_strerror(err));
	fd = socket(remote->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		die("socket", strerror(errno));
	if (rq->local) {
		err = getaddrinfo(rq->local, rq->port, &hints, &local);
		if (err)
			die(rq->local, gai_strerror(err));
		if (bind(fd, local->ai_addr, local->ai_addrlen))
			die(rq->local, strerror(errno));
		freeaddrinfo(local);
	}
	if (connect(fd, remote->ai_addr, remote->ai_addrlen))
		die(rq->remote, strerror(errno));
	freeaddrinfo(remote);
	if (getsockname(fd, (struct sockaddr *)own, &len))
		die("getsockname", strerror(errno));
	return fd;
}

/* Labels, each led by its length: TS 23.003 cl. 9.1. */
static void add_apn(struct gtp2_msg *m, const char *apn)
{
	struct gtp2_msg value = {};

	while (*apn) {
		size_t n = strcspn(apn, ".");

		gtp2_add_number(&value, n, 1);
		gtp2_add(&value, apn, n);
		apn += n + (apn[n] == '.');
	}
	gtp2_add_ie(m, GTP2_APN, 0, value.bytes, value.len);
}

static void add_padding(struct gtp2_msg *m, const struct request *rq)
{
	static const uint8_t padding[PADDING_MAX];

	gtp2_add_ie(m, GTP2_PRIVATE_EXTENSION, 0, padding, rq->padding);
}

static void add_bearer_context(struct gtp2_msg *m, const struct request *rq,
			       const struct sockaddr_storage *own)
{
	static const uint8_t qos[22] = { 0x7c, 9 };
	struct gtp2_msg bearer = {};

	gtp2_add_octet_ie(&bearer, GTP2_EBI, 5);
	gtp2_add_f_teid_ie(&bearer, 2, GTP2_S5_U_SGW, rq->teid + 1, own);
	gtp2_add_ie(&bearer, GTP2_BEARER_QOS, 0, qos, sizeof(qos));
	gtp2_add_ie(m, GTP2_BEARER_CONTEXT, 0, bearer.bytes, bearer.len);
}

static void write_create_session(struct gtp2_msg *m, const struct request *rq,
				 const struct sockaddr_storage *own)
{
	static const uint8_t serving_network[] = { 0x04, 0xf4, 0x10 };
	static const uint8_t ambr[] = { 0, 1, 0x86, 0xa0, 0, 1, 0x86, 0xa0 };
	static const uint8_t any_ipv4[] = { GTP2_PDN_IPV4, 0, 0, 0, 0 };

	gtp2_begin(m, GTP2_CREATE_SESSION_REQUEST, 0, rq->seq);
	if (rq->padding && !rq->early)
		add_padding(m, rq);
	gtp2_add_digits_ie(m, GTP2_IMSI, rq->imsi);
	gtp2_add_digits_ie(m, GTP2_MSISDN, rq->msisdn);
	if (rq->imei)
		gtp2_add_digits_ie(m, GTP2_MEI, rq->imei);
	gtp2_add_ie(m, GTP2_SERVING_NETWORK, 0, serving_network, sizeof(serving_network));
	gtp2_add_octet_ie(m, GTP2_RAT_TYPE, 6);
	gtp2_add_f_teid_ie(m, 0, GTP2_S5_C_SGW, rq->teid, own);
	add_apn(m, rq->apn);
	gtp2_add_octet_ie(m, GTP2_SELECTION_MODE, 0);
	gtp2_add_octet_ie(m, GTP2_PDN_TYPE, GTP2_PDN_IPV4);
	gtp2_add_ie(m, GTP2_PAA, 0, any_ipv4, sizeof(any_ipv4));
	gtp2_add_octet_ie(m, GTP2_APN_RESTRICTION, 0);
	gtp2_add_ie(m, GTP2_AMBR, 0, ambr, sizeof(ambr));
	add_bearer_context(m, rq, own);
	gtp2_add_octet_ie(m, GTP2_RECOVERY, 7);
	if (rq->padding && rq->early)
		add_padding(m, rq);
	gtp2_end(m);
}

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Is there a response to @rq before T3 runs out? Anything else is ignored. */
static int await_response(int fd, const struct request *rq, struct gtp2_msg *response,
			  struct gtp2_view *v)
{
	uint8_t type = rq->echo ? GTP2_ECHO_RESPONSE : GTP2_CREATE_SESSION_RESPONSE;
	long end = now_ms() + rq->t3_ms, left;

	while ((left = end - now_ms()) > 0) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		ssize_t n;

		if (poll(&p, 1, left) <= 0)
			continue;
		n = recv(fd, response->bytes, sizeof(response->bytes), 0);
		if (n < 0) /* ECONNREFUSED: nobody is there yet */
			continue;
		if (!gtp2_read(v, response->bytes, n) && v->type == type && v->seq == rq->seq &&
		    v->teid == (rq->echo ? 0 : rq->teid))
			return 1;
	}
	return 0;
}

/* Address that a Create Session Response assigns, "no address" if none. */
static const char *assigned(const struct gtp2_view *v, char *buf, size_t size)
{
	size_t len;
	const uint8_t *paa = gtp2_find_ie(v, GTP2_PAA, 0, &len);

	if (!paa || len < 5 || (paa[0] & 7) != GTP2_PDN_IPV4)
		return "no address";
	return inet_ntop(AF_INET, paa + 1, buf, size);
}

static int report(const struct request *rq, const struct gtp2_view *v, int transmissions)
{
	char address[INET_ADDRSTRLEN];
	const uint8_t *cause;
	size_t len;

	if (rq->echo) {
		printf("echo: answered, transmissions %d\n", transmissions);
		return ACCEPTED;
	}
	cause = gtp2_find_ie(v, GTP2_CAUSE, 0, &len);
	if (!cause || len < 2)
		die("the response", "it has no Cause IE");
	if (cause[0] != GTP2_CAUSE_ACCEPTED) {
		printf("rejected: cause %u, transmissions %d\n", cause[0], transmissions);
		return REJECTED;
	}
	printf("accepted: cause %u, address %s, transmissions %d\n", cause[0],
	       assigned(v, address, sizeof(address)), transmissions);
	return ACCEPTED;
}

int main(int argc, char **argv)
{
	struct request rq = { .port = "0",
			      .imsi = "404010123456789",
			      .msisdn = "919812345678",
			      .apn = "internet",
			      .teid = 0x1000 + getpid(),
			      .seq = getpid() & 0xffff,
			      .t3_ms = 500,
			      .n3 = 3 };
	struct gtp2_msg request = {}, response = {};
	struct sockaddr_storage own = {};
	struct gtp2_view v;
	int fd, transmissions;

	parse_args(&rq, argc, argv);
	fd = open_socket(&rq, &own);
	if (rq.echo) {
		gtp2_begin(&request, GTP2_ECHO_REQUEST, 0, rq.seq);
		gtp2_add_octet_ie(&request, GTP2_RECOVERY, 7);
		gtp2_end(&request);
	} else {
		write_create_session(&request, &rq, &own);
	}
	for (transmissions = 1; transmissions <= rq.n3; transmissions++) {
		/* An ICMP error of the sending before is reported by this one: try once more. */
		if (send(fd, request.bytes, request.len, 0) < 0 &&
		    send(fd, request.bytes, request.len, 0) < 0)
			die(rq.remote, strerror(errno));
		if (await_response(fd, &rq, &response, &v))
			return report(&rq, &v, transmissions);
	}
	printf("no response: transmissions %d\n", rq.n3);
	return NO_ANSWER;
}
