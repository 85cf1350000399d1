// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the XDP program makes of a request that is rejected: the frame that it sends
 * back, octet by octet where the standard leaves no choice.
 */
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "lib/judge.h"
#include "lib/tap.h"

#define LISTED "\x53\x43\x09\x60\x89\x37\x13\x35"

/* Set-up requests as peers send them, and their rejection. */
static const char v2_request[] = "482000ba00000000001234000100080004040121436587f94c000600198921436"
				 "5874b0008005343096089371335"
				 "56000d001804f410000104f410000001015300030004f41052000100065700090"
				 "08a000010010a01000157000901"
				 "87000000000a0100034700090008696e7465726e6574800001000063000100014"
				 "f00050001000000007f00010000"
				 "48000800000186a0000186a05d001f004900010005500016007c0900000000000"
				 "000000000000000000000000000"
				 "000300010007";
static const char v2_response[] = "4821000e0000100100123400020002005d00";
static const char v1_request[] = "3210007300000000040100000242000121436587f90e010f01100000000111000"
				 "0000114001a0800800002f12183"
				 "000908696e7465726e657484001580c0231101010011036d69670868656d6d656"
				 "c69678500040a6300018500040a"
				 "630001860007916407123254f6870004000b921f9a00085343096089371335";
static const char v1_response[] = "321100060000000104010000"
				  "01de";

/* A frame in parts; the same offsets hold for the response. */
struct frame {
	unsigned char octets[512];
	size_t len, ip, udp;
};

static size_t from_hex(const char *hex, unsigned char *octets)
{
	size_t n = 0;

	for (; *hex; hex += 2)
		sscanf(hex, "%2hhx", &octets[n++]);
	return n;
}

static void add(struct frame *f, const void *octets, size_t n)
{
	memcpy(f->octets + f->len, octets, n);
	f->len += n;
}

static void add16(struct frame *f, unsigned int n)
{
	add(f, (unsigned char[]){ n >> 8, n }, 2);
}

static void build(struct frame *f, int version, bool tagged, const unsigned char *msg, size_t len)
{
	memset(f, 0, sizeof(*f));
	add(f, "\x02\0\0\0\0\2\x02\0\0\0\0\1", 12);
	if (tagged)
		add(f, "\x81\0\0\x7b", 4);
	add16(f, version == 4 ? ETH_P_IP : ETH_P_IPV6);
	f->ip = f->len;
	if (version == 4) {
		add(f, "\x45\0", 2);
		add16(f, 28 + len);
		add(f, "\0\0\0\0\x40\x11\0\0\x0a\x63\0\1\x0a\x63\0\2", 16);
	} else {
		add(f, "\x60\0\0\0", 4);
		add16(f, 8 + len);
		add(f, "\x11\x40", 2);
		add(f, "\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\2", 32);
	}
	f->udp = f->len;
	add16(f, 40364);
	add16(f, XEIR_GTPC_PORT);
	add16(f, 8 + len);
	add16(f, 0);
	add(f, msg, len);
}

static unsigned int sum16(const unsigned char *p, size_t n, unsigned int sum)
{
	for (size_t i = 0; i < n; i += 2)
		sum += p[i] << 8 | (i + 1 < n ? p[i + 1] : 0);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* Over header, payload and pseudo header, a right checksum sums to all ones. */
static bool checksums_hold(const struct frame *f, int version)
{
	size_t octets = f->len - f->udp;
	const unsigned char *addresses = f->octets + f->ip + (version == 4 ? 12 : 8);
	unsigned int sum = sum16(addresses, version == 4 ? 8 : 32, IPPROTO_UDP + octets);

	if (version == 4 && sum16(f->octets + f->ip, 20, 0) != 0xffff)
		return false;
	return sum16(f->octets + f->udp, octets, sum) == 0xffff;
}

static bool goes_back(const struct frame *to, const struct frame *from, int version)
{
	size_t n = version == 4 ? 4 : 16, at = from->ip + (version == 4 ? 12 : 8);

	return !memcmp(to->octets, from->octets + 6, 6) &&
	       !memcmp(to->octets + 6, from->octets, 6) &&
	       !memcmp(to->octets + 12, from->octets + 12, from->ip - 12) &&
	       !memcmp(to->octets + at, from->octets + at + n, n) &&
	       !memcmp(to->octets + at + n, from->octets + at, n) &&
	       !memcmp(to->octets + to->udp, from->octets + from->udp + 2, 2) &&
	       !memcmp(to->octets + to->udp + 2, from->octets + from->udp, 2);
}

static void responds(const char *name, int version, bool tagged, const char *request,
		     const char *expected)
{
	unsigned char msg[256], response[32];
	size_t n = from_hex(request, msg), len = from_hex(expected, response);
	struct frame from, to;
	struct judged v;

	build(&from, version, tagged, msg, n);
	to = from;
	to.len = sizeof(to.octets);
	v = judge_turned(JUDGE_INGRESS, from.octets, from.len, to.octets, &to.len);
	tap_ok(v.action == XEIR_ACTION_REJECT && v.rule == XEIR_RULE_IMEI, "%s: is rejected", name);
	tap_ok(to.len == from.udp + 8 + len && !memcmp(to.octets + from.udp + 8, response, len),
	       "%s: by the response that the standard has, and no more", name);
	tap_ok(goes_back(&to, &from, version), "%s: which goes back the way it came", name);
	tap_ok(checksums_hold(&to, version), "%s: with right checksums", name);
}

/* Rejected, but not to be answered: it is dropped, and counted so. */
static void unanswered(const char *name, const struct frame *f)
{
	static const char *const ways[] = {
		[JUDGE_INGRESS] = "ingress",
		[JUDGE_EGRESS] = "egress",
	};

	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		struct judged v = judge_by(i, f->octets, f->len);

		tap_ok(v.action == XEIR_ACTION_DROP && v.rule == XEIR_RULE_IMEI,
		       "%s: is dropped on %s", name, ways[i]);
	}
}

static void silences(void)
{
	unsigned char msg[256];
	size_t n = from_hex(v2_request, msg);
	struct frame f;

	build(&f, 4, false, msg, n);
	f.octets[0] |= 1;
	unanswered("a frame to a multicast address", &f);

	build(&f, 4, false, msg, n);
	f.octets[f.ip + 16] = 0xff;
	unanswered("a packet to a broadcast address", &f);

	build(&f, 4, false, msg, n);
	f.octets[f.ip + 12] = 0;
	unanswered("a packet from no address", &f);

	build(&f, 6, false, msg, n);
	f.octets[f.ip + 8] = 0xff;
	unanswered("an IPv6 packet from a multicast address", &f);

	msg[75] = 88; /* in place of the Sender F-TEID */
	build(&f, 4, false, msg, n);
	unanswered("a request without the sender's F-TEID", &f);

	from_hex(v2_request, msg);
	memset(msg + 80, 0, 4);
	build(&f, 4, false, msg, n);
	unanswered("one with TEID 0 in it", &f);
}

/* Behind one that could be answered: the response would be to the wrong message. */
static void second(void)
{
	unsigned char msg[400];
	size_t n = from_hex(v2_request, msg);
	struct frame f;

	from_hex(v2_request, msg + n);
	msg[0] |= 0x10;
	msg[38] ^= 1; /* a digit of the IMEI, so that the first is not listed */
	for (int version = 4; version <= 6; version += 2) {
		build(&f, version, false, msg, 2 * n);
		unanswered(version == 4 ? "a second message, IPv4" : "a second message, IPv6", &f);
	}
}

static void rate(void)
{
	struct xeir_config config = XEIR_CONFIG_DEFAULT;
	unsigned char msg[256];
	size_t n = from_hex(v1_request, msg);
	struct frame f;

	config.rejects = 0;
	judge_configure(&config);
	build(&f, 4, false, msg, n);
	unanswered("one past the limit of a second", &f);
	config = (struct xeir_config)XEIR_CONFIG_DEFAULT;
	config.cause_v1 = 200;
	judge_configure(&config);
	responds("another cause", 4, false, v1_request,
		 "321100060000000104010000"
		 "01c8");
}

int main(void)
{
	struct judge_entry entry = { .key.kind = XEIR_KIND_IMEI,
				     .side.action = XEIR_ACTION_REJECT };
	const char *why = NULL;

	memcpy(entry.key.id, LISTED, XEIR_IMEI_OCTETS);
	if (!judge_open(JUDGE_EGRESS, &why)) {
		if (why)
			return tap_skip_all(why);
		tap_ok(false, "the XDP program loads");
		return tap_done();
	}
	judge_list(&entry, 1);
	responds("GTPv2, IPv4", 4, false, v2_request, v2_response);
	responds("GTPv2, IPv4, tagged", 4, true, v2_request, v2_response);
	responds("GTPv2, IPv6", 6, false, v2_request, v2_response);
	responds("GTPv1, IPv4", 4, false, v1_request, v1_response);
	responds("GTPv1, IPv6, tagged", 6, true, v1_request, v1_response);
	silences();
	second();
	rate();
	judge_close();
	return tap_done();
}
