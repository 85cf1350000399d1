// SPDX-License-Identifier: GPL-2.0-only
#include "policy/deletion_request.h"

#include <stdbool.h>
#include <string.h>
#include <xeir/messages.h>

/* Interface types of an F-TEID, TS 29.274 cl. 8.22. */
#define S11_MME 10
#define S4_SGSN 17

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

__u8 deletion_request_type(const struct xeir_session *s, int side)
{
	if (s->version == 1)
		return XEIR_GTPV1_DELETE_PDP;
	return side == XEIR_RESPONDER ? XEIR_GTPV2_DELETE_SESSION : XEIR_GTPV2_DELETE_BEARER;
}

/* All PDP contexts of the address, named by the first one. */
static size_t write_v1(unsigned char *p, const struct xeir_session_key *key,
		       const struct xeir_session *s, int side, __u32 sequence)
{
	p[0] = 0x32; /* version 1, PT, S */
	p[1] = XEIR_GTPV1_DELETE_PDP;
	put16(p + 2, 8);
	put32(p + 4, s->control[side].teid);
	put16(p + 8, sequence);
	put16(p + 10, 0);
	p[12] = 19; /* Teardown Ind */
	p[13] = 0xff;
	p[14] = 20; /* NSAPI */
	p[15] = key->ebi;
	return 16;
}

/* An MME or SGSN asks the SGW to delete the session at the PGW too: flag OI of Indication. */
static bool is_forwarded(const struct xeir_session *s, int side)
{
	return side == XEIR_RESPONDER && (s->interface == S11_MME || s->interface == S4_SGSN);
}

static size_t write_v2(unsigned char *p, const struct xeir_session_key *key,
		       const struct xeir_session *s, int side, __u32 sequence)
{
	size_t len = 17;

	p[0] = 0x48; /* version 2, T */
	p[1] = deletion_request_type(s, side);
	put32(p + 4, s->control[side].teid);
	put32(p + 8, sequence << 8);
	p[12] = 73; /* EBI: the default bearer */
	put16(p + 13, 1);
	p[15] = 0;
	p[16] = key->ebi;
	if (is_forwarded(s, side)) {
		memcpy(p + len, (unsigned char[]){ 77, 0, 3, 0, 0x08, 0, 0 }, 7);
		len += 7;
	}
	put16(p + 2, len - 4);
	return len;
}

size_t deletion_request_write(unsigned char message[DELETION_REQUEST_OCTETS],
			      const struct xeir_session_key *key, const struct xeir_session *s,
			      int side, __u32 sequence)
{
	return s->version == 1 ? write_v1(message, key, s, side, sequence) :
				 write_v2(message, key, s, side, sequence);
}
