/* SPDX-License-Identifier: GPL-2.0-only */
/* The multicast groups of the family: what the module tells without being asked. */
#ifndef XEIR_NOTICES_H
#define XEIR_NOTICES_H

#include <stdint.h>

#include "transport.h"

struct mnl_socket;

/* Either a change of the list, or an event of the module. */
struct notice {
	uint32_t event;		/* enum xeir_event_kind; UNSPEC: the list changed */
	struct outcome outcome;	/* of an event: only the generation */
};

/* Joins both groups; NULL: said why. */
struct mnl_socket *notices_open(void);

/* Hand each notice that has come to @each; 0 or -errno, said why. */
int notices_read(struct mnl_socket *socket, void (*each)(const struct notice *notice, void *arg),
		 void *arg);

#endif /* XEIR_NOTICES_H */
