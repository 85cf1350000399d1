/* SPDX-License-Identifier: GPL-2.0-only */
/* How the tool reports an error, and its exit status. */
#ifndef XEIR_LIB_SAY_H
#define XEIR_LIB_SAY_H

#include <jansson.h>
#include <stdarg.h>

enum {
	EXIT_DONE = 0,
	EXIT_NO = 1, /* the answer: not listed, differences, none found */
	EXIT_BAD = 2, /* usage or input */
	EXIT_TRIPPED = 3, /* the breaker has tripped: the change is undone */
	EXIT_FAILED = 4, /* at run time: not done, or no answer */
};

/* "xeir: " and the sentence to stderr, with --json an object with "error" to stdout too. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
void vcomplain(const char *format, va_list args) __attribute__((format(printf, 1, 0)));

/* The same; @list, an array or NULL, goes into the object by this name. */
void complain_with(const char *name, json_t *list, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* A file's name need not be the UTF-8 that JSON must be: what is not ASCII in it becomes '?'. */
json_t *json_of_text(const char *text);

/* Set a member by a name that may have dashes, which become _: .no_imei is easier to ask for. */
void json_set_named(json_t *object, const char *name, json_t *value);

#endif /* XEIR_LIB_SAY_H */
