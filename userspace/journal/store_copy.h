/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SQLite reads a database in WAL mode by a file that it makes next to it, which a disk that is full
 * or only to read does not take. Then a copy in memory is read.
 */
#ifndef XEIR_JOURNAL_STORE_COPY_H
#define XEIR_JOURNAL_STORE_COPY_H

#include <sqlite3.h>
#include <stdbool.h>

/* Is this result code about the disk, not about what the file holds? */
bool store_copy_is_for(int code);

/*
 * A copy of the database at @path with its WAL, in shared memory, where nobody else finds it; NULL
 * if it cannot be made. Reports nothing.
 */
sqlite3 *store_copy_open(const char *path);

#endif /* XEIR_JOURNAL_STORE_COPY_H */
