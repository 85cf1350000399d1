/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The multicast groups of the family.
 * Calls return 0 or a negative errno after complain().
 */
#ifndef XEIR_TRANSPORT_NETLINK_EVENTS_H
#define XEIR_TRANSPORT_NETLINK_EVENTS_H

#include <stdint.h>

#include "transport/genl.h"
#include "transport/transport.h"

/* Either a change of the list, or an event of the module. */
struct netlink_event {
	uint32_t kind;		/* enum xeir_event_kind; UNSPEC: the list changed */
	struct outcome outcome;	/* of an event: only the generation */
};

/* Join both groups; genl_close() leaves them. */
int netlink_events_open(struct genl *genl);

/* Hand the events that have arrived to @each. */
int netlink_events_read(struct genl *genl,
			void (*each)(const struct netlink_event *event, void *arg), void *arg);

#endif /* XEIR_TRANSPORT_NETLINK_EVENTS_H */
