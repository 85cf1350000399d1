// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <pcap/pcap.h>
#include <pcap/sll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "lib/capture.h"
#include "lib/say.h"

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

static pcap_t *open_pcap(const char *path)
{
	FILE *file = strcmp(path, "-") ? fopen(path, "rbe") : stdin;
	char error[PCAP_ERRBUF_SIZE] = "";
	pcap_t *pcap;

	if (!file) {
		complain("%s: %s", path, strerror(errno));
		return NULL;
	}
	pcap = pcap_fopen_offline(file, error);
	if (!pcap) {
		complain("%s: a pcap or pcapng file is expected: %s", path, error);
		fclose(file);
	}
	return pcap;
}

struct capture *capture_open(const char *path)
{
	struct capture *capture = calloc(1, sizeof(*capture));
	const char *name;

	if (!capture) {
		complain("out of memory");
		return NULL;
	}
	capture->path = path;
	capture->pcap = open_pcap(path);
	if (!capture->pcap) {
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

/* Where the type of a frame's payload stands; 0: its link type has no such field. */
static uint32_t type_offset(int link)
{
	switch (link) {
	case DLT_EN10MB:
		return offsetof(struct ethhdr, h_proto);
	case DLT_LINUX_SLL:
		return SLL_HDR_LEN - 2;
	}
	return 0;
}

/* Octets of a link header without tags behind it. */
static uint32_t link_octets(int link)
{
	switch (link) {
	case DLT_LINUX_SLL2:
		return SLL2_HDR_LEN;
	case DLT_NULL:
	case DLT_LOOP:
		return 4;
	}
	return 0;
}

static bool find_datagram(struct capture *capture, const struct xeir_bytes *b,
			  struct xeir_datagram *d)
{
	uint32_t at = type_offset(capture->link), ip = link_octets(capture->link), type;
	uint8_t rule = XEIR_RULE_NOT_GTP_C;
	const uint8_t *p;
	bool found;

	if (at) {
		ip = xeir_skip_tags(b, at, &type);
		if (!ip || (type != ETH_P_IP && type != ETH_P_IPV6))
			return false;
	}
	p = xeir_at(b, ip, 1);
	memset(d, 0, sizeof(*d));
	found = p && xeir_find_datagram(b, ip, p[0] >> 4, d, &rule) == XEIR_FOUND_GTPC;
	capture->fragments += rule == XEIR_RULE_FRAGMENT;
	return found;
}

int capture_next(struct capture *capture, struct xeir_datagram *datagram, struct xeir_bytes *bytes)
{
	struct pcap_pkthdr *header;
	const u_char *frame;
	int got;

	while ((got = pcap_next_ex(capture->pcap, &header, &frame)) == 1) {
		struct xeir_bytes b = { .start = frame, .end = frame + header->caplen };

		capture->frames++;
		if (find_datagram(capture, &b, datagram)) {
			*bytes = xeir_datagram_bytes(&b, datagram);
			return 1;
		}
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
