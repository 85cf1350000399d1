// SPDX-License-Identifier: GPL-2.0-only
#include "message.h"

#include <stdio.h>
#include <string.h>

unsigned char msg[MSG_MAX];
size_t msg_len;

void msg_add(const void *octets, size_t n)
{
	memcpy(msg + msg_len, octets, n);
	msg_len += n;
}

void msg_add_v2(unsigned char type, unsigned char instance, const void *value, size_t n)
{
	const unsigned char head[] = { type, n >> 8, n, instance };

	msg_add(head, sizeof(head));
	msg_add(value, n);
}

void msg_add_v1(unsigned char type, const void *value, size_t n)
{
	const unsigned char head[] = { type, n >> 8, n };

	msg_add(head, type < 128 ? 1 : sizeof(head));
	msg_add(value, n);
}

void msg_set_length(void)
{
	const int version = msg[0] >> 5;
	size_t counted = msg_len - (version == 2 ? 4 : version ? 8 : 20);

	msg[2] = counted >> 8;
	msg[3] = counted;
}

void msg_start(enum msg_header header)
{
	static const char v1[] = "\x32\x10\x00\x00\x00\x00\x00\x00\x00\x07\x00\x00";
	static const char v1_extended[] = "\x36\x10\x00\x00\x00\x00\x00\x00\x00\x07\x00\xc0"
					  "\x01\x00\x00\x02\x02\x00\x00\x00\x00\x00\x00\x00";
	static const char v2[] = "\x48\x20\x00\x00\x00\x00\x00\x00\x00\x00\x07\x00";

	msg_len = 0;
	if (header == V1)
		msg_add(v1, 12);
	else if (header == V1_EXTENDED)
		msg_add(v1_extended, 24);
	else
		msg_add(v2, 12);
	/* without an IMSI it would be for an emergency */
	if (header == V2)
		msg_add_v2(1, 0, IMSI, 8);
	else
		msg_add_v1(2, IMSI, 8);
}

size_t msg_from_hex(const char *hex, unsigned char *octets)
{
	size_t n = 0;

	for (; *hex; hex += 2)
		sscanf(hex, "%2hhx", &octets[n++]);
	return n;
}
