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

/* The same into @config alone. */
int settings_read(struct store *store, struct xeir_config *config);

/* What set.c has. Of one that it knows: EXIT_DONE, or EXIT_BAD after saying why. */
int setting_read(const char *name, const char *value, struct xeir_config *config);

/* All that `set` knows by name, and one of these as people read it. */
json_t *settings_json(const struct xeir_config *config);
void setting_print(const json_t *value);

#endif /* XEIR_SETTINGS_H */
