// SPDX-License-Identifier: GPL-2.0-only
#include "policy/settings.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "journal/chain.h"
#include "lib/decimal.h"
#include "lib/enum_names.h"
#include "lib/identifier.h"
#include "lib/say.h"
#include "transport/pinned_config.h"
#include "transport/pins.h"

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

	if (err || !strcmp(code, SETTING_NO_COUNTRY))
		*code = '\0';
	return err;
}

static int read_one(const struct store *store, const char *name, const char *value,
		    struct xeir_config *config)
{
	const char *expected = NULL;
	int mode;

	if (strcmp(name, SETTING_ENFORCE)) {
		expected = setting_read(name, value, config);
	} else {
		/* journals written before 2026-12 say watch */
		mode = strcmp(value, "watch") ? enforce_value(value) : XEIR_ENFORCE_PERMISSIVE;
		if (mode < 0)
			expected = "on, permissive or off";
		else
			config->enforce = mode;
	}
	if (!expected)
		return 0;
	complain("journal %s: setting %s: found \"%s\", expected %s", store->path, name, value,
		 expected);
	return -EINVAL;
}

int settings_read(struct store *store, struct xeir_config *config)
{
	sqlite3_stmt *s = store_prepare(store, "SELECT name, value FROM setting");
	int more = s ? 1 : -EIO;

	while (more > 0 && (more = store_step(store, s)) > 0) {
		int err = read_one(store, (const char *)sqlite3_column_text(s, 0),
				   (const char *)sqlite3_column_text(s, 1), config);

		more = err ? err : more;
	}
	sqlite3_finalize(s);
	return more;
}

/* Read @config from the journal; 1: it has changed by that, 0: it has not. */
static int read_all(struct store *store, struct xeir_config *config)
{
	struct xeir_config there = *config;
	int err = settings_read(store, config);

	return err ? err : !!memcmp(&there, config, sizeof(there));
}

/* Under the lock of the pins. */
static int mend(struct store *store, struct xeir_config *config)
{
	int differs = read_all(store, config);

	if (differs <= 0)
		return differs;
	fputs("xeir: the active settings differed from the journal, and are corrected\n", stderr);
	return pinned_config_write(config);
}

int settings_mend(struct store *store)
{
	struct xeir_config config;
	int err, lock;

	/* the list may be pinned without the programs */
	if (!pins_has(PIN_NAME(XEIR_MAP_CONFIG)))
		return 0;
	err = pinned_config_read(&config);
	if (!err)
		err = read_all(store, &config);
	if (err <= 0)
		return err;
	/* another command may be at work, which holds the lock until it is done */
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
		complain("the journal has the settings, but they are not active yet; the next "
			 "command "
			 "that changes list or settings activates them, as does xeir restore");
	return err;
}

/* The lock is held from the record to the maps: journal and maps get changes in one order. */
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
