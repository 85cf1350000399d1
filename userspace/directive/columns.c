// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "directive/columns.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const names[N_COLUMNS] = {
	NULL,	  "imei",   "tac", "imsi",	  "msisdn",	"action",  "directive",
	"expiry", "reason", "ref", "change_type", "block_date", "reasons",
};

#define MAPPED_MAX 64

static struct {
	enum column column;
	const char *name;
} mapped[MAPPED_MAX];
static size_t n_mapped;

const char *columns_name(enum column column)
{
	return names[column];
}

static bool is_called(const char *name, size_t len, const char *called)
{
	return len == strlen(called) && !strncasecmp(name, called, len);
}

/* Of a handset with several: imei1, imei_2, IMEI 3; and the array of them in JSON, imeis. */
static bool is_one_of_several(const char *name, size_t len)
{
	size_t at = strlen("imei");

	if (len <= at || strncasecmp(name, "imei", at))
		return false;
	if (is_called(name, len, "imeis"))
		return true;
	if (strchr("_- ", name[at]))
		at++;
	return len == at + 1 && isdigit((unsigned char)name[at]);
}

/* `until` is what files before 2026-12 call the expiry. */
static enum column find_own(const char *name, size_t len)
{
	if (is_called(name, len, "until"))
		return COLUMN_EXPIRY;
	for (enum column c = COLUMN_IMEI; c < N_COLUMNS; c++)
		if (is_called(name, len, names[c]))
			return c;
	return is_one_of_several(name, len) ? COLUMN_IMEI : COLUMN_UNKNOWN;
}

static bool is_mapped(enum column column)
{
	for (size_t i = 0; i < n_mapped; i++)
		if (mapped[i].column == column)
			return true;
	return false;
}

enum column columns_find(const char *name, size_t len)
{
	enum column own;

	for (size_t i = 0; i < n_mapped; i++)
		if (is_called(name, len, mapped[i].name))
			return mapped[i].column;
	own = find_own(name, len);
	return is_mapped(own) ? COLUMN_UNKNOWN : own;
}

const char *columns_expected(const char *name, size_t len)
{
	static const struct {
		enum column similar;
		const char *start, *expected;
	} columns[] = {
		{ COLUMN_CHANGE, "change", "\"change_type\", or \"action\" with remove" },
		{ COLUMN_ACTION, "act", "\"action\"" },
		{ COLUMN_IMEI, "imei", "\"imei\", \"imei1\", \"imei2\" and so on" },
	};

	for (size_t i = 0; i < sizeof(columns) / sizeof(*columns); i++)
		if (len >= strlen(columns[i].start) && !is_mapped(columns[i].similar) &&
		    !strncasecmp(name, columns[i].start, strlen(columns[i].start)))
			return columns[i].expected;
	return NULL;
}

static int map_names(enum column column, char *text)
{
	for (char *name; (name = strsep(&text, "+"));) {
		if (!*name || n_mapped == MAPPED_MAX)
			return -1;
		mapped[n_mapped].column = column;
		mapped[n_mapped++].name = name;
		if (text && column != COLUMN_IMEI)
			return -1;
	}
	return 0;
}

int columns_map(const char *text)
{
	/* kept, as the names in it are */
	char *rest = strdup(text);

	for (char *one; rest && (one = strsep(&rest, ","));) {
		char *to = strchr(one, '=');
		enum column column = to ? find_own(one, to - one) : COLUMN_UNKNOWN;

		if (!column || is_mapped(column) || map_names(column, to + 1))
			return -1;
	}
	return 0;
}

const char *columns_mapped(size_t i)
{
	return i < n_mapped ? mapped[i].name : NULL;
}
