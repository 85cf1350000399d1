/* SPDX-License-Identifier: GPL-2.0-only */
/* A Create Session Request as an SGW sends it: 20 IEs, the IMEI as the last but one. */
#ifndef XEIR_REQUEST_H
#define XEIR_REQUEST_H

#include "bench.h"

/* Where what differs from one to the next is in the frame. */
struct request {
	struct frame frame;
	unsigned int sequence, imei, imsi;
};

void request_build(struct request *request);

#endif /* XEIR_REQUEST_H */
