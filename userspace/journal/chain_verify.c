// SPDX-License-Identifier: GPL-2.0-only
#include "journal/chain_verify.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "journal/chain_hash.h"

/* The rows of a stream, by record: its id, the key, four numbers, a text. */
static const char *const rows[STREAMS] = {
	[STREAM_LISTED] = "SELECT added, key, directive, origin, action, until, NULL FROM listing"
			  " ORDER BY added, key, directive, origin",
	[STREAM_UNLISTED] = "SELECT removed, key, directive, origin, added, 0, NULL FROM listing"
			    " WHERE removed ORDER BY removed, key, directive, origin, added",
	[STREAM_NUMBERED] = "SELECT added, msisdn, directive, state, due, date, why FROM number"
			    " ORDER BY added, msisdn, directive, state",
	[STREAM_UNNUMBERED] = "SELECT removed, msisdn, directive, added, state, 0, NULL FROM number"
			      " WHERE removed ORDER BY removed, msisdn, directive, added, state",
	[STREAM_LINKED] = "SELECT added, msisdn, directive, 0, 0, 0, lower(hex(imsi) || hex(imei))"
			  " FROM link ORDER BY added, msisdn, directive, imsi, imei",
	[STREAM_UNLINKED] = "SELECT removed, msisdn, directive, 0, 0, 0,"
			    " lower(hex(imsi) || hex(imei)) FROM link WHERE removed"
			    " ORDER BY removed, msisdn, directive, imsi, imei",
};

static const char *const tables[STREAMS] = {
	[STREAM_LISTED] = "listing",	[STREAM_UNLISTED] = "listing", [STREAM_NUMBERED] = "number",
	[STREAM_UNNUMBERED] = "number", [STREAM_LINKED] = "link",      [STREAM_UNLINKED] = "link",
};

struct check {
	struct store *store;
	sqlite3_stmt *records, *rows[STREAMS];
	int at_row[STREAMS]; /* what store_step() returned */
	unsigned char hash[CHAIN_OCTETS];
	int64_t last, n;
	void (*found)(const char *fault, void *arg);
	void *arg;
};

static void fault_found(struct check *check, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void fault_found(struct check *check, const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	check->n++;
	check->found(text, check->arg);
}

static int64_t record_of(const struct check *check, size_t stream)
{
	return sqlite3_column_int64(check->rows[stream], 0);
}

/* Rows of records below @record that were not hashed belong to no record. */
static int report_orphans(struct check *check, size_t stream, int64_t record)
{
	int *at = &check->at_row[stream];

	while (*at > 0 && record_of(check, stream) < record) {
		fault_found(check, "table %s has a row of record %" PRId64 ", which is not there",
			    tables[stream], record_of(check, stream));
		*at = store_step(check->store, check->rows[stream]);
	}
	return *at < 0 ? *at : 0;
}

static int hash_rows(struct check *check, size_t stream, int64_t record, struct sha256_ctx *state)
{
	sqlite3_stmt *s = check->rows[stream];
	int *at = &check->at_row[stream], err = report_orphans(check, stream, record);

	while (!err && *at > 0 && record_of(check, stream) == record) {
		struct chain_row row = {
			.key = sqlite3_column_blob(s, 1),
			.len = sqlite3_column_bytes(s, 1),
			.text = (const char *)sqlite3_column_text(s, 6),
		};

		for (int i = 0; i < 4; i++)
			row.numbers[i] = sqlite3_column_int64(s, 2 + i);
		chain_hash_row(state, &row);
		*at = store_step(check->store, s);
		err = *at < 0 ? *at : 0;
	}
	return err;
}

static bool is_digest(sqlite3_stmt *s, int column, const unsigned char digest[CHAIN_OCTETS])
{
	return sqlite3_column_bytes(s, column) == CHAIN_OCTETS &&
	       !memcmp(sqlite3_column_blob(s, column), digest, CHAIN_OCTETS);
}

static const char *text(sqlite3_stmt *s, int column)
{
	const char *value = (const char *)sqlite3_column_text(s, column);

	return value ? value : "";
}

static int check_record(struct check *check)
{
	sqlite3_stmt *s = check->records;
	struct record_row row = {
		.id = sqlite3_column_int64(s, 0),
		.time = sqlite3_column_int64(s, 1),
		.actor = text(s, 2),
		.verb = text(s, 3),
		.directive = sqlite3_column_int64(s, 4),
		.detail = text(s, 5),
	};
	struct sha256_ctx streams[STREAMS];
	int err = 0;

	if (row.id != check->last + 1)
		fault_found(check, "record %" PRId64 " follows record %" PRId64, row.id,
			    check->last);
	chain_hash_begin(streams);
	for (size_t i = 0; i < STREAMS && !err; i++)
		err = hash_rows(check, i, row.id, &streams[i]);
	if (err)
		return err;
	chain_hash_content(streams, row.content);
	if (!is_digest(s, 6, row.content))
		fault_found(check,
			    "record %" PRId64 " (%s): the rows that it added or removed "
			    "are not those that it covers",
			    row.id, row.verb);
	if (sqlite3_column_bytes(s, 6) == CHAIN_OCTETS)
		memcpy(row.content, sqlite3_column_blob(s, 6), CHAIN_OCTETS);
	chain_hash_record(check->hash, &row, check->hash);
	if (!is_digest(s, 7, check->hash))
		fault_found(check,
			    "record %" PRId64 " (%s) is not what its hash covers, or the "
			    "record before it is not",
			    row.id, row.verb);
	/* the next record is checked against the stored hash, so that one fault is reported once */
	if (sqlite3_column_bytes(s, 7) == CHAIN_OCTETS)
		memcpy(check->hash, sqlite3_column_blob(s, 7), CHAIN_OCTETS);
	check->last = row.id;
	return 0;
}

/* A record that was enforced must still be there, or the end of the chain was cut off. */
static int check_end(struct check *check)
{
	sqlite3_stmt *s = store_prepare(check->store, "SELECT max(record) FROM enforced");
	int err = s ? store_step(check->store, s) : -EIO;

	if (err > 0 && sqlite3_column_int64(s, 0) > check->last)
		fault_found(check, "record %lld was enforced, and is not there",
			    sqlite3_column_int64(s, 0));
	sqlite3_finalize(s);
	for (size_t i = 0; i < STREAMS && err >= 0; i++)
		err = report_orphans(check, i, INT64_MAX);
	return err < 0 ? err : 0;
}

/* An index that does not have all rows of its table hides them from those that look there. */
static int check_file(struct check *check)
{
	sqlite3_stmt *s = store_prepare(check->store, "PRAGMA integrity_check(20)");
	int more = s ? 1 : -EIO;

	while (more > 0 && (more = store_step(check->store, s)) > 0)
		if (strcmp(text(s, 0), "ok") != 0)
			fault_found(check, "the file: %s", text(s, 0));
	sqlite3_finalize(s);
	return more;
}

static int check_all(struct check *check)
{
	int more = check_file(check);

	if (more)
		return more;
	check->records = store_prepare(check->store, "SELECT * FROM record ORDER BY id");
	if (!check->records)
		return -EIO;
	for (size_t i = 0; i < STREAMS; i++) {
		check->rows[i] = store_prepare(check->store, rows[i]);
		if (!check->rows[i])
			return -EIO;
		check->at_row[i] = store_step(check->store, check->rows[i]);
	}
	while ((more = store_step(check->store, check->records)) > 0) {
		more = check_record(check);
		if (more)
			break;
	}
	return more ? more : check_end(check);
}

int64_t chain_verify(struct store *store, void (*found)(const char *fault, void *arg), void *arg)
{
	struct check check = { .store = store, .found = found, .arg = arg };
	int err = check_all(&check);

	sqlite3_finalize(check.records);
	for (size_t i = 0; i < STREAMS; i++)
		sqlite3_finalize(check.rows[i]);
	return err ? err : check.n;
}
