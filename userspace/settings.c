// SPDX-License-Identifier: GPL-2.0-only
#include "settings.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "chain.h"
#include "config.h"
#include "names.h"
#include "xeir.h"

int settings_note(const json_t *values)
{
	struct store store;
	int err = store_open(&store);

	if (err)
		return err;
	err = chain_note(&store, "set", 0, values);
	store_close(&store);
	return err;
}

static int read_one(const char *name, const char *value, struct xeir_config *config)
{
	if (strcmp(name, SETTING_ENFORCE))
		return setting_read(name, value, config) ? -EINVAL : 0;
	config->enforce = enforce_value(value);
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

int settings_restore(struct store *store)
{
	struct xeir_config config;
	int lock = config_lock(&config), err;

	if (lock < 0)
		return lock;
	err = settings_read(store, &config);
	if (!err)
		err = config_write(&config);
	close(lock);
	return err;
}
