/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The settings in the journal, so that they survive a reboot, and in the maps. Calls return 0 or a
 * negative errno after complain().
 */
#ifndef XEIR_POLICY_SETTINGS_H
#define XEIR_POLICY_SETTINGS_H

#include <stdint.h>

#include "journal/store.h"
#include "policy/setting_table.h"

/* The setting of the verb `enforce`; `set` does not have it. */
#define SETTING_ENFORCE "enforce"

#define SETTING_TEXT 64

/*
 * Record @values, {name: text, ...}, which are valid, and write them into the maps. @config becomes
 * what is active.
 */
int settings_change(const json_t *values, struct xeir_config *config);

/* In the transaction of @store: if the maps differ from the journal, write them again. */
int settings_mend(struct store *store);

/* Read the last value of each setting into @config. */
int settings_read(struct store *store, struct xeir_config *config);

/* Read one journal setting. */
int journal_setting_text(struct store *store, const char *name, char text[SETTING_TEXT]);
int journal_setting_number(struct store *store, const char *name, uint32_t *number);

/* The country code in place of the 0 of a number of national form; "": none. */
int journal_setting_country(struct store *store, char code[SETTING_TEXT]);

#endif /* XEIR_POLICY_SETTINGS_H */
