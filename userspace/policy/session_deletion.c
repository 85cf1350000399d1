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
#include <xeir/ports.h>

#include "lib/identifier.h"
#include "lib/say.h"
#include "policy/deletion_request.h"
#include "transport/pins.h"

/* Retransmission as by a GTP peer, TS 29.274 cl. 7.6. */
#define ROUNDS 3
#define ROUND_NS 1000000000L

/* A request to one side of the session. */
struct side {
	struct xeir_transaction_key key;
	bool known; /* its control TEID is bound to this session */
	bool answered;
};

struct deletion {
	struct xeir_session_key key;
	struct xeir_session session;
	struct side sides[XEIR_SIDES];
	bool begun;
};

struct maps {
	int sessions, bindings, pending;
};

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

/* Is the control TEID of that side still bound to the session? */
static bool is_bound(const struct maps *maps, const struct deletion *e, int side,
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

/* The addresses of a request; port and sequence number are set when it is sent. */
static void address_side(const struct maps *maps, struct deletion *e, int side)
{
	struct side *t = &e->sides[side];
	const __u8 *as = e->session.peer[!side];

	memcpy(t->key.requester, as, 16);
	t->key.version = e->session.version;
	t->key.responder_port = XEIR_GTPC_PORT;
	t->known = address_of(&e->session.control[side], as, t->key.responder) &&
		   is_bound(maps, e, side, t->key.responder);
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

/* The programs match the response with a pending transaction, so that is written first. */
static int add_pending(const struct maps *maps, const struct deletion *e, int side)
{
	const struct side *t = &e->sides[side];
	struct xeir_transaction transaction = {
		.teid = e->session.control[side].teid,
		.type = deletion_request_type(&e->session, side),
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

/* Is the session still the one that was cut? Another one may have its TEIDs by now. */
static bool is_cut(const struct maps *maps, const struct deletion *e)
{
	struct xeir_session now;

	return !bpf_map_lookup_elem(maps->sessions, &e->key, &now) && now.cut &&
	       now.started_ns == e->session.started_ns;
}

static int send_request(const struct maps *maps, struct deletion *e, int side, __u32 sequence)
{
	struct side *t = &e->sides[side];
	unsigned char message[DELETION_REQUEST_OCTETS];
	struct sockaddr_storage to;
	socklen_t to_len = socket_address(t->key.responder, XEIR_GTPC_PORT, &to);
	size_t len;
	int err, fd = open_as(t->key.requester, &t->key.requester_port);

	if (fd < 0)
		return fd;
	t->key.sequence = sequence;
	err = add_pending(maps, e, side);
	len = deletion_request_write(message, &e->key, &e->session, side, sequence);
	if (!err && sendto(fd, message, len, 0, (struct sockaddr *)&to, to_len) < 0)
		err = -errno;
	close(fd);
	return err;
}

static bool has_responded(const struct maps *maps, struct side *t)
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

/* Send to each side that has not responded; returns how many those were, or -errno. */
static int send_both(const struct maps *maps, struct deletion *e, __u32 *sequence)
{
	int sent = 0, err = 0;

	/* the first response ends the session, but the other side still needs its request */
	if (!e->begun && !is_cut(maps, e))
		return 0;
	for (int side = 0; side < XEIR_SIDES && !e->begun; side++)
		address_side(maps, e, side);
	for (int side = 0; side < XEIR_SIDES && !err; side++) {
		if (!e->sides[side].known || has_responded(maps, &e->sides[side]))
			continue;
		*sequence = (*sequence + 1) & 0x7fff;
		err = send_request(maps, e, side, *sequence);
		sent++;
	}
	e->begun = true;
	return err ? err : sent;
}

/* Send once to each side that has not responded; returns how many sessions, or -errno. */
static int send_round(const struct maps *maps, struct deletion *deletions, size_t n, __u32 rate,
		      __u32 *sequence)
{
	int sent = 0;

	for (size_t i = 0; i < n; i++) {
		int sides = send_both(maps, &deletions[i], sequence);

		if (sides < 0)
			return sides;
		if (!sides)
			continue;
		sent++;
		pause_ns(1000000000L / rate);
	}
	return sent;
}

static int collect(const struct maps *maps, struct deletion **deletions, size_t *n)
{
	struct xeir_session_key key, *before = NULL;
	struct xeir_session session;
	struct deletion *grown;
	size_t capacity = 0;

	for (; !bpf_map_get_next_key(maps->sessions, before, &key); before = &key) {
		if (bpf_map_lookup_elem(maps->sessions, &key, &session) || !session.cut)
			continue;
		if (*n == capacity) {
			capacity = capacity ? 2 * capacity : 1024;
			grown = realloc(*deletions, capacity * sizeof(**deletions));
			if (!grown)
				return -ENOMEM;
			*deletions = grown;
		}
		(*deletions)[(*n)++] = (struct deletion){ .key = key, .session = session };
	}
	return 0;
}

/* The system log is evidence of what was deleted. */
static void log_deletion(const struct maps *maps, struct deletion *e)
{
	char imei[IDENTIFIER_TEXT], imsi[IDENTIFIER_TEXT];
	bool deleted = has_responded(maps, &e->sides[XEIR_REQUESTER]) &&
		       has_responded(maps, &e->sides[XEIR_RESPONDER]);

	identifier_bcd(e->session.subscriber.imei, XEIR_IMEI_OCTETS, imei);
	identifier_bcd(e->session.subscriber.imsi, XEIR_NUMBER_OCTETS, imsi);
	syslog(deleted ? LOG_NOTICE : LOG_WARNING, "session of imei %s imsi %s, teid 0x%x: %s",
	       imei, imsi, e->key.teid, deleted ? "deleted" : "delete not answered");
}

static void sum_up(const struct maps *maps, struct deletion *deletions, size_t n,
		   struct session_deletion *done)
{
	openlog("xeir", LOG_PID, LOG_AUTHPRIV);
	for (size_t i = 0; i < n; i++) {
		if (!deletions[i].begun)
			continue;
		log_deletion(maps, &deletions[i]);
		done->sessions++;
		done->unanswered += !has_responded(maps, &deletions[i].sides[XEIR_REQUESTER]) ||
				    !has_responded(maps, &deletions[i].sides[XEIR_RESPONDER]);
	}
	closelog();
}

/* The sessions of one second, until all sides have responded or ROUNDS are over. */
static int send_batch(const struct maps *maps, struct deletion *deletions, size_t n, __u32 rate,
		      __u32 *sequence)
{
	int sent = 1;

	for (int round = 0; round < ROUNDS && sent > 0; round++) {
		sent = send_round(maps, deletions, n, rate, sequence);
		if (sent > 0)
			pause_ns(ROUND_NS);
	}
	return sent < 0 ? sent : 0;
}

static int run(const struct maps *maps, __u32 rate, struct session_deletion *done)
{
	struct deletion *deletions = NULL;
	__u32 sequence = getpid() & 0x7fff;
	size_t n = 0;
	int err = collect(maps, &deletions, &n);

	for (size_t i = 0; i < n && !err; i += rate)
		err = send_batch(maps, deletions + i, n - i < rate ? n - i : rate, rate, &sequence);
	if (!err)
		sum_up(maps, deletions, n, done);
	free(deletions);
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
		complain("sessions are cut, but they could not be deleted at their ends: %s",
			 strerror(-err));
	close(maps.sessions);
	close(maps.bindings);
	close(maps.pending);
	return err;
}
