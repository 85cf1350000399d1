/* SPDX-License-Identifier: GPL-2.0-only */
/* A GTP-C message, built IE by IE. */
#ifndef XEIR_MESSAGE_BUILDER_H
#define XEIR_MESSAGE_BUILDER_H

#include <stddef.h>

#define MSG_MAX 8192

/* 35349006987331 as IMEISV, the one that tests list; and one that they do not */
#define LISTED "\x53\x43\x09\x60\x89\x37\x13\x35"
#define CLEAN "\x53\x27\x02\x90\x42\x15\x83\xf7"
#define IMSI "\x04\x04\x01\x21\x43\x65\x87\xf9" /* 404010123456789 */

/* Headers; bare ones have no optional fields. */
enum msg_header {
	V0,
	V1,
	V1_BARE,
	V1_EXTENDED,
	V2,
	V2_BARE,
};

/* Of each thread, so that several may build and send at once. */
extern _Thread_local unsigned char msg[MSG_MAX];
extern _Thread_local size_t msg_len;

/* A set-up request with IMSI; the caller changes the type in msg[1] for another message. */
void msg_start(enum msg_header header);

void msg_add(const void *octets, size_t n);
void msg_add_v1(unsigned char type, const void *value, size_t n);
void msg_add_v2(unsigned char type, unsigned char instance, const void *value, size_t n);

/* Lengths are right unless a caller spoils them afterwards. */
void msg_set_length(void);

/* The octets of @hex, at @octets; how many. */
size_t msg_from_hex(const char *hex, unsigned char *octets);

#endif /* XEIR_MESSAGE_BUILDER_H */
