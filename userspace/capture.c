// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <pcap/pcap.h>
#include <pcap/sll.h>
#include <stdlib.h>

#include "capture.h"
#include "xeir.h"

#define VLAN_TAGS 4 /* nested ones that are looked through */

struct capture {
	pcap_t *pcap;
	const char *path;
	int link;
	unsigned long frames;
	unsigned long fragments;
};

static bool link_known(int link)
{
	switch (link) {
	case DLT_EN10MB:
	case DLT_LINUX_SLL:
	case DLT_LINUX_SLL2:
	case DLT_RAW:
	case DLT_IPV4:
	case DLT_IPV6:
	case DLT_NULL:
	case DLT_LOOP:
		return true;
	}
	return false;
}

struct capture *capture_open(const char *path)
{
	char error[PCAP_ERRBUF_SIZE] = "";
	struct capture *capture = calloc(1, sizeof(*capture));
	const char *name;

	if (!capture) {
		complain("out of memory");
		return NULL;
	}
	capture->path = path;
	capture->pcap = pcap_open_offline(path, error);
	if (!capture->pcap) {
		complain("%s: a pcap or pcapng file is expected: %s", path, error);
		free(capture);
		return NULL;
	}
	capture->link = pcap_datalink(capture->pcap);
	if (link_known(capture->link))
		return capture;
	name = pcap_datalink_val_to_name(capture->link);
	complain("%s: frames of link type %s (%d); Ethernet, Linux cooked, raw IP or loopback "
		 "are expected",
		 path, name ? name : "unknown", capture->link);
	capture_close(capture);
	return NULL;
}

void capture_close(struct capture *capture)
{
	pcap_close(capture->pcap);
	free(capture);
}

/* Steps over the link header, to the IP header; false: the frame holds none. */
static bool skip_link(int link, struct xeir_bytes *b)
{
	uint32_t proto, at, room = b->end - b->start;

	switch (link) {
	case DLT_EN10MB:
		at = ETH_HLEN;
		break;
	case DLT_LINUX_SLL:
		at = SLL_HDR_LEN;
		break;
	case DLT_LINUX_SLL2:
		if (room < SLL2_HDR_LEN)
			return false;
		proto = xeir_be16(b->start);
		b->start += SLL2_HDR_LEN;
		return proto == ETH_P_IP || proto == ETH_P_IPV6;
	case DLT_NULL:
	case DLT_LOOP:
		if (room < 4)
			return false;
		b->start += 4;
		return true;
	default:
		return true;
	}
	for (int tags = 0; at <= room; at += 4, tags++) {
		proto = xeir_be16(b->start + at - 2);
		if ((proto != ETH_P_8021Q && proto != ETH_P_8021AD) || tags == VLAN_TAGS)
			break;
	}
	if (at > room)
		return false;
	b->start += at;
	return proto == ETH_P_IP || proto == ETH_P_IPV6;
}

/* Steps over the IP header, to the UDP header; the same packets as the program does. */
static bool skip_ip(struct capture *capture, struct xeir_bytes *b)
{
	uint32_t header, room = b->end - b->start;

	if (!room)
		return false;
	if (b->start[0] >> 4 == 6) {
		if (room < 40 || b->start[6] != IPPROTO_UDP)
			return false;
		b->start += 40;
		return true;
	}
	if (b->start[0] >> 4 != 4 || room < 20 || b->start[9] != IPPROTO_UDP)
		return false;
	header = (b->start[0] & 0x0f) * 4;
	if (header < 20 || header > room)
		return false;
	if (xeir_be16(b->start + 6) & 0x1fff) {
		capture->fragments++;
		return false;
	}
	b->start += header;
	return true;
}

static bool find_datagram(struct capture *capture, struct xeir_bytes b, struct datagram *datagram)
{
	const uint8_t *udp;

	if (!skip_link(capture->link, &b) || !skip_ip(capture, &b) || b.end - b.start < 8)
		return false;
	udp = b.start;
	datagram->frame = capture->frames;
	datagram->source = xeir_be16(udp);
	datagram->destination = xeir_be16(udp + 2);
	datagram->octets = xeir_be16(udp + 4);
	datagram->octets -= datagram->octets > 8 ? 8 : datagram->octets;
	datagram->bytes.start = udp + 8;
	datagram->bytes.end = b.end;
	return datagram->source == XEIR_GTPC_PORT || datagram->destination == XEIR_GTPC_PORT;
}

int capture_next(struct capture *capture, struct datagram *datagram)
{
	struct pcap_pkthdr *header;
	const u_char *frame;
	int got;

	while ((got = pcap_next_ex(capture->pcap, &header, &frame)) == 1) {
		struct xeir_bytes b = { .start = frame, .end = frame + header->caplen };

		capture->frames++;
		if (find_datagram(capture, b, datagram))
			return 1;
	}
	if (got == PCAP_ERROR_BREAK)
		return 0;
	complain("%s: damaged behind frame %lu: %s", capture->path, capture->frames,
		 pcap_geterr(capture->pcap));
	return -EIO;
}

unsigned long capture_frames(const struct capture *capture)
{
	return capture->frames;
}

unsigned long capture_fragments(const struct capture *capture)
{
	return capture->fragments;
}
