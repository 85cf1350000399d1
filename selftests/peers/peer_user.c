/* SPDX-License-Identifier: GPL-2.0-only */
/* User traffic of the stand-ins, and what comes of it. */
#include <arpa/inet.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <stdio.h>
#include <time.h>

#include "peers/peer_user.h"

#define GTPU_ECHO_REQUEST 1
#define GTPU_ECHO_RESPONSE 2
#define GTPU_G_PDU 255
#define DISCARD_PORT 9

static const uint8_t server[4] = { 10, 46, 0, 1 };

struct user_packet {
	struct iphdr ip;
	struct udphdr udp;
	uint32_t number;
} __attribute__((packed));

static uint16_t checksum(const void *header, size_t len)
{
	const uint8_t *p = header;
	uint32_t sum = 0;

	for (size_t i = 0; i < len; i += 2)
		sum += p[i] << 8 | p[i + 1];
	sum = (sum & 0xffff) + (sum >> 16);
	return htons(~(sum + (sum >> 16)));
}

static void fill_packet(struct user_packet *packet, const struct peer_session *s, int down,
			uint32_t number)
{
	memset(packet, 0, sizeof(*packet));
	packet->ip.version = 4;
	packet->ip.ihl = sizeof(packet->ip) / 4;
	packet->ip.tot_len = htons(sizeof(*packet));
	packet->ip.ttl = 64;
	packet->ip.protocol = IPPROTO_UDP;
	memcpy(&packet->ip.saddr, down ? server : s->ue, 4);
	memcpy(&packet->ip.daddr, down ? s->ue : server, 4);
	packet->ip.check = checksum(&packet->ip, sizeof(packet->ip));
	packet->udp.source = packet->udp.dest = htons(DISCARD_PORT);
	packet->udp.len = htons(sizeof(*packet) - sizeof(packet->ip));
	packet->number = htonl(number);
}

static void begin(struct gtp2_msg *m, uint8_t type, uint32_t teid, size_t octets)
{
	m->len = 0;
	/* version 1, GTP and not GTP'; Echo has a sequence number */
	gtp2_add_number(m, type == GTPU_G_PDU ? 0x30 : 0x32, 1);
	gtp2_add_number(m, type, 1);
	gtp2_add_number(m, octets, 2);
	gtp2_add_number(m, teid, 4);
}

static void send_packet(struct peer *p, const struct peer_session *s, struct peer_bearer *b)
{
	struct user_packet packet;
	struct gtp2_msg m;

	fill_packet(&packet, s, p->role->is_network, ++b->sent);
	begin(&m, GTPU_G_PDU, b->tunnel.far, sizeof(packet));
	gtp2_add(&m, &packet, sizeof(packet));
	peer_send(s->at->user, &m, &b->tunnel.to);
}

static void send_echo(struct peer *p)
{
	struct sockaddr_storage to = p->remote;
	struct gtp2_msg m;

	((struct sockaddr_in *)&to)->sin_port = htons(2152);
	begin(&m, GTPU_ECHO_REQUEST, 0, 4);
	gtp2_add_number(&m, p->path_ms & 0xffff, 2);
	gtp2_add_number(&m, 0, 2);
	peer_send(p->at[0].user, &m, &to);
}

void peer_user_send(struct peer *p, long now_ms)
{
	if (now_ms < p->tick_ms + PEER_TICK_MS)
		return;
	p->tick_ms = now_ms;
	for (int i = 0; i < PEER_SESSIONS * PEER_BEARERS; i++) {
		struct peer_session *s = &p->sessions[i / PEER_BEARERS];
		struct peer_bearer *b = &s->bearers[i % PEER_BEARERS];

		if (*s->imsi && b->ebi && b->tunnel.far)
			send_packet(p, s, b);
	}
	if (p->role->is_network || now_ms < p->path_ms + PEER_PATH_MS)
		return;
	p->path_ms = now_ms;
	send_echo(p);
}

/* When the kernel had it, in microseconds since 1970. */
static long arrived_us(struct msghdr *h)
{
	struct timespec t = {};

	for (struct cmsghdr *c = CMSG_FIRSTHDR(h); c; c = CMSG_NXTHDR(h, c))
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS)
			memcpy(&t, CMSG_DATA(c), sizeof(t));
	return t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void report_packet(struct peer *p, const uint8_t *bytes, size_t len, long us)
{
	uint32_t teid = gtp2_number(bytes + 4, 4);
	struct user_packet packet;

	if (len != 8 + sizeof(packet)) {
		printf("stray: a user packet of %zu octets\n", len);
		return;
	}
	memcpy(&packet, bytes + 8, sizeof(packet));
	for (int i = 0; i < PEER_SESSIONS * PEER_BEARERS; i++) {
		struct peer_session *s = &p->sessions[i / PEER_BEARERS];
		struct peer_bearer *b = &s->bearers[i % PEER_BEARERS];

		if (!*s->imsi || !b->ebi || b->tunnel.own != teid)
			continue;
		printf("gpdu %#x %s %u %u %ld\n", teid, s->imsi, b->ebi, ntohl(packet.number), us);
		return;
	}
	printf("stray: user packet, TEID %#x\n", teid);
}

static void respond_echo(const struct peer_address *at, const uint8_t *bytes,
			 const struct sockaddr_storage *to)
{
	static const uint8_t recovery[] = { 14, 0 };
	struct gtp2_msg m;

	begin(&m, GTPU_ECHO_RESPONSE, 0, 4 + sizeof(recovery));
	gtp2_add(&m, bytes + 8, 2);
	gtp2_add_number(&m, 0, 2);
	gtp2_add(&m, recovery, sizeof(recovery));
	peer_send(at->user, &m, to);
}

void peer_user_receive(struct peer *p, const struct peer_address *at)
{
	struct sockaddr_storage from = {};
	uint8_t bytes[GTP2_BYTES_MAX], control[128];
	struct iovec iov = { bytes, sizeof(bytes) };
	struct msghdr h = { .msg_name = &from,
			    .msg_namelen = sizeof(from),
			    .msg_iov = &iov,
			    .msg_iovlen = 1,
			    .msg_control = control,
			    .msg_controllen = sizeof(control) };
	ssize_t n = recvmsg(at->user, &h, 0);

	if (n < 8)
		return;
	if (bytes[1] == GTPU_G_PDU)
		report_packet(p, bytes, n, arrived_us(&h));
	else if (bytes[1] == GTPU_ECHO_REQUEST && n >= 12)
		respond_echo(at, bytes, &from);
	else if (bytes[1] == GTPU_ECHO_RESPONSE)
		printf("path %ld\n", arrived_us(&h));
}
