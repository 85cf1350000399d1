// SPDX-License-Identifier: GPL-2.0-only
/* The table of verbs, and how the tool complains. */
#define _GNU_SOURCE
#include <errno.h>
#include <malloc.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <jansson.h>
#include "options.h"
#include "store.h"
#include "xeir.h"

#define VERSION "0.1"

struct options opt;

static const struct verb *const verbs[] = {
	&verb_attach,  &verb_detach,  &verb_status,    &verb_load,     &verb_sync,
	&verb_block,   &verb_unblock, &verb_except,    &verb_check,    &verb_list,
	&verb_flush,   &verb_save,    &verb_restore,   &verb_set,      &verb_enforce,
	&verb_stats,   &verb_monitor, &verb_replay,    &verb_sessions, &verb_sightings,
	&verb_journal, &verb_verify,  &verb_directive, &verb_sample,   &verb_report,
	&verb_key,     &verb_numbers, &verb_protect,
};

#define N_VERBS (sizeof(verbs) / sizeof(verbs[0]))

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

static void vcomplain(const char *name, json_t *list, const char *format, va_list args)
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

void complain(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vcomplain("", NULL, format, args);
	va_end(args);
}

void complain_of_faults(json_t *faults, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vcomplain("faults", faults, format, args);
	va_end(args);
}

void complain_with(const char *name, json_t *list, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vcomplain(name, list, format, args);
	va_end(args);
}

int bad_usage(const struct verb *verb, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vcomplain("", NULL, format, args);
	va_end(args);
	fprintf(stderr, "usage: xeir %s%s%s\ntry: xeir %s --help\n", verb->name,
		*verb->usage ? " " : "", verb->usage, verb->name);
	return EXIT_BAD;
}

int bad_call(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vcomplain("", NULL, format, args);
	va_end(args);
	fputs("try: xeir --help\n", stderr);
	return EXIT_BAD;
}

static const struct verb *find_verb(const char *name)
{
	for (size_t i = 0; i < N_VERBS; i++)
		if (!strcmp(verbs[i]->name, name))
			return verbs[i];
	return NULL;
}

static int help_all(void)
{
	puts("xeir: stop the GTP-C sessions of listed handsets before the packet core sees them\n\n"
	     "usage: xeir [OPTIONS] VERB ...\n");
	for (size_t i = 0; i < N_VERBS; i++)
		printf("  %-9s %s\n", verbs[i]->name, verbs[i]->summary);
	printf("  %-9s %s\n\n%s\n", "help", "what a verb does, with examples: xeir help VERB",
	       options_help);
	puts("Exit status: 0 done, 1 failed at run time (check: not listed), 2 bad usage or "
	     "input,\n3 undone by the breaker.");
	return EXIT_DONE;
}

static int help_verb(const struct verb *verb)
{
	printf("usage: xeir %s%s%s\n\n%s\n%s", verb->name, *verb->usage ? " " : "", verb->usage,
	       verb->help, options_help);
	return EXIT_DONE;
}

static int help(const char *name)
{
	const struct verb *verb;

	if (!name)
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
		puts("xeir " VERSION);
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

	/* it would rise by itself: lists are to grow in place, and to go back once they are free */
	mallopt(M_MMAP_THRESHOLD, 1024 * 1024);
	opt.pins = from_environment("XEIR_PINS", "/sys/fs/bpf/xeir");
	opt.journal = from_environment("XEIR_JOURNAL", STORE_FILE);
	store_configure();
	status = run(argc, argv);
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "xeir: the answer could not be written: %s\n", strerror(errno));
		return EXIT_FAILED;
	}
	return status;
}
