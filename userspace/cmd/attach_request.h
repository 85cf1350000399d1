/* SPDX-License-Identifier: GPL-2.0-only */
/* The operands of attach. */
#ifndef XEIR_CMD_ATTACH_REQUEST_H
#define XEIR_CMD_ATTACH_REQUEST_H

#include <stdbool.h>

#include "host/capacity.h"

struct attach_request {
	const char *ifname;
	const char *direction; /* NULL: ingress */
	const char *mode; /* NULL: native, else generic */
	struct capacity capacity;
};

/* EXIT_DONE, or another status after bad_usage(). */
int attach_request_read(int argc, char **argv, struct attach_request *request);

/* @direction: ingress or egress. */
bool attach_wants(const struct attach_request *request, const char *direction);

#endif /* XEIR_CMD_ATTACH_REQUEST_H */
