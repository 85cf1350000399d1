// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sends one Create Session Request in IP fragments, as a network would never do it
 * also: out of order, twice, overlapping, of two minds about the IMEI, with headers
 * in front, or fragmented again.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/udp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "peers/gtp2.h"

#define PADDING 600 /* octets between the IMSI and the MEI */
#define OCTETS_MAX 2048
#define OVERLAP 8

static const char usage[] =
	"usage: fragment_send --from ADDR --to ADDR --imei DIGITS [--other DIGITS] [--port N]\n"
	"                     [--seq N] [--octets N] [--order LIST] [--early]\n"
	"                     [--hop-by-hop|--options|--nested]\n"
	"LIST: numbers of fragments from 0 on, in the order of sending, all by default; N/ is the\n"
	"fragment N of the same message with the IMEI of --other, N< starts 8 octets too early.\n"
	"--octets: of a fragment. --early: the IMEI comes first, not last. IPv6 only, in front of\n"
	"the fragment header: hop-by-hop or destination options. --nested: fragments of "
	"fragments.\n";

struct sending {
	const char *from, *to, *imei, *other, *order;
	unsigned int port, seq, octets;
	int early, nested;
	int option; /* type of an IPv6 header in front of the fragment header, or -1 */
	int family, fd;
	uint8_t source[16], target[16];
	struct sockaddr_storage peer;
	socklen_t peer_len;
};

struct octets {
	uint8_t bytes[OCTETS_MAX];
	size_t len;
};

static void die(const char *what, const char *why)
{
	fprintf(stderr, "fragment_send: %s: %s\n", what, why);
	exit(2);
}

static void add(struct octets *o, const void *bytes, size_t len)
{
	if (len > sizeof(o->bytes) - o->len)
		die("message", "too long");
	memcpy(o->bytes + o->len, bytes, len);
	o->len += len;
}

static size_t address_octets(const struct sending *s)
{
	return s->family == AF_INET ? 4 : 16;
}

static void open_socket(struct sending *s)
{
	s->family = strchr(s->to, ':') ? AF_INET6 : AF_INET;
	if (inet_pton(s->family, s->from, s->source) != 1)
		die(s->from, "no such address");
	if (inet_pton(s->family, s->to, s->target) != 1)
		die(s->to, "no such address");
	s->peer.ss_family = s->family;
	if (s->family == AF_INET) {
		memcpy(&((struct sockaddr_in *)&s->peer)->sin_addr, s->target, 4);
		s->peer_len = sizeof(struct sockaddr_in);
	} else {
		memcpy(&((struct sockaddr_in6 *)&s->peer)->sin6_addr, s->target, 16);
		s->peer_len = sizeof(struct sockaddr_in6);
	}
	/* of this protocol, sockets bring the IP header along */
	s->fd = socket(s->family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	if (s->fd < 0)
		die("socket", strerror(errno));
}

static uint32_t sum16(uint32_t sum, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		sum += i % 2 ? bytes[i] : bytes[i] << 8;
	return sum;
}

static uint16_t udp_checksum(const struct sending *s, const struct octets *udp)
{
	uint32_t sum = sum16(IPPROTO_UDP + udp->len, udp->bytes, udp->len);

	sum = sum16(sum, s->source, address_octets(s));
	sum = sum16(sum, s->target, address_octets(s));
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

static void write_udp(const struct sending *s, const char *imei, struct octets *udp)
{
	static const uint8_t padding[PADDING];
	struct udphdr header = { .uh_sport = htons(40000), .uh_dport = htons(s->port) };
	struct gtp2_msg m;

	gtp2_begin(&m, GTP2_CREATE_SESSION_REQUEST, 0, s->seq);
	if (s->early)
		gtp2_add_digits_ie(&m, GTP2_MEI, imei);
	gtp2_add_digits_ie(&m, GTP2_IMSI, "404010123456789");
	gtp2_add_ie(&m, GTP2_PRIVATE_EXTENSION, 0, padding, sizeof(padding));
	if (!s->early)
		gtp2_add_digits_ie(&m, GTP2_MEI, imei);
	gtp2_end(&m);

	header.uh_ulen = htons(sizeof(header) + m.len);
	udp->len = 0;
	add(udp, &header, sizeof(header));
	add(udp, m.bytes, m.len);
	header.uh_sum = htons(udp_checksum(s, udp));
	memcpy(udp->bytes, &header, sizeof(header));
}

static void send_packet(const struct sending *s, const struct octets *packet)
{
	if (sendto(s->fd, packet->bytes, packet->len, 0, (const struct sockaddr *)&s->peer,
		   s->peer_len) < 0)
		die(s->to, strerror(errno));
}

static void send_ipv4(const struct sending *s, size_t off, int more, const uint8_t *bytes,
		      size_t len)
{
	struct iphdr ip = { .version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_UDP };
	struct octets packet = {};

	ip.tot_len = htons(sizeof(ip) + len);
	ip.id = htons(s->seq);
	ip.frag_off = htons(off / 8 | (more ? IP_MF : 0));
	memcpy(&ip.saddr, s->source, 4);
	memcpy(&ip.daddr, s->target, 4);
	add(&packet, &ip, sizeof(ip));
	add(&packet, bytes, len);
	send_packet(s, &packet);
}

static struct ip6_frag fragment_header(uint32_t id, uint8_t next, size_t off, int more)
{
	return (struct ip6_frag){ .ip6f_nxt = next,
				  .ip6f_offlg = htons(off | !!more),
				  .ip6f_ident = htonl(id) };
}

static void send_ipv6(const struct sending *s, const struct ip6_frag *fragment,
		      const uint8_t *bytes, size_t len)
{
	const uint8_t option[8] = { IPPROTO_FRAGMENT, 0, 1, 4 }; /* PadN */
	struct ip6_hdr ip = { .ip6_flow = htonl(6 << 28), .ip6_hlim = 64 };
	struct octets packet = {};

	ip.ip6_nxt = s->option < 0 ? IPPROTO_FRAGMENT : s->option;
	ip.ip6_plen = htons(sizeof(*fragment) + len + (s->option < 0 ? 0 : sizeof(option)));
	memcpy(&ip.ip6_src, s->source, 16);
	memcpy(&ip.ip6_dst, s->target, 16);
	add(&packet, &ip, sizeof(ip));
	if (s->option >= 0)
		add(&packet, option, sizeof(option));
	add(&packet, fragment, sizeof(*fragment));
	add(&packet, bytes, len);
	send_packet(s, &packet);
}

/* A fragment that is fragmented itself, each half under an identification of its own. */
static void send_nested(const struct sending *s, const struct ip6_frag *inner, const uint8_t *bytes,
			size_t len)
{
	uint32_t id = ~(s->seq << 8 | ntohs(inner->ip6f_offlg) >> 3);
	struct octets whole = {};
	struct ip6_frag outer;
	size_t half = 64;

	add(&whole, inner, sizeof(*inner));
	add(&whole, bytes, len);
	if (half > whole.len)
		half = 8;
	outer = fragment_header(id, IPPROTO_FRAGMENT, 0, 1);
	send_ipv6(s, &outer, whole.bytes, half);
	outer = fragment_header(id, IPPROTO_FRAGMENT, half, 0);
	send_ipv6(s, &outer, whole.bytes + half, whole.len - half);
}

static void send_fragment(const struct sending *s, const struct octets *udp, size_t off, size_t end)
{
	int more = end < udp->len;
	struct ip6_frag fragment = fragment_header(s->seq, IPPROTO_UDP, off, more);
	const uint8_t *bytes = udp->bytes + off;

	if (s->family == AF_INET)
		send_ipv4(s, off, more, bytes, end - off);
	else if (s->nested)
		send_nested(s, &fragment, bytes, end - off);
	else
		send_ipv6(s, &fragment, bytes, end - off);
}

/* The @n-th fragment of @udp; @early starts it that much too early. */
static void send_nth(const struct sending *s, const struct octets *udp, size_t n, size_t early)
{
	size_t off = n * s->octets, end = off + s->octets;

	if (off >= udp->len || early > off)
		die("--order", "there is no such fragment");
	send_fragment(s, udp, off - early, end < udp->len ? end : udp->len);
}

static void send_all(const struct sending *s)
{
	struct octets udp, other;
	const char *at = s->order;

	write_udp(s, s->imei, &udp);
	write_udp(s, s->other, &other);
	for (size_t n = 0; !at && n * s->octets < udp.len; n++)
		send_nth(s, &udp, n, 0);
	while (at && *at) {
		char *end;
		size_t n = strtoul(at, &end, 10);

		send_nth(s, *end == '/' ? &other : &udp, n, *end == '<' ? OVERLAP : 0);
		at = end + strcspn(end, ",");
		at += *at == ',';
	}
}

static void die_usage(void)
{
	fputs(usage, stderr);
	exit(2);
}

static void parse_args(struct sending *s, int argc, char **argv)
{
	static const struct option options[] = {
		{ "from", 1, 0, 'f' },
		{ "to", 1, 0, 't' },
		{ "imei", 1, 0, 'i' },
		{ "other", 1, 0, 'o' },
		{ "port", 1, 0, 'p' },
		{ "seq", 1, 0, 'q' },
		{ "octets", 1, 0, 'c' },
		{ "order", 1, 0, 'r' },
		{ "early", 0, 0, 'e' },
		{ "hop-by-hop", 0, 0, 'h' },
		{ "options", 0, 0, 'd' },
		{ "nested", 0, 0, 'n' },
		{},
	};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'f':
			s->from = optarg;
			break;
		case 't':
			s->to = optarg;
			break;
		case 'i':
			s->imei = optarg;
			break;
		case 'o':
			s->other = optarg;
			break;
		case 'p':
			s->port = strtoul(optarg, NULL, 10);
			break;
		case 'q':
			s->seq = strtoul(optarg, NULL, 10);
			break;
		case 'c':
			s->octets = strtoul(optarg, NULL, 10) & ~7U;
			break;
		case 'r':
			s->order = optarg;
			break;
		case 'e':
			s->early = 1;
			break;
		case 'h':
			s->option = IPPROTO_HOPOPTS;
			break;
		case 'd':
			s->option = IPPROTO_DSTOPTS;
			break;
		case 'n':
			s->nested = 1;
			break;
		default:
			die_usage();
		}
	}
	if (optind != argc || !s->from || !s->to || !s->imei || !s->octets)
		die_usage();
	if (!s->other)
		s->other = s->imei;
}

int main(int argc, char **argv)
{
	struct sending s = { .option = -1, .port = 2123, .octets = 328, .seq = getpid() & 0xffff };

	parse_args(&s, argc, argv);
	open_socket(&s);
	send_all(&s);
	return 0;
}
