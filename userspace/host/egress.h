/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The program on egress of an interface: a filter of tc, which every kernel has
 * and which outlives the tool. Calls return 0 or a negative errno after
 * complain().
 */
#ifndef XEIR_HOST_EGRESS_H
#define XEIR_HOST_EGRESS_H

#include <stdint.h>

int egress_attach(const char *ifname, int ifindex, int program);
/* Replace the program; each packet meets one of the two. */
int egress_replace(const char *ifname, int ifindex, int program);
int egress_detach(const char *ifname, int ifindex);

/* BPF id of the program in xeir's filter; 0: none. */
uint32_t egress_program(int ifindex);

#endif /* XEIR_HOST_EGRESS_H */
