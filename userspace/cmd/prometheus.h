/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XEIR_CMD_PROMETHEUS_H
#define XEIR_CMD_PROMETHEUS_H

#include "host/map_usage.h"
#include "transport/transport.h"

/* The counters in the text exposition format, 0.0.4. */
void prometheus_print(const struct figures *figures, const struct map_usage *tables, __u8 enforce);

#endif /* XEIR_CMD_PROMETHEUS_H */
