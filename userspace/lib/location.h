/* SPDX-License-Identifier: GPL-2.0-only */
/* User Location Information, TS 29.274 cl. 8.21 and TS 29.060 cl. 7.7.51. */
#ifndef XEIR_LIB_LOCATION_H
#define XEIR_LIB_LOCATION_H

#include <stddef.h>
#include <linux/types.h>

#define LOCATION_TEXT 128

/* As "TAI 404-10-4660 ECGI 404-10-123456"; "": it has none of these. Returns @text. */
const char *location_text(__u8 version, const __u8 *uli, size_t octets, char text[LOCATION_TEXT]);

/* The radio access, TS 29.274 cl. 8.17 (TS 29.060 has the same numbers); "": not given. */
#define RAT_TEXT 16
const char *rat_text(__u8 rat, char text[RAT_TEXT]);
/* Back again; -1: it is none. */
int rat_value(const char *text);

#endif /* XEIR_LIB_LOCATION_H */
