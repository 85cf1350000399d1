/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What `set` and `enforce` said, in the journal, so that it survives a reboot. 0 or a negative
 * errno after complain().
 */
#ifndef XEIR_SETTINGS_H
#define XEIR_SETTINGS_H

#include <jansson.h>
#include <xeir/maps.h>

#include "store.h"

#define SETTING_ENFORCE "enforce"

/* A record of @values, {name: text, ...}, which are in order; before they take effect. */
int settings_note(const json_t *values);

/* What was last said of each takes effect. */
int settings_restore(struct store *store);

/* Of one that `set` knows: EXIT_DONE, or EXIT_BAD after saying why; set.c has it. */
int setting_read(const char *name, const char *value, struct xeir_config *config);

#endif /* XEIR_SETTINGS_H */
