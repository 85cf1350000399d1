/* SPDX-License-Identifier: GPL-2.0-only */
/* The verbs of the command line. */
#ifndef XEIR_CMD_VERB_H
#define XEIR_CMD_VERB_H

struct verb {
	const char *name;
	const char *usage; /* what stands behind the name */
	const char *summary; /* one line */
	const char *help; /* --help: what it does, examples */
	int (*run)(int argc, char **argv); /* argv[0] is the verb; returns the exit status */
};

/* One per file of the same name. */
extern const struct verb verb_attach, verb_detach, verb_status, verb_load, verb_sync, verb_block,
	verb_unblock, verb_check, verb_list, verb_flush, verb_save, verb_restore, verb_set,
	verb_except, verb_enforce, verb_stats, verb_monitor, verb_replay, verb_sightings,
	verb_sessions, verb_journal, verb_verify, verb_directive, verb_snapshot,
	verb_report, verb_key, verb_numbers, verb_protect;

/* Bad usage of @verb: complains, names its usage, returns EXIT_BAD. */
int bad_usage(const struct verb *verb, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Bad usage of no verb in particular. */
int bad_call(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif /* XEIR_CMD_VERB_H */
