/* SPDX-License-Identifier: GPL-2.0-only */
/* The verdict on one packet, by the counters of the programs. */
#ifndef XEIR_COUNTERS_H
#define XEIR_COUNTERS_H

#include <xeir/maps.h>

struct judged {
	__u8 action; /* enum xeir_action */
	__u8 rule; /* enum xeir_rule */
};

/* The sums over all CPUs. */
void counters_read(int map, struct xeir_counter sums[XEIR_RULE_MAX + 1]);

/* The verdict that was counted; unless exactly one was, its rule is XEIR_RULE_MAX + 1. */
struct judged counters_verdict(const struct xeir_counter *before, const struct xeir_counter *after);

#endif /* XEIR_COUNTERS_H */
