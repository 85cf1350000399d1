/* SPDX-License-Identifier: GPL-2.0-only */
/* What the counters of the programs say of one packet. */
#ifndef XEIR_COUNTERS_H
#define XEIR_COUNTERS_H

#include "lib/judge.h"

/* The sums over all CPUs. */
void counters_read(int map, struct xeir_counter sums[XEIR_RULE_MAX + 1]);

/* The verdict that was counted; its rule is XEIR_RULE_MAX + 1 when not just one was. */
struct judged counters_verdict(const struct xeir_counter *before, const struct xeir_counter *after);

#endif /* XEIR_COUNTERS_H */
