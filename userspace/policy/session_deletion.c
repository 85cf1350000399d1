// SPDX-License-Identifier: GPL-2.0-only
#include "policy/session_deletion.h"

#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>
#include <xeir/messages.h>
#include <xeir/ports.h>

#include "lib/identifier.h"
#include "lib/say.h"
#include "transport/pins.h"

/* As the peers themselves would have it, TS 29.274 cl. 7.6. */
#define ROUNDS 3
#define ROUND_NS 1000000000L
#define MESSAGE_ROOM 32

#define S11_MME 10
#define S4_SGSN 17

/* One side that is to be told. */
struct telling {
	struct xeir_transaction_key key;
	bool known; /* its control tunnel is this session's */
	bool answered;
};

struct ending {
	struct xeir_session_key key;
	struct xeir_session session;
	struct telling sides[XEIR_SIDES];
	bool begun;
};

struct maps {
	int sessions, bindings, pending;
};

static void put16(unsigned char *p, unsigned int n)
{
	p[0] = n >> 8;
	p[1] = n;
}

static void put32(unsigned char *p, __u32 n)
{
	put16(p, n >> 16);
	put16(p + 2, n);
}

static __u8 request_type(const struct xeir_session *s, int side)
{
	if (s->version == 1)
		return XEIR_GTPV1_DELETE_PDP;
	return side == XEIR_RESPONDER ? XEIR_GTPV2_DELETE_SESSION : XEIR_GTPV2_DELETE_BEARER;
}

/* All contexts of the session's address, with the one that it began with. */
static size_t write_v1(unsigned char *p, const struct ending *e, int side, __u32 sequence)
{
	p[0] = 0x32; /* version 1, PT, S */
	p[1] = XEIR_GTPV1_DELETE_PDP;
	put16(p + 2, 8);
	put32(p + 4, e->session.control[side].teid);
	put16(p + 8, sequence);
	put16(p + 10, 0);
	p[12] = 19; /* Teardown Ind */
	p[13] = 0xff;
	p[14] = 20; /* NSAPI */
	p[15] = e->key.ebi;
	return 16;
}

/* An MME or an SGSN has the SGW tell the PGW as well, by the flag OI of its Indication. */
static bool goes_on(const struct xeir_session *s, int side)
{
	return side == XEIR_RESPONDER && (s->interface == S11_MME || s->interface == S4_SGSN);
}

static size_t write_v2(unsigned char *p, const struct ending *e, int side, __u32 sequence)
{
	size_t len = 17;

	p[0] = 0x48; /* version 2, T */
	p[1] = request_type(&e->session, side);
	put32(p + 4, e->session.control[side].teid);
	put32(p + 8, sequence << 8);
	p[12] = 73; /* EBI: the default bearer */
	put16(p + 13, 1);
	p[15] = 0;
	p[16] = e->key.ebi;
	if (goes_on(&e->session, side)) {
		memcpy(p + len, (unsigned char[]){ 77, 0, 3, 0, 0x08, 0, 0 }, 7);
		len += 7;
	}
	put16(p + 2, len - 4);
	return len;
}

static bool is_mapped(const __u8 *address)
{
	static const __u8 prefix[12] = { [10] = 0xff, 0xff };

	return !memcmp(address, prefix, sizeof(prefix));
}

/* The address of @end in the family of @as; false: it has none. */
static bool address_of(const struct xeir_fteid *end, const __u8 *as, __u8 *address)
{
	static const __u8 none[16];

	memset(address, 0, 16);
	if (!is_mapped(as)) {
		memcpy(address, end->ipv6, 16);
		return memcmp(address, none, 16);
	}
	memcpy(address + 12, end->ipv4, 4);
	if (!memcmp(address, none, 16))
		return false;
	address[10] = address[11] = 0xff;
	return true;
}

/* Does the side's control tunnel still belong to the session? */
static bool is_its_own(const struct maps *maps, const struct ending *e, int side,
		       const __u8 *address)
{
	struct xeir_teid at = {
		.teid = e->session.control[side].teid,
		.plane = XEIR_PLANE_CONTROL,
		.version = e->key.version,
	};
	struct xeir_binding binding;

	memcpy(at.address, address, sizeof(at.address));
	return at.teid && !bpf_map_lookup_elem(maps->bindings, &at, &binding) &&
	       binding.teid == e->key.teid && binding.version == e->key.version &&
	       !memcmp(binding.address, e->key.address, 16) && binding.ebis >> e->key.ebi & 1;
}

/* Who is told by whom; the ports and the sequence number come with each sending. */
static void aim(const struct maps *maps, struct ending *e, int side)
{
	struct telling *t = &e->sides[side];
	const __u8 *as = e->session.peer[!side];

	memcpy(t->key.requester, as, 16);
	t->key.version = e->session.version;
	t->key.responder_port = XEIR_GTPC_PORT;
	t->known = address_of(&e->session.control[side], as, t->key.responder) &&
		   is_its_own(maps, e, side, t->key.responder);
}

static socklen_t socket_address(const __u8 *address, __u16 port, struct sockaddr_storage *to)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)to;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)to;

	memset(to, 0, sizeof(*to));
	if (is_mapped(address)) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(port);
		memcpy(&v4->sin_addr, address + 12, 4);
		return sizeof(*v4);
	}
	v6->sin6_family = AF_INET6;
	v6->sin6_port = htons(port);
	memcpy(&v6->sin6_addr, address, 16);
	return sizeof(*v6);
}

/* A socket that sends as @address, which may be another host's, from a free port. */
static int open_as(const __u8 *address, __u16 *port)
{
	bool v4 = is_mapped(address);
	struct sockaddr_storage own;
	socklen_t len = socket_address(address, 0, &own);
	int yes = 1, fd = socket(own.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	if (setsockopt(fd, v4 ? IPPROTO_IP : IPPROTO_IPV6, v4 ? IP_TRANSPARENT : IPV6_TRANSPARENT,
		       &yes, sizeof(yes)) ||
	    bind(fd, (struct sockaddr *)&own, len) ||
	    getsockname(fd, (struct sockaddr *)&own, &len)) {
		yes = -errno;
		close(fd);
		return yes;
	}
	*port = ntohs(v4 ? ((struct sockaddr_in *)&own)->sin_port :
			   ((struct sockaddr_in6 *)&own)->sin6_port);
	return fd;
}

/* The answer must find what was asked, so that is written first. */
static int expect_answer(const struct maps *maps, const struct ending *e, int side)
{
	const struct telling *t = &e->sides[side];
	struct xeir_transaction transaction = {
		.teid = e->session.control[side].teid,
		.type = request_type(&e->session, side),
		.has_ebi = 1,
		.ebi = e->key.ebi,
		.teardown = 1,
		.self_generated = 1,
	};
	struct timespec now;

	clock_gettime(CLOCK_TAI, &now);
	transaction.time_ns = now.tv_sec * 1000000000ULL + now.tv_nsec;
	return bpf_map_update_elem(maps->pending, &t->key, &transaction, BPF_ANY) ? -errno : 0;
}

/* Is the session the one that was cut, still? Others may have its TEIDs by now. */
static bool is_cut(const struct maps *maps, const struct ending *e)
{
	struct xeir_session now;

	return !bpf_map_lookup_elem(maps->sessions, &e->key, &now) && now.cut &&
	       now.started_ns == e->session.started_ns;
}

static int tell(const struct maps *maps, struct ending *e, int side, __u32 sequence)
{
	struct telling *t = &e->sides[side];
	unsigned char message[MESSAGE_ROOM];
	struct sockaddr_storage to;
	socklen_t to_len = socket_address(t->key.responder, XEIR_GTPC_PORT, &to);
	size_t len;
	int err, fd = open_as(t->key.requester, &t->key.requester_port);

	if (fd < 0)
		return fd;
	t->key.sequence = sequence;
	err = expect_answer(maps, e, side);
	len = e->session.version == 1 ? write_v1(message, e, side, sequence) :
					write_v2(message, e, side, sequence);
	if (!err && sendto(fd, message, len, 0, (struct sockaddr *)&to, to_len) < 0)
		err = -errno;
	close(fd);
	return err;
}

static bool is_answered(const struct maps *maps, struct telling *t)
{
	struct xeir_transaction transaction;

	if (!t->answered && t->known && t->key.requester_port)
		t->answered = !bpf_map_lookup_elem(maps->pending, &t->key, &transaction) &&
			      transaction.answered;
	return t->answered;
}

static void pause_ns(long ns)
{
	struct timespec time = { ns / 1000000000L, ns % 1000000000L };

	nanosleep(&time, NULL);
}

/* Tell each side that has not answered; how many those were, or -errno. */
static int tell_both(const struct maps *maps, struct ending *e, __u32 *sequence)
{
	int told = 0, err = 0;

	/* the first answer ends it, which is no reason not to tell the other side as well */
	if (!e->begun && !is_cut(maps, e))
		return 0;
	for (int side = 0; side < XEIR_SIDES && !e->begun; side++)
		aim(maps, e, side);
	for (int side = 0; side < XEIR_SIDES && !err; side++) {
		if (!e->sides[side].known || is_answered(maps, &e->sides[side]))
			continue;
		*sequence = (*sequence + 1) & 0x7fff;
		err = tell(maps, e, side, *sequence);
		told++;
	}
	e->begun = true;
	return err ? err : told;
}

/* Tell whoever has not answered, once each; how many sessions that was about, or -errno. */
static int tell_all(const struct maps *maps, struct ending *endings, size_t n, __u32 rate,
		    __u32 *sequence)
{
	int told = 0;

	for (size_t i = 0; i < n; i++) {
		int sides = tell_both(maps, &endings[i], sequence);

		if (sides < 0)
			return sides;
		if (!sides)
			continue;
		told++;
		pause_ns(1000000000L / rate);
	}
	return told;
}

static int collect(const struct maps *maps, struct ending **endings, size_t *n)
{
	struct xeir_session_key key, *before = NULL;
	struct xeir_session session;
	struct ending *grown;
	size_t room = 0;

	for (; !bpf_map_get_next_key(maps->sessions, before, &key); before = &key) {
		if (bpf_map_lookup_elem(maps->sessions, &key, &session) || !session.cut)
			continue;
		if (*n == room) {
			room = room ? 2 * room : 1024;
			grown = realloc(*endings, room * sizeof(**endings));
			if (!grown)
				return -ENOMEM;
			*endings = grown;
		}
		(*endings)[(*n)++] = (struct ending){ .key = key, .session = session };
	}
	return 0;
}

/* For whoever must account for it. */
static void log_ending(const struct maps *maps, struct ending *e)
{
	char imei[IDENTIFIER_TEXT], imsi[IDENTIFIER_TEXT];
	bool told = is_answered(maps, &e->sides[XEIR_REQUESTER]) &&
		    is_answered(maps, &e->sides[XEIR_RESPONDER]);

	identifier_bcd(e->session.subscriber.imei, XEIR_IMEI_OCTETS, imei);
	identifier_bcd(e->session.subscriber.imsi, XEIR_NUMBER_OCTETS, imsi);
	syslog(told ? LOG_NOTICE : LOG_WARNING, "session of imei %s imsi %s, teid 0x%x: %s", imei,
	       imsi, e->key.teid, told ? "deleted" : "delete not answered");
}

static void sum_up(const struct maps *maps, struct ending *endings, size_t n,
		   struct session_deletion *done)
{
	openlog("xeir", LOG_PID, LOG_AUTHPRIV);
	for (size_t i = 0; i < n; i++) {
		if (!endings[i].begun)
			continue;
		log_ending(maps, &endings[i]);
		done->sessions++;
		done->unanswered += !is_answered(maps, &endings[i].sides[XEIR_REQUESTER]) ||
				    !is_answered(maps, &endings[i].sides[XEIR_RESPONDER]);
	}
	closelog();
}

/* A second's worth, until all have answered or been told often enough. */
static int tell_some(const struct maps *maps, struct ending *endings, size_t n, __u32 rate,
		     __u32 *sequence)
{
	int told = 1;

	for (int round = 0; round < ROUNDS && told > 0; round++) {
		told = tell_all(maps, endings, n, rate, sequence);
		if (told > 0)
			pause_ns(ROUND_NS);
	}
	return told < 0 ? told : 0;
}

static int run(const struct maps *maps, __u32 rate, struct session_deletion *done)
{
	struct ending *endings = NULL;
	__u32 sequence = getpid() & 0x7fff;
	size_t n = 0;
	int err = collect(maps, &endings, &n);

	for (size_t i = 0; i < n && !err; i += rate)
		err = tell_some(maps, endings + i, n - i < rate ? n - i : rate, rate, &sequence);
	if (!err)
		sum_up(maps, endings, n, done);
	free(endings);
	return err;
}

int session_deletion_run(const struct xeir_config *config, struct session_deletion *done)
{
	struct maps maps = {
		pins_open(PIN_NAME(XEIR_MAP_SESSIONS)),
		pins_open(PIN_NAME(XEIR_MAP_BINDINGS)),
		pins_open(PIN_NAME(XEIR_MAP_PENDING)),
	};
	int err = 0;

	*done = (struct session_deletion){};
	if (maps.sessions < 0 || maps.bindings < 0 || maps.pending < 0)
		err = -ENOENT;
	else if (config->deletes)
		err = run(&maps, config->deletes, done);
	if (err && err != -ENOENT)
		complain("sessions are cut, but their ends could not be told: %s", strerror(-err));
	close(maps.sessions);
	close(maps.bindings);
	close(maps.pending);
	return err;
}
