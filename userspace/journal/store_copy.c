// SPDX-License-Identifier: GPL-2.0-only
#include "journal/store_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <unistd.h>

#define ONCE (1 << 30)

bool store_copy_is_for(int code)
{
	switch (code & 0xff) {
	case SQLITE_CANTOPEN:
	case SQLITE_FULL:
	case SQLITE_IOERR:
	case SQLITE_PERM:
	case SQLITE_READONLY:
		return true;
	}
	return false;
}

static int copy_file(const char *from, const char *to)
{
	int in = open(from, O_RDONLY | O_CLOEXEC), out, err = in < 0 ? -errno : 0;
	ssize_t n = 1;

	if (err)
		return err;
	out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (out < 0)
		n = -1;
	while (n > 0)
		n = sendfile(out, in, NULL, ONCE);
	if (n < 0)
		err = -errno;
	if (out >= 0)
		close(out);
	close(in);
	return err;
}

/* The WAL goes into the database, and no file is needed any more. */
static sqlite3 *open_alone(const char *path)
{
	sqlite3 *db = NULL;
	int code = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_exec(db, "PRAGMA journal_mode = MEMORY; PRAGMA temp_store = MEMORY",
				    NULL, NULL, NULL);
	if (code == SQLITE_OK)
		return db;
	sqlite3_close(db);
	return NULL;
}

sqlite3 *store_copy_open(const char *path)
{
	char directory[] = "/dev/shm/xeir-XXXXXX";
	char copy[sizeof(directory) + 8], copy_wal[sizeof(directory) + 8], wal[PATH_MAX];
	sqlite3 *db = NULL;
	int err;

	if (!mkdtemp(directory))
		return NULL;
	snprintf(copy, sizeof(copy), "%s/db", directory);
	snprintf(copy_wal, sizeof(copy_wal), "%s/db-wal", directory);
	snprintf(wal, sizeof(wal), "%s-wal", path);
	err = copy_file(path, copy);
	if (!err)
		err = copy_file(wal, copy_wal);
	if (!err || err == -ENOENT)
		db = open_alone(copy);
	unlink(copy);
	unlink(copy_wal);
	rmdir(directory);
	return db;
}
