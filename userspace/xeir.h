/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every verb shares: the options that stand before or behind it, and how
 * it answers. A verb returns its exit status.
 */
#ifndef XEIR_TOOL_H
#define XEIR_TOOL_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

enum {
	EXIT_DONE = 0,
	EXIT_FAILED = 1, /* at run time; `check`: not listed */
	EXIT_BAD = 2, /* usage or input */
	EXIT_TRIPPED = 3, /* the breaker has tripped: what was done is undone */
};

enum via {
	VIA_AUTO,
	VIA_NETLINK,
	VIA_BPF,
};

struct options {
	const char *pins;	/* pin directory */
	const char *journal;	/* its file */
	const char *html;	/* report: the file */
	const char *signature;	/* of the directive; NULL: beside it, if there is one */
	const char *list;	/* replay: judge by this file */
	const char *format;	/* of a directive; NULL: as it looks */
	const char *head;	/* journal verify: a hash that is to be there */
	unsigned int directive;	/* number that entries get when their file names none */
	const char *issuer, *reference;	/* of a directive; NULL: not said, likewise 0 */
	unsigned int issued, due;	/* seconds since 1970 */
	enum via via;
	bool json;
	bool dry_run;
	bool skip_invalid;
	bool yes; /* a TAC is meant */
	bool prometheus;
	bool csv;
	bool replace;
	bool pending; /* only numbers that are waited for */
	unsigned int grace; /* days behind the deadline */
	const char *force; /* why what guards object to is meant all the same; or NULL */
	unsigned int breaker_limit; /* attempts, if there is a window */
	unsigned int breaker_seconds; /* 0: no breaker */
};

extern struct options opt;

struct verb {
	const char *name;
	const char *usage; /* what stands behind the name */
	const char *summary; /* one line */
	const char *help; /* --help: what it does, examples */
	int (*run)(int argc, char **argv); /* argv[0] is the verb */
};

/* One per file of the same name. */
extern const struct verb verb_attach, verb_detach, verb_status, verb_load, verb_sync, verb_block,
	verb_unblock, verb_check, verb_list, verb_flush, verb_save, verb_restore, verb_set,
	verb_except, verb_enforce, verb_stats, verb_monitor, verb_replay, verb_sightings,
	verb_sessions, verb_journal, verb_verify, verb_directive, verb_sample,
	verb_report, verb_key, verb_numbers, verb_protect;

/* "xeir: " and the sentence to stderr, with --json an object with "error" to stdout too. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same; @faults, an array or NULL, goes into the object. */
void complain_of_faults(json_t *faults, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Likewise @list, by that name. */
void complain_with(const char *name, json_t *list, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* A file's name need not be the UTF-8 that JSON must be: what is not ASCII in it becomes '?'. */
json_t *json_of_text(const char *text);

/* Bad usage of @verb: complains, names its usage, returns EXIT_BAD. */
int bad_usage(const struct verb *verb, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Bad usage of no verb in particular. */
int bad_call(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif /* XEIR_TOOL_H */
