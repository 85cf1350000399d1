// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "directive/column_values.h"
#include "directive/columns.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <xeir/list.h>

static const char *const names[N_COLUMNS] = {
	[COLUMN_LEFT_OUT] = "-",
	[COLUMN_IMEI] = "imei",
	[COLUMN_TAC] = "tac",
	[COLUMN_IMSI] = "imsi",
	[COLUMN_MSISDN] = "msisdn",
	[COLUMN_ACTION] = "action",
	[COLUMN_DIRECTIVE] = "directive",
	[COLUMN_EXPIRY] = "expiry",
	[COLUMN_REASON] = "reason",
	[COLUMN_REF] = "ref",
	[COLUMN_CHANGE] = "change_type",
	[COLUMN_BLOCK_DATE] = "block_date",
	[COLUMN_REASONS] = "reasons",
};

static const __u8 kinds[N_COLUMNS] = {
	[COLUMN_IMEI] = XEIR_KIND_IMEI,
	[COLUMN_TAC] = XEIR_KIND_TAC,
	[COLUMN_IMSI] = XEIR_KIND_IMSI,
	[COLUMN_MSISDN] = XEIR_KIND_MSISDN,
};

#define MAPPED_MAX 64
#define NAME_MAX_OCTETS 256

static struct {
	enum column column;
	const char *name;
} mapped[MAPPED_MAX];
static size_t n_mapped;

const char *columns_name(enum column column)
{
	return names[column];
}

__u8 columns_kind(enum column column)
{
	return kinds[column];
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
	for (enum column c = COLUMN_LEFT_OUT; c < N_COLUMNS; c++)
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

/* Letters alone, ASCII in lower case. */
static void fold(const char *name, size_t len, char folded[NAME_MAX_OCTETS])
{
	size_t n = 0;

	for (size_t i = 0; i < len && n + 1 < NAME_MAX_OCTETS; i++) {
		unsigned char c = name[i];

		if (c >= 0x80 || isalpha(c))
			folded[n++] = c < 0x80 ? tolower(c) : c;
	}
	folded[n] = '\0';
}

static bool contains_any(const char *folded, const char *const *stems)
{
	for (; *stems; stems++)
		if (strstr(folded, *stems))
			return true;
	return false;
}

const char *columns_expected(const char *name, size_t len)
{
	/*
	 * English, German, French, Spanish, Portuguese, Italian and Turkish; Russian, Arabic, Hindi
	 * and Chinese for status.
	 */
	static const char *const imeis[] = { "imei", NULL };
	static const char *const dates[] = {
		"expir",    "valid",  "until",	  "enddat",  "dateend", "effective",
		"permanen", "tempor", "gültig",	  "gueltig", "ablauf",	"venc",
		"vigen",    "scaden", "fechafin", "datafim", "datefin", NULL,
	};
	static const char *const actions[] = {
		"status", "state",  "estado", "estatus", "situa",    "statut",	   "stato",
		"durum",  "change", "actio",  "activ",	 "acton",    "aktion",	   "accion",
		"acció",  "acao",   "ação",   "azione",	 "operatio", "operac",	   "modif",
		"black",  "white",  "grey",   "gray",	 "listtype", "typeoflist", "lock",
		"bloc",	  "blok",   "bloq",   "sperr",	 "barred",   "aktiv",	   "enabled",
		"disabl", "delet",  "remov",  "releas",	 "exempt",   "статус",	   "حالة",
		"स्थिति",  "状态",   NULL,
	};
	enum column own = find_own(name, len);
	char folded[NAME_MAX_OCTETS];

	/* --map gave its meaning to another */
	if (is_mapped(own) && is_called(name, len, names[own]))
		return NULL;
	fold(name, len, folded);
	if (contains_any(folded, imeis))
		return "\"imei\", \"imei1\", \"imei2\" and so on, or --map imei=NAME+NAME or "
		       "-=NAME, which leaves it out";
	if (contains_any(folded, dates))
		return "\"expiry\" or \"block_date\", or --map expiry=NAME or -=NAME, which leaves "
		       "it out";
	if (contains_any(folded, actions))
		return "\"action\" or \"change_type\", or --map action=NAME or "
		       "status=NAME:VALUE=drop,VALUE=- or -=NAME, which leaves it out";
	return NULL;
}

static int map_names(enum column column, char *text)
{
	for (char *name; (name = strsep(&text, "+"));) {
		if (!*name || n_mapped == MAPPED_MAX)
			return -1;
		mapped[n_mapped].column = column;
		mapped[n_mapped++].name = name;
		if (text && column > COLUMN_IMEI)
			return -1;
	}
	return 0;
}

/* VALUE=MEANING behind the colon of NAME:VALUE=MEANING, cut off; NULL: it is a name alone. */
static char *cut_value(char *name)
{
	char *colon = strchr(name, ':');

	if (!colon || !strchr(colon, '='))
		return NULL;
	*colon = '\0';
	return colon + 1;
}

/* A column that says what a row means has this name only where its values are mapped. */
static enum column find_mapped(const char *name, size_t len)
{
	return is_called(name, len, "status") ? COLUMN_ACTION : find_own(name, len);
}

/* One of the items, of which *values is set behind the first that maps values. */
static int map_item(char *one, bool *values)
{
	char *to = strchr(one, '='), *value;
	enum column column = to ? find_mapped(one, to - one) : COLUMN_UNKNOWN;

	if (!column)
		return *values ? column_values_add(one) : -1;
	if (is_mapped(column))
		return -1;
	value = cut_value(to + 1);
	*values = value;
	if (value ? column != COLUMN_ACTION || column_values_add(value) :
		    find_own(one, to - one) != column)
		return -1;
	return map_names(column, to + 1);
}

int columns_map(const char *text)
{
	/* kept, as the names in it are */
	char *rest = strdup(text);
	bool values = false;

	for (char *one; rest && (one = strsep(&rest, ","));)
		if (map_item(one, &values))
			return -1;
	return 0;
}

const char *columns_mapped(size_t i)
{
	return i < n_mapped ? mapped[i].name : NULL;
}
