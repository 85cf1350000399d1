/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel module as the holder of the pinned maps. Calls return 0 or a negative errno after
 * complain().
 */
#ifndef XEIR_HOST_MODULE_H
#define XEIR_HOST_MODULE_H

#include <stdbool.h>

/*
 * Hand it the pinned maps, if opt.transport asks for it and the module is there; *bound: done
 * now. The netfilter links of this network namespace go.
 */
int module_bind(bool *bound);

/* Hand it what is pinned as NEXT_PIN... for it to run, if it holds the maps. */
int module_hand_over(void);

/* Take the maps back, if the module holds them. */
int module_unbind(void);

#endif /* XEIR_HOST_MODULE_H */
