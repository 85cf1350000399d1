// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "lib/say.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/opt.h"

json_t *json_of_text(const char *text)
{
	json_t *string = json_string(text);
	char *copy;

	if (string)
		return string;
	copy = strdup(text);
	for (char *c = copy; c && *c; c++)
		if ((unsigned char)*c > 0x7e)
			*c = '?';
	string = json_string(copy);
	free(copy);
	return string;
}

void json_set_named(json_t *object, const char *name, json_t *value)
{
	char *member = strdup(name);

	for (char *c = member; c && *c; c++)
		if (*c == '-')
			*c = '_';
	json_object_set_new(object, member, value);
	free(member);
}

static void report(const char *name, json_t *list, const char *format, va_list args)
{
	json_t *object;
	char *text;

	if (vasprintf(&text, format, args) < 0)
		return;
	fprintf(stderr, "xeir: %s\n", text);
	if (opt.json) {
		object = json_pack("{s:o, s:O*}", "error", json_of_text(text), name, list);
		json_dumpf(object, stdout, JSON_COMPACT);
		putchar('\n');
		json_decref(object);
	}
	free(text);
}

void vcomplain(const char *format, va_list args)
{
	report("", NULL, format, args);
}

void complain(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vcomplain(format, args);
	va_end(args);
}

void complain_with(const char *name, json_t *list, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	report(name, list, format, args);
	va_end(args);
}
