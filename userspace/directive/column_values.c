// SPDX-License-Identifier: GPL-2.0-only
#include "directive/column_values.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define VALUES_MAX 64

static struct {
	const char *value, *meaning;
} values[VALUES_MAX];
static size_t n_values;

static bool is_meaning(const char *text)
{
	static const char *const meanings[] = { "drop", "reject", "watch", "remove", "-" };

	for (size_t i = 0; i < sizeof(meanings) / sizeof(*meanings); i++)
		if (!strcmp(text, meanings[i]))
			return true;
	return false;
}

int column_values_add(char *text)
{
	char *meaning = strchr(text, '=');

	if (!meaning || n_values == VALUES_MAX || !is_meaning(meaning + 1) ||
	    column_values_find(text, meaning - text))
		return -1;
	*meaning = '\0';
	values[n_values].value = text;
	values[n_values++].meaning = meaning + 1;
	return 0;
}

bool column_values_given(void)
{
	return n_values;
}

const char *column_values_find(const char *value, size_t len)
{
	for (size_t i = 0; i < n_values; i++)
		if (len == strlen(values[i].value) && !strncasecmp(value, values[i].value, len))
			return values[i].meaning;
	return NULL;
}

const char *column_values_list(char *text, size_t size)
{
	size_t at = 0;

	*text = '\0';
	for (size_t i = 0; i < n_values && at < size; i++)
		at += snprintf(text + at, size - at, "%s%s", i ? ", " : "",
			       *values[i].value ? values[i].value : "nothing");
	return text;
}
