/* SPDX-License-Identifier: GPL-2.0-only */
/* The pinned list, without its entries. Calls return 0 or -errno after complain(). */
#ifndef XEIR_TRANSPORT_PINNED_LIST_H
#define XEIR_TRANSPORT_PINNED_LIST_H

#include <stdint.h>
#include <xeir/maps.h>

/* The BPF id of its map. */
int pinned_list_id(uint32_t *id);

/* Its control: which generation is live, and how many entries it has. */
int pinned_list_control(struct xeir_control *control);

#endif /* XEIR_TRANSPORT_PINNED_LIST_H */
