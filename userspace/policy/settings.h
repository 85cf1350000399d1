/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What `set` and `enforce` said, in the journal, so that it survives a reboot. 0 or a negative
 * errno after complain().
 */
#ifndef XEIR_POLICY_SETTINGS_H
#define XEIR_POLICY_SETTINGS_H

#include <jansson.h>
#include <stdint.h>
#include <xeir/maps.h>

#include "journal/store.h"

#define SETTING_ENFORCE "enforce"
#define SETTING_MAX_CHANGE "max-change"
#define SETTING_REQUIRE_SIGNATURE "require-signature"

#define SETTING_COUNTRY "country-code"

#define NO_COUNTRY "none"

#define SETTING_TEXT 64

/*
 * A record of @values, {name: text, ...}, which are in order; then they take effect. @config
 * becomes what is in force.
 */
int settings_change(const json_t *values, struct xeir_config *config);

/* In the transaction of @store: see to it that what was last said of each is in force. */
int settings_mend(struct store *store);

/* What was last said of each, into @config. */
int settings_read(struct store *store, struct xeir_config *config);

/* What the tool goes by and the programs do not know, so that the journal alone has it. */
struct journal_setting {
	const char *name;
	const char *otherwise; /* until it is set */
	const char *expected;
	bool (*is)(const char *value);
};

/* All of them; the name of the last is NULL. */
extern const struct journal_setting journal_settings[];

/* NULL: it is none of them. */
const struct journal_setting *journal_setting(const char *name);

/* What is set. */
int journal_setting_text(struct store *store, const char *name, char text[SETTING_TEXT]);
/* The country code that the 0 of a number of national form stands for; "": none. */
int journal_setting_country(struct store *store, char code[SETTING_TEXT]);
int journal_setting_number(struct store *store, const char *name, uint32_t *number);

/* What set.c has. Of one that it knows: EXIT_DONE, or EXIT_BAD after saying why. */
int setting_read(const char *name, const char *value, struct xeir_config *config);

/* All that `set` knows by name, and one of these as people read it. */
json_t *settings_json(const struct xeir_config *config);
void setting_print(const json_t *value);

#endif /* XEIR_POLICY_SETTINGS_H */
