/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Frames of GTP-C as chance will have them, but lawful: every message, its IEs in
 * any order, every form of an identity, every wrapping. The same seed gives the
 * same frames.
 */
#ifndef XEIR_GENERATED_H
#define XEIR_GENERATED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GENERATED_ROOM	8192	/* octets of a frame at most */
#define GENERATED_IMEIS	1000	/* handsets that the frames are of */

void generated_seed(uint64_t seed);

/* The next frame; octets written. */
size_t generated_frame(unsigned char frame[GENERATED_ROOM]);

/* The IMEISV of a handset, as its IE has it. */
void generated_imei(unsigned int handset, unsigned char octets[8]);

/* A number below @n, which must not be 0. */
unsigned int chance(unsigned int n);

/* What matters to the wrapping of a message. */
struct generated {
	int version;
	bool answer; /* to the port that was asked from */
};

/* Into msg and msg_len: the next message, with a second one behind it at times. */
struct generated generated_message(void);

#endif /* XEIR_GENERATED_H */
