// SPDX-License-Identifier: GPL-2.0-only
#include "policy/settings.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "journal/chain.h"
#include "lib/enum_names.h"
#include "lib/identifier.h"
#include "lib/say.h"
#include "transport/pinned_config.h"
#include "transport/pins.h"

static bool is_number(const char *value)
{
	__u32 number;

	return !decimal_read_u32(value, strlen(value), &number);
}

static bool is_switch(const char *value)
{
	return !strcmp(value, "on") || !strcmp(value, "off");
}

static bool is_country(const char *value)
{
	size_t len = strlen(value);

	return !strcmp(value, NO_COUNTRY) ||
	       (len && len <= 3 && *value != '0' && identifier_digits(value, len) == len);
}

const struct journal_setting journal_settings[] = {
	{ SETTING_MAX_CHANGE, "20", "a number of percent up to 4294967295", is_number },
	{ SETTING_REQUIRE_SIGNATURE, "off", "on or off", is_switch },
	{ SETTING_COUNTRY, NO_COUNTRY, "one to three digits, as 91, or " NO_COUNTRY, is_country },
	{},
};

const struct journal_setting *journal_setting(const char *name)
{
	for (const struct journal_setting *own = journal_settings; own->name; own++)
		if (!strcmp(own->name, name))
			return own;
	return NULL;
}

int journal_setting_text(struct store *store, const char *name, char text[SETTING_TEXT])
{
	sqlite3_stmt *s = store_prepare(store, "SELECT value FROM setting WHERE name = ?");
	int more = s ? 0 : -EIO;

	snprintf(text, SETTING_TEXT, "%s", journal_setting(name)->otherwise);
	if (s) {
		sqlite3_bind_text(s, 1, name, -1, SQLITE_STATIC);
		more = store_step(store, s);
	}
	if (more > 0)
		snprintf(text, SETTING_TEXT, "%s", (const char *)sqlite3_column_text(s, 0));
	sqlite3_finalize(s);
	return more < 0 ? more : 0;
}

int journal_setting_number(struct store *store, const char *name, uint32_t *number)
{
	char text[SETTING_TEXT];
	int err = journal_setting_text(store, name, text);

	return err ? err : decimal_read_u32(text, strlen(text), number) ? -EINVAL : 0;
}

int journal_setting_country(struct store *store, char code[SETTING_TEXT])
{
	int err = journal_setting_text(store, SETTING_COUNTRY, code);

	if (err || !strcmp(code, NO_COUNTRY))
		*code = '\0';
	return err;
}

static int read_one(const char *name, const char *value, struct xeir_config *config)
{
	if (journal_setting(name))
		return 0;
	if (strcmp(name, SETTING_ENFORCE))
		return setting_read(name, value, config) ? -EINVAL : 0;
	/* journals written before 2026-12 say watch */
	config->enforce = strcmp(value, "watch") ? enforce_value(value) : XEIR_ENFORCE_PERMISSIVE;
	return 0;
}

int settings_read(struct store *store, struct xeir_config *config)
{
	sqlite3_stmt *s = store_prepare(store, "SELECT name, value FROM setting");
	int more = s ? 1 : -EIO;

	while (more > 0 && (more = store_step(store, s)) > 0) {
		int err = read_one((const char *)sqlite3_column_text(s, 0),
				   (const char *)sqlite3_column_text(s, 1), config);

		more = err ? err : more;
	}
	sqlite3_finalize(s);
	return more;
}

/* 1: @config was not what the journal says, and is now; 0: it was. */
static int bring_there(struct store *store, struct xeir_config *config)
{
	struct xeir_config there = *config;
	int err = settings_read(store, config);

	return err ? err : !!memcmp(&there, config, sizeof(there));
}

/* Under the lock of the pins. */
static int mend(struct store *store, struct xeir_config *config)
{
	int differs = bring_there(store, config);

	if (differs <= 0)
		return differs;
	fputs("xeir: the settings in force were not what the journal says, and are now\n", stderr);
	return pinned_config_write(config);
}

int settings_mend(struct store *store)
{
	struct xeir_config config;
	int err, lock;

	/* a list alone may be pinned */
	if (!pins_has(PIN_NAME(XEIR_MAP_CONFIG)))
		return 0;
	err = pinned_config_read(&config);
	if (!err)
		err = bring_there(store, &config);
	if (err <= 0)
		return err;
	/* it may have been a command at work, which has the lock */
	lock = pinned_config_lock(&config);
	if (lock < 0)
		return lock;
	err = mend(store, &config);
	close(lock);
	return err;
}

static int record(struct store *store, const json_t *values)
{
	struct chain chain;
	int err = chain_begin(&chain, store);

	return err ? err : chain_end(&chain, "set", 0, values);
}

static int write_locked(struct store *store, const json_t *values, struct xeir_config *config)
{
	int err = mend(store, config);

	if (!err)
		err = record(store, values);
	if (!err)
		err = settings_read(store, config);
	if (!err)
		err = store_commit(store);
	if (err)
		return err;
	err = pinned_config_write(config);
	if (err)
		complain("the journal has the settings, and they are not in force: the next "
			 "command that changes list or settings sees to it, as does xeir restore");
	return err;
}

/* The lock is held from the record to the maps, so that they come in one order in both. */
static int change_in(struct store *store, const json_t *values, struct xeir_config *config)
{
	int err = store_begin(store), lock;

	if (err)
		return err;
	lock = pinned_config_lock(config);
	err = lock < 0 ? lock : write_locked(store, values, config);
	store_rollback(store);
	if (lock >= 0)
		close(lock);
	return err;
}

int settings_change(const json_t *values, struct xeir_config *config)
{
	struct store store;
	int err = store_open(&store);

	if (err)
		return err;
	err = change_in(&store, values, config);
	store_close(&store);
	return err;
}
