// SPDX-License-Identifier: GPL-2.0-only
/*
 * usage: reassembled_probe list
 *	  reassembled_probe PINS INTERFACE SEED FRAMES
 *
 * Prints the list that generated messages are judged by. Or sends such messages, some of them
 * spoilt, each as two IP fragments, to where a hook judges them reassembled; and compares what the
 * pinned maps then count with the native verdict on the frame that was not fragmented.
 */
#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "lib/counters.h"
#include "lib/generated.h"
#include "lib/native.h"

#define IPV6_HEADER 40
#define UDP_HEADER 8
#define EXTENSION 8 /* octets that each generated one has */

static struct judge_entry entries[NATIVE_LISTED];
static int sender, counters, hits;
static struct sockaddr_ll to = { .sll_family = AF_PACKET };

static void die(const char *what)
{
	fprintf(stderr, "reassembled_probe: %s: %s\n", what, strerror(errno));
	exit(2);
}

static int print_list(void)
{
	static const char *const actions[] = { "pass", "watch", "reject", "drop" };

	puts("imei,action");
	for (int i = 0; i < NATIVE_LISTED; i++) {
		for (int octet = 0; octet < XEIR_IMEI_OCTETS; octet++)
			printf("%d%d", entries[i].key.id[octet] & 0x0f,
			       entries[i].key.id[octet] >> 4);
		printf(",%s\n", actions[entries[i].side.action]);
	}
	return 0;
}

static void put16(unsigned char *at, unsigned int n)
{
	at[0] = n >> 8;
	at[1] = n;
}

static unsigned int get16(const unsigned char *at)
{
	return at[0] << 8 | at[1];
}

static void put_checksum(unsigned char *ip, size_t octets)
{
	unsigned int sum = 0;

	put16(ip + 10, 0);
	for (size_t i = 0; i < octets; i += 2)
		sum += get16(ip + i);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	put16(ip + 10, ~sum);
}

/* A packet, in the parts that matter to its fragments. */
struct packet {
	const unsigned char *ip;
	size_t headers; /* octets in front of what can be fragmented */
	size_t octets; /* that can be */
	size_t least; /* octets that the first fragment must have */
	size_t next_at; /* where the headers say what follows them */
	int version;
};

static struct packet read_ipv4(const unsigned char *ip)
{
	const size_t headers = (ip[0] & 0x0f) * 4;

	return (struct packet){
		.ip = ip,
		.headers = headers,
		.octets = get16(ip + 2) - headers,
		.least = UDP_HEADER,
		.version = 4,
	};
}

/* The first fragment has all headers up to UDP's, RFC 8200 cl. 4.5. */
static struct packet read_ipv6(const unsigned char *ip)
{
	struct packet p = {
		.ip = ip,
		.headers = IPV6_HEADER,
		.least = UDP_HEADER,
		.next_at = 6,
		.version = 6,
	};
	unsigned char next = ip[6];
	size_t at = IPV6_HEADER;

	if (next == IPPROTO_HOPOPTS) {
		p.headers = at + EXTENSION;
		p.next_at = at;
		next = ip[at];
		at += EXTENSION;
	}
	for (; next != IPPROTO_UDP; at += EXTENSION) {
		next = ip[at];
		p.least += EXTENSION;
	}
	p.octets = IPV6_HEADER + get16(ip + 4) - p.headers;
	return p;
}

/* What of @p lies between two offsets, as a fragment under that identification. */
static void send_fragment(const struct packet *p, size_t from, size_t end, unsigned int id)
{
	unsigned char frame[GENERATED_ROOM] = "\2\0\0\0\0\2\2\0\0\0\0\1", *ip = frame + ETH_HLEN;
	const unsigned int more = end < p->octets;
	size_t len = ETH_HLEN + p->headers;

	put16(frame + 12, p->version == 4 ? ETH_P_IP : ETH_P_IPV6);
	memcpy(ip, p->ip, p->headers);
	if (p->version == 4) {
		put16(ip + 2, p->headers + end - from);
		put16(ip + 4, id);
		put16(ip + 6, more << 13 | from / 8);
		put_checksum(ip, p->headers);
	} else {
		unsigned char fragment[8] = { p->ip[p->next_at], 0, from >> 8, from | more };

		ip[p->next_at] = IPPROTO_FRAGMENT;
		put16(fragment + 6, id);
		put16(ip + 4, p->headers - IPV6_HEADER + sizeof(fragment) + end - from);
		memcpy(frame + len, fragment, sizeof(fragment));
		len += sizeof(fragment);
	}
	memcpy(frame + len, p->ip + p->headers + from, end - from);
	len += end - from;
	if (sendto(sender, frame, len, 0, (struct sockaddr *)&to, sizeof(to)) < 0)
		die("sendto");
}

/* Cut at chance, the last one first at times. */
static void send_in_two(const unsigned char *frame, size_t off, unsigned int id)
{
	const struct packet p =
		frame[off] >> 4 == 4 ? read_ipv4(frame + off) : read_ipv6(frame + off);
	const size_t cut = p.least + 8 * chance((p.octets - p.least + 7) / 8);

	if (chance(2)) {
		send_fragment(&p, 0, cut, id);
		send_fragment(&p, cut, p.octets, id);
	} else {
		send_fragment(&p, cut, p.octets, id);
		send_fragment(&p, 0, cut, id);
	}
}

static __u64 hits_of(const struct xeir_key *key)
{
	struct xeir_hits found = {};

	bpf_map_lookup_elem(hits, key, &found);
	return found.packets;
}

/* Until something is counted, for a while at most. */
static struct judged wait_verdict(const struct xeir_counter *before)
{
	const struct timespec pause = { .tv_nsec = 100000 };
	struct xeir_counter after[XEIR_RULE_MAX + 1];

	for (int tries = 0; tries < 20000; tries++) {
		counters_read(counters, after);
		if (memcmp(before, after, sizeof(after)))
			break;
		nanosleep(&pause, NULL);
	}
	return counters_verdict(before, after);
}

/* Is the reassembled message judged as natively? Without the module no response can be sent. */
static bool alike(const unsigned char *frame, size_t len, const struct xeir_config *config,
		  unsigned int id)
{
	const struct native n = native_frame(frame, len, config, entries, NATIVE_LISTED);
	/* the module responds where the message can have a response; else a reject is a drop */
	const __u8 action = n.v.action == XEIR_ACTION_REJECT ? XEIR_ACTION_DROP : n.v.action;
	const __u64 met = hits_of(&n.key);
	struct xeir_counter before[XEIR_RULE_MAX + 1];
	struct judged v;

	counters_read(counters, before);
	send_in_two(frame, native_packet(frame, len), id);
	v = wait_verdict(before);
	if ((v.action == action || v.action == n.v.action) && v.rule == n.v.rule &&
	    hits_of(&n.key) - met == !!n.key.kind)
		return true;
	printf("natively action %d, rule %d; by the hook %d, %d, %llu hits\n", n.v.action, n.v.rule,
	       v.action, v.rule, hits_of(&n.key) - met);
	for (size_t i = 0; i < len; i++)
		printf("%02x", frame[i]);
	putchar('\n');
	return false;
}

/* Bits turned at the end, which is GTP-C's, of every other message. */
static void spoil(unsigned char *frame, size_t len)
{
	const size_t off = native_packet(frame, len);
	const struct packet p =
		frame[off] >> 4 == 4 ? read_ipv4(frame + off) : read_ipv6(frame + off);
	unsigned char *gtpc = frame + off + p.headers + p.least;

	for (unsigned int bits = chance(2) * chance(6); bits; bits--)
		gtpc[chance(p.octets - p.least)] ^= 1 << chance(8);
}

static int open_pin(const char *pins, const char *name)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", pins, name);
	fd = bpf_obj_get(path);
	if (fd < 0)
		die(path);
	return fd;
}

static void open_all(const char *pins, const char *ifname, struct xeir_config *config)
{
	__u32 zero = 0;

	counters = open_pin(pins, "xeir_counters");
	hits = open_pin(pins, "xeir_hits");
	if (bpf_map_lookup_elem(open_pin(pins, "xeir_config"), &zero, config))
		die("xeir_config");
	sender = socket(AF_PACKET, SOCK_RAW, 0);
	to.sll_ifindex = if_nametoindex(ifname);
	if (sender < 0 || !to.sll_ifindex)
		die(ifname);
}

int main(int argc, char **argv)
{
	struct xeir_config config;
	long frames, differ = 0;

	native_list(entries);
	if (argc == 2 && !strcmp(argv[1], "list"))
		return print_list();
	if (argc != 5) {
		fputs("usage: reassembled_probe list | PINS INTERFACE SEED FRAMES\n", stderr);
		return 2;
	}
	open_all(argv[1], argv[2], &config);
	generated_seed(strtoull(argv[3], NULL, 0));
	frames = atol(argv[4]);
	for (long i = 0; i < frames && differ < 10; i++) {
		unsigned char frame[GENERATED_ROOM];
		size_t len = generated_frame(frame);

		spoil(frame, len);
		differ += !alike(frame, len, &config, i);
	}
	printf("seed %s: %ld messages, %ld differ\n", argv[3], frames, differ);
	return differ != 0;
}
