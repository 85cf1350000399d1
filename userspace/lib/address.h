/* SPDX-License-Identifier: GPL-2.0-only */
/* Addresses as the maps have them: 16 octets, IPv4 as ::ffff:a.b.c.d. */
#ifndef XEIR_LIB_ADDRESS_H
#define XEIR_LIB_ADDRESS_H

#include <linux/types.h>
#include <netinet/in.h>

/* Returns @text. */
const char *address_text(const __u8 address[16], char text[INET6_ADDRSTRLEN]);

/* Of either family. 0, or -1: it is none. */
int address_read(const char *text, __u8 address[16]);

#endif /* XEIR_LIB_ADDRESS_H */
