// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "lib/dates.h"
#include "lib/decimal.h"

/* September 2001. A smaller number is a date without its dashes, or a mistake. */
#define SECONDS_MIN 1000000000
#define DAY (24 * 3600)
#define DAY_OCTETS strlen("YYYY-MM-DD")

/* As databases and spreadsheets write an end that never comes. */
#define NEVER "9999-12-31"

/* Do @text and @pattern agree, where 9 stands for any digit? */
static int has_form(const char *text, const char *pattern)
{
	for (; *pattern; pattern++, text++)
		if (*pattern == '9' ? *text < '0' || *text > '9' : *text != *pattern)
			return 0;
	return !*text;
}

enum form {
	IS_DATE,
	IS_NO_DATE, /* of the calendar */
	IS_TOO_FAR, /* for 32 bits */
	IS_OTHER, /* text */
};

/* Of the two forms with dashes. */
static enum form read_calendar(const char *text, size_t len, time_t *seconds)
{
	struct tm tm = { 0 }, day;
	char copy[DATE_TEXT];

	if (len >= sizeof(copy))
		return IS_OTHER;
	memcpy(copy, text, len);
	copy[len] = '\0';
	if (!has_form(copy, "9999-99-99") && !has_form(copy, "9999-99-99T99:99:99Z"))
		return IS_OTHER;
	sscanf(copy, "%4d-%2d-%2dT%2d:%2d:%2d", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &tm.tm_hour,
	       &tm.tm_min, &tm.tm_sec);
	tm.tm_year -= 1900;
	tm.tm_mon--;
	day = tm;
	*seconds = timegm(&tm);
	/* timegm makes 2 March of 30 February; such a date is refused instead. */
	if (tm.tm_mday != day.tm_mday || tm.tm_mon != day.tm_mon || tm.tm_hour != day.tm_hour ||
	    tm.tm_min != day.tm_min || tm.tm_sec != day.tm_sec)
		return IS_NO_DATE;
	return *seconds > 0 && *seconds <= UINT32_MAX ? IS_DATE : IS_TOO_FAR;
}

int date_read(const char *text, size_t len, __u32 *date)
{
	time_t seconds;

	if (!decimal_read_u32(text, len, date))
		return *date >= SECONDS_MIN ? 0 : -1;
	if (read_calendar(text, len, &seconds) != IS_DATE)
		return -1;
	*date = seconds;
	return 0;
}

const char *date_expected(const char *text, size_t len)
{
	static const char *const expected[] = {
		[IS_DATE] = DATE_FORMS,
		[IS_NO_DATE] = "a date of the calendar",
		[IS_TOO_FAR] = "a date from 1970 to 2105",
		[IS_OTHER] = DATE_FORMS,
	};
	time_t seconds;

	return expected[read_calendar(text, len, &seconds)];
}

int date_read_expiry(const char *text, size_t len, __u32 *expiry)
{
	time_t seconds;

	if (read_calendar(text, len, &seconds) != IS_TOO_FAR || memcmp(text, NEVER, strlen(NEVER)))
		return date_read(text, len, expiry);
	*expiry = 0;
	return 0;
}

int date_read_due(const char *text, size_t len, __u32 *due)
{
	if (date_read(text, len, due))
		return -1;
	if (*due % DAY == 0)
		*due = *due > UINT32_MAX - DAY ? UINT32_MAX : *due + DAY - 1;
	return 0;
}

static const char *to_dashes(const char *text, char day[sizeof("YYYY-MM-DD")])
{
	snprintf(day, sizeof("YYYY-MM-DD"), "%.4s-%.2s-%.2s", text, text + 4, text + 6);
	return day;
}

int date_read_yyyymmdd(const char *text, size_t len, __u32 *date)
{
	char day[sizeof("YYYY-MM-DD")];

	if (len != strlen("YYYYMMDD"))
		return date_read(text, len, date);
	return date_read(to_dashes(text, day), DAY_OCTETS, date);
}

const char *date_expected_yyyymmdd(const char *text, size_t len)
{
	char day[sizeof("YYYY-MM-DD")];
	time_t seconds;

	if (len != strlen("YYYYMMDD") ||
	    read_calendar(to_dashes(text, day), DAY_OCTETS, &seconds) == IS_OTHER)
		return "YYYYMMDD";
	return date_expected(day, DAY_OCTETS);
}

const char *date_text(__u32 date, char text[DATE_TEXT])
{
	time_t seconds = date;
	struct tm tm;

	text[0] = '\0';
	if (date && gmtime_r(&seconds, &tm))
		strftime(text, DATE_TEXT, "%Y-%m-%dT%H:%M:%SZ", &tm);
	return text;
}
