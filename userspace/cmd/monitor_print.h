/* SPDX-License-Identifier: GPL-2.0-only */
/* What monitor prints: an event a line, with opt.json an object a line. */
#ifndef XEIR_CMD_MONITOR_PRINT_H
#define XEIR_CMD_MONITOR_PRINT_H

#include <stdint.h>
#include <xeir/maps.h>

#include "transport/netlink_events.h"

/* A message, and that the breaker tripped by it. */
void monitor_print_event(const struct xeir_event *event);

/* A change of the list, or of the module. */
void monitor_print_notice(const struct netlink_event *notice);

void monitor_print_lost(uint64_t events);

#endif /* XEIR_CMD_MONITOR_PRINT_H */
