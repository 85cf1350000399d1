/* SPDX-License-Identifier: GPL-2.0-only */
/* UDP ports of GTP. */
#ifndef XEIR_PORTS_H
#define XEIR_PORTS_H

#include <linux/types.h>

#define XEIR_GTPC_PORT		2123
#define XEIR_GTPU_PORT		2152
#define XEIR_GTPV0_PORT		3386

static inline int xeir_is_gtpc_port(__u16 port)
{
	return port == XEIR_GTPC_PORT || port == XEIR_GTPV0_PORT;
}

#endif /* XEIR_PORTS_H */
