/* SPDX-License-Identifier: GPL-2.0-only */
/* Network identifiers of APNs (TS 23.003 cl. 9.1), as people write them and as sent. */
#ifndef XEIR_LIB_APN_H
#define XEIR_LIB_APN_H

#include <stddef.h>
#include <xeir/maps.h>

/* As the data path compares them: the wire's length octet in front, a zero octet behind. */
#define APN_MIN 3
#define APN_MAX (XEIR_APN_OCTETS - 2)
#define APN_FORMS "3 to 30 letters, digits, '-' and '.'"

/* Labels of the name, in small letters. 0, or -1: it is none. */
int apn_read(const char *text, size_t len, __u8 labels[XEIR_APN_OCTETS]);

#endif /* XEIR_LIB_APN_H */
