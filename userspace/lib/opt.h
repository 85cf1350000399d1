/* SPDX-License-Identifier: GPL-2.0-only */
/* The options of the command line, as options.c has read them. */
#ifndef XEIR_LIB_OPT_H
#define XEIR_LIB_OPT_H

#include <stdbool.h>

enum transport_choice {
	TRANSPORT_AUTO,
	TRANSPORT_NETLINK,
	TRANSPORT_BPF,
};

struct options {
	const char *pins; /* pin directory */
	const char *journal; /* its file */
	const char *html; /* report: the file */
	const char *operator_name; /* report: whose network it is; or NULL */
	const char *explain; /* report: the figure */
	const char *signature; /* of the directive; NULL: the sidecar file, if there is one */
	const char *list; /* replay: judge by this file */
	const char *format; /* of a directive; NULL: as it looks */
	const char *head; /* journal verify: a hash that is to be there */
	unsigned int directive; /* number of the directive, 0: none */
	bool directive_given; /* as 0 may be */
	const char *issuer, *reference; /* of a directive; NULL: not given, likewise 0 */
	unsigned int issued, due, received; /* seconds since 1970 */
	enum transport_choice transport;
	bool json;
	bool dry_run;
	bool skip_invalid;
	bool yes; /* a TAC, or a loss, is confirmed */
	bool prometheus;
	bool csv;
	bool replace;
	bool backlog; /* monitor: events from before it started too */
	bool pending; /* only numbers that are pending */
	unsigned int grace; /* days behind the deadline */
	const char *force; /* the reason to override guards; or NULL */
	unsigned int breaker_limit; /* attempts, if there is a window */
	unsigned int breaker_seconds; /* 0: no breaker */
};

extern struct options opt;

#endif /* XEIR_LIB_OPT_H */
