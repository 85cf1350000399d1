/* SPDX-License-Identifier: GPL-2.0-only */
/* Opens the transport that the host has. */
#ifndef XEIR_TRANSPORT_TRANSPORT_OPEN_H
#define XEIR_TRANSPORT_TRANSPORT_OPEN_H

#include "transport/transport.h"

/*
 * As opt.transport says; TRANSPORT_AUTO: netlink when the module has bound the pinned maps.
 * NULL after complain().
 */
struct transport *transport_open(void);

#endif /* XEIR_TRANSPORT_TRANSPORT_OPEN_H */
