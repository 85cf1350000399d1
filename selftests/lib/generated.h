/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Random but lawful frames of GTP-C: every message, IEs in any order, every form of an
 * identity, every encapsulation. The same seed gives the same frames.
 */
#ifndef XEIR_GENERATED_H
#define XEIR_GENERATED_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/generated_values.h"

#define GENERATED_ROOM	8192	/* octets of a frame at most */

/* The next frame; octets written. */
size_t generated_frame(unsigned char frame[GENERATED_ROOM]);

/* What matters to the wrapping of a message. */
struct generated {
	int version;
	bool response; /* to the port that the request came from */
};

/* Into msg and msg_len: the next message, with a second one behind it at times. */
struct generated generated_message(void);

#endif /* XEIR_GENERATED_H */
