/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The pinned configuration. Calls that can fail return 0, a descriptor or a
 * negative errno after complain().
 */
#ifndef XEIR_TRANSPORT_PINNED_CONFIG_H
#define XEIR_TRANSPORT_PINNED_CONFIG_H

#include <xeir/maps.h>

int pinned_config_read(struct xeir_config *config);

/* Lock the pins and read, to change what was read; the descriptor is to be closed. */
int pinned_config_lock(struct xeir_config *config);
int pinned_config_write(const struct xeir_config *config);

/* The action of entries without one; drop where no configuration can be read. */
__u8 pinned_config_default_action(void);

#endif /* XEIR_TRANSPORT_PINNED_CONFIG_H */
