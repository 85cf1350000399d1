// SPDX-License-Identifier: GPL-2.0-only
/* The table of verbs, and the call of one. */
#include <bpf/libbpf.h>
#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/verb.h"
#include "journal/store.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "lib/version.h"
#include "options.h"

static const struct verb *const verbs[] = {
	&verb_attach,  &verb_detach,  &verb_status,    &verb_load,     &verb_sync,
	&verb_block,   &verb_unblock, &verb_except,    &verb_check,    &verb_list,
	&verb_flush,   &verb_save,    &verb_restore,   &verb_set,      &verb_enforce,
	&verb_stats,   &verb_monitor, &verb_replay,    &verb_sessions, &verb_sightings,
	&verb_journal, &verb_verify,  &verb_directive, &verb_snapshot, &verb_report,
	&verb_key,     &verb_numbers, &verb_protect,
};

#define N_VERBS (sizeof(verbs) / sizeof(verbs[0]))

static const struct verb *find_verb(const char *name)
{
	for (size_t i = 0; i < N_VERBS; i++)
		if (!strcmp(verbs[i]->name, name))
			return verbs[i];
	return NULL;
}

static int help_all(void)
{
	puts("xeir: block the GTP-C sessions of listed handsets before the packet core\n\n"
	     "usage: xeir [OPTIONS] VERB ...\n");
	for (size_t i = 0; i < N_VERBS; i++)
		printf("  %-9s %s\n", verbs[i]->name, verbs[i]->summary);
	printf("  %-9s %s\n\n", "help", "print what a verb does, with examples");
	options_print_help(NULL);
	puts("\nExit status: 0 success, 1 failure at run time (check: not listed), 2 wrong usage\n"
	     "or input, 3 undone by the breaker.");
	return EXIT_DONE;
}

static int help_verb(const struct verb *verb)
{
	printf("usage: xeir %s%s%s\n\n%s\n", verb->name, *verb->usage ? " " : "", verb->usage,
	       verb->help);
	options_print_help(verb);
	return EXIT_DONE;
}

static int help(const char *name)
{
	const struct verb *verb;

	if (!name || !strcmp(name, "help"))
		return help_all();
	verb = find_verb(name);
	return verb ? help_verb(verb) : bad_call("there is no verb \"%s\"", name);
}

static int run(int argc, char **argv)
{
	const struct verb *verb;
	enum asked asked = ASKED_NOTHING;
	int status = options_read(argc, argv, &asked);

	if (status != EXIT_DONE)
		return status;
	if (asked == ASKED_VERSION) {
		puts("xeir " XEIR_VERSION);
		return EXIT_DONE;
	}
	argc -= optind;
	argv += optind;
	if (argc && !strcmp(argv[0], "help"))
		return help(argv[1]);
	if (asked == ASKED_HELP)
		return help(argv[0]);
	if (!argc)
		return bad_call("no verb is given");
	verb = find_verb(argv[0]);
	if (!verb)
		return bad_call("there is no verb \"%s\"", argv[0]);
	status = options_check(verb);
	if (!status)
		status = options_take_words(verb, &argc, argv);
	return status ? status : verb->run(argc, argv);
}

static const char *from_environment(const char *name, const char *otherwise)
{
	const char *value = getenv(name);

	return value && *value ? value : otherwise;
}

int main(int argc, char **argv)
{
	int status;

	/* it is dynamic by default: lists must grow in place, and go back once they are free */
	mallopt(M_MMAP_THRESHOLD, 1024 * 1024);
	opt.pins = from_environment("XEIR_PINS", "/sys/fs/bpf/xeir");
	opt.journal = from_environment("XEIR_JOURNAL", STORE_FILE);
	store_configure();
	/* only xeir's own sentences; host/load_log.h keeps what the verifier says */
	libbpf_set_print(NULL);
	status = run(argc, argv);
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "xeir: the output cannot be written: %s\n", strerror(errno));
		return EXIT_FAILED;
	}
	return status;
}
