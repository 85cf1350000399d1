// SPDX-License-Identifier: GPL-2.0-only
#include "request.h"

#include <xeir/messages.h>
#include <xeir/ports.h>

#include "lib/transaction.h"
#include "handset.bpf.h"

#define HEADERS (14 + 20 + 8)

static const struct node sgw = { 0x0a630001, 0 }, pgw = { 0x0a630002, 0 };
static const struct bearer_end user = { 2, { 0x200, { 0x0a620001, 0 } } };

static const unsigned char options[80] = { 0x80, 0x80, 0x21, 16, 1, 0, 0, 16 };
static const unsigned char quality[22] = { 0x7c, 9 };

/* IEs of octets that are not looked at. */
static const struct {
	unsigned char type, octets;
} plain[] = {
	{ 83, 3 }, /* Serving Network */
	{ 77, 8 }, /* Indication */
	{ 128, 1 }, /* Selection Mode */
	{ 99, 1 }, /* PDN Type */
	{ 79, 5 }, /* PAA */
	{ 127, 1 }, /* APN Restriction */
	{ 72, 8 }, /* AMBR */
	{ 114, 2 }, /* UE Time Zone */
	{ 95, 2 }, /* Charging Characteristics */
	{ 97, 4 }, /* User CSG Information */
};

static void add_bearer_context(void)
{
	const size_t start = msg_len;

	add_bearer(0, 5, 0, &user, 1);
	msg_add_v2(80, 0, quality, sizeof(quality));
	msg[start + 2] = msg_len - start - 4;
}

void request_build(struct request *request)
{
	const struct transaction x = { sgw, pgw, 40364, 1, 2 };
	static const unsigned char zero[16];

	begin_message(&x, XEIR_GTPV2_CREATE_SESSION, 0);
	request->sequence = HEADERS + 8;
	request->imsi = HEADERS + msg_len + 4;
	msg_add_v2(1, 0, HANDSET_TAC "\0\0\0\0\xf1", 8);
	msg_add_v2(76, 0, "\x44\x77\x09\0\x21\x43", 6);
	msg_add_v2(86, 0, "\x18\x62\xf2\x10\0\1\x62\xf2\x10\0\0\1\1", 13);
	add_octet_v2(82, 0, 6);
	add_f_teid(0, &(struct f_teid){ 0x100, sgw });
	msg_add_v2(71, 0, "\x08internet\6mnc001\6mcc262\4gprs", 28);
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		msg_add_v2(plain[i].type, 0, zero, plain[i].octets);
	msg_add_v2(78, 0, options, sizeof(options));
	add_bearer_context();
	request->imei = HEADERS + msg_len + 4;
	msg_add_v2(75, 0, HANDSET_TAC "\0\0\0\0\xf1", 8);
	add_octet_v2(3, 0, 7);
	msg_set_length();
	request->frame.len =
		frame_message(&sgw, 40364, &pgw, XEIR_GTPC_PORT, request->frame.octets);
}
