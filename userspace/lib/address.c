// SPDX-License-Identifier: GPL-2.0-only
#include "lib/address.h"

#include <arpa/inet.h>
#include <string.h>

static const __u8 mapped[12] = { [10] = 0xff, [11] = 0xff };

const char *address_text(const __u8 address[16], char text[INET6_ADDRSTRLEN])
{
	if (memcmp(address, mapped, sizeof(mapped)))
		return inet_ntop(AF_INET6, address, text, INET6_ADDRSTRLEN);
	return inet_ntop(AF_INET, address + sizeof(mapped), text, INET6_ADDRSTRLEN);
}

int address_read(const char *text, __u8 address[16])
{
	memcpy(address, mapped, sizeof(mapped));
	if (inet_pton(AF_INET, text, address + sizeof(mapped)) == 1)
		return 0;
	return inet_pton(AF_INET6, text, address) == 1 ? 0 : -1;
}
