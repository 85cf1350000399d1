/* SPDX-License-Identifier: GPL-2.0-only */
/* The options of the command line, which all verbs share: read into `opt`. */
#ifndef XEIR_TOOL_OPTIONS_H
#define XEIR_TOOL_OPTIONS_H

#include "cmd/verb.h"

enum asked {
	ASKED_NOTHING,
	ASKED_HELP,
	ASKED_VERSION,
};

/* The options of @verb, or all of them if it is NULL. */
void options_print_help(const struct verb *verb);

/*
 * EXIT_DONE: go on behind the options, at optind; @asked becomes what --help or --version ask for,
 * the last of them.
 */
int options_read(int argc, char **argv, enum asked *asked);

/* EXIT_DONE: each option that was given applies to @verb. */
int options_check(const struct verb *verb);

/* Take `directive N` out of the operands of @verb, as if it were --directive N. */
int options_take_words(const struct verb *verb, int *argc, char **argv);

#endif /* XEIR_TOOL_OPTIONS_H */
