/* SPDX-License-Identifier: GPL-2.0-only */
/* The settings by name: how each is read from text, and what it is as JSON. */
#ifndef XEIR_POLICY_SETTING_TABLE_H
#define XEIR_POLICY_SETTING_TABLE_H

#include <jansson.h>
#include <stdbool.h>
#include <xeir/maps.h>

#define SETTING_MAX_CHANGE "max-change"
#define SETTING_REQUIRE_SIGNATURE "require-signature"
#define SETTING_COUNTRY "country-code"

#define SETTING_NO_APN "none"
#define SETTING_NO_COUNTRY "none"

/* A setting of the tool. The programs do not know it, so only the journal has it. */
struct journal_setting {
	const char *name;
	const char *otherwise; /* while it is not set */
	const char *expected;
	bool (*is_valid)(const char *value);
};

/* All of them; the name of the last is NULL. */
extern const struct journal_setting journal_settings[];

/* NULL: there is no journal setting of that name. */
const struct journal_setting *journal_setting(const char *name);

/* A number where it reads as one, else text. */
json_t *journal_setting_json(const char *text);

bool setting_exists(const char *name);

/*
 * Check @value, and write it into @config unless it is a journal setting. NULL, or what was
 * expected in its place.
 */
const char *setting_read(const char *name, const char *value, struct xeir_config *config);

/* All settings of the programs. */
json_t *settings_json(const struct xeir_config *config);

#endif /* XEIR_POLICY_SETTING_TABLE_H */
