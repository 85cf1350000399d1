// SPDX-License-Identifier: GPL-2.0-only
#include "lib/message.h"

#include <stdio.h>
#include <string.h>

_Thread_local unsigned char msg[MSG_MAX];
_Thread_local size_t msg_len;

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

#define HEADER(octets)                      \
	{                                   \
		octets, sizeof(octets) - 1, \
	}

static const struct {
	const char *octets;
	size_t n;
} headers[] = {
	[V0] = HEADER("\x1e\x10\0\0\0\7\0\0\0\xff\xff\xff" IMSI),
	[V1] = HEADER("\x32\x10\0\0\0\0\0\0\0\7\0\0"),
	[V1_BARE] = HEADER("\x30\x10\0\0\0\0\0\0"),
	[V1_EXTENDED] = HEADER("\x36\x10\0\0\0\0\0\0\0\7\0\xc0"
			       "\1\0\0\2\2\0\0\0\0\0\0\0"),
	[V2] = HEADER("\x48\x20\0\0\0\0\0\0\0\0\7\0"),
	[V2_BARE] = HEADER("\x40\x20\0\0\0\0\7\0"),
};

void msg_start(enum msg_header header)
{
	msg_len = 0;
	msg_add(headers[header].octets, headers[header].n);
	/* without an IMSI it would be for an emergency */
	if (header >= V2)
		msg_add_v2(1, 0, IMSI, 8);
	else if (header >= V1)
		msg_add_v1(2, IMSI, 8);
}

size_t msg_from_hex(const char *hex, unsigned char *octets)
{
	size_t n = 0;

	for (; *hex; hex += 2)
		sscanf(hex, "%2hhx", &octets[n++]);
	return n;
}
