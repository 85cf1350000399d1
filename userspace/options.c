// SPDX-License-Identifier: GPL-2.0-only
#include "options.h"

#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "cmd/verb.h"
#include "directive/columns.h"
#include "directive/directive_read.h"
#include "directive/metadata.h"
#include "journal/store.h"
#include "lib/dates.h"
#include "lib/decimal.h"
#include "lib/opt.h"
#include "lib/say.h"

#define GRACE_MAX 3650 /* days */
#define CODES 256 /* from here on getopt returns long options, below it letters */

static int set_transport(const char *name)
{
	if (!strcmp(name, "netlink"))
		opt.transport = TRANSPORT_NETLINK;
	else if (!strcmp(name, "bpf"))
		opt.transport = TRANSPORT_BPF;
	else
		return bad_call("--transport: found \"%s\", expected netlink or bpf", name);
	return EXIT_DONE;
}

static int set_directive(const char *text)
{
	__u32 number;

	if (opt.directive_given)
		return bad_call("directive is given twice");
	if (decimal_read_u32(text, strlen(text), &number))
		return bad_call("directive: found \"%s\", expected a number up to 4294967295",
				text);
	opt.directive = number;
	opt.directive_given = true;
	return EXIT_DONE;
}

static int set_breaker(const char *text)
{
	unsigned long limit, seconds = 0;
	char *end;

	limit = strtoul(text, &end, 10);
	if (*text >= '0' && *text <= '9' && *end == '/' && end[1] >= '1' && end[1] <= '9')
		seconds = strtoul(end + 1, &end, 10);
	if (!seconds || *end || limit > UINT32_MAX || seconds > 24 * 3600)
		return bad_call(
			"--breaker: found \"%s\", expected N/SECONDS, of attempts and of at "
			"most a day",
			text);
	opt.breaker_limit = limit;
	opt.breaker_seconds = seconds;
	return EXIT_DONE;
}

static int set_force(const char *reason)
{
	if (!reason[strspn(reason, " \t\r\n")])
		return bad_call("--force: found no word, expected the reason, for the journal");
	opt.force = reason;
	return EXIT_DONE;
}

static int set_format(const char *name)
{
	if (!directive_read_has_format(name))
		return bad_call("--format: found \"%s\", expected plain, csv, dirbs or json", name);
	opt.format = name;
	return EXIT_DONE;
}

static int set_due(const char *text)
{
	if (date_read_due(text, strlen(text), &opt.due))
		return bad_call("--due: found \"%s\", expected %s", text,
				date_expected(text, strlen(text)));
	return EXIT_DONE;
}

static int set_received(const char *text)
{
	if (date_read(text, strlen(text), &opt.received))
		return bad_call("--received: found \"%s\", expected %s", text,
				date_expected(text, strlen(text)));
	if (opt.received > time(NULL))
		return bad_call("--received: found \"%s\", expected a time that has passed", text);
	return EXIT_DONE;
}

static int set_map(const char *text)
{
	if (columns_map(text))
		return bad_call("--map: found \"%s\", expected COLUMN=NAME,... where COLUMN is one "
				"that a list can have, each once, or imei=NAME+NAME..., or "
				"status=NAME:VALUE=ACTION,VALUE=-,...",
				text);
	return EXIT_DONE;
}

static int set_grace(const char *text)
{
	if (decimal_read_u32(text, strlen(text), &opt.grace) || opt.grace > GRACE_MAX)
		return bad_call("--grace: found \"%s\", expected days, %d at most", text,
				GRACE_MAX);
	return EXIT_DONE;
}

/* What each option sets, one of these, and the verbs that have it. */
static const struct known {
	const char *name;
	const char *value; /* what --help calls it; none: the option takes no value */
	const char *help;
	bool *flag; /* it was given */
	const char **text; /* its value */
	const char **fact; /* likewise, as it may stand in a directive */
	unsigned int *date;
	int (*set)(const char *value); /* what is more than that */
	bool is_word; /* taken without its dashes too, among the operands */
	const struct verb *verbs[18]; /* none: all; to others it does not apply */
} known[] = {
	{ "json", NULL, "print JSON", .flag = &opt.json },
	{ "dry-run", NULL, "print what a change would do, and change nothing", .flag = &opt.dry_run,
	  .verbs = { &verb_attach, &verb_detach, &verb_load, &verb_sync, &verb_block, &verb_unblock,
		     &verb_flush, &verb_save, &verb_restore, &verb_set, &verb_except, &verb_enforce,
		     &verb_directive, &verb_key, &verb_numbers, &verb_protect } },
	{ "skip-invalid", NULL, "load, sync, restore, replay, numbers: skip faulty lines",
	  .flag = &opt.skip_invalid,
	  .verbs = { &verb_load, &verb_sync, &verb_restore, &verb_replay, &verb_numbers } },
	{ "yes", NULL, "block, load, sync: confirm a TAC; detach all: confirm what is lost",
	  .flag = &opt.yes, .verbs = { &verb_load, &verb_sync, &verb_block, &verb_detach } },
	{ "prometheus", NULL, "stats: print the text format of Prometheus", .flag = &opt.prometheus,
	  .verbs = { &verb_stats } },
	{ "csv", NULL, "sightings, report, numbers export: print CSV", .flag = &opt.csv,
	  .verbs = { &verb_sightings, &verb_report, &verb_numbers } },
	{ "html", "FILE", "report: write an HTML page", .text = &opt.html,
	  .verbs = { &verb_report } },
	{ "operator", "NAME", "report: the operator of the network", .fact = &opt.operator_name,
	  .verbs = { &verb_report } },
	{ "explain", "FIGURE", "report: list what a figure is computed from", .text = &opt.explain,
	  .verbs = { &verb_report } },
	{ "replace", NULL, "attach: put this version in place of an older one",
	  .flag = &opt.replace, .verbs = { &verb_attach } },
	{ "breaker", "N/SECS", "load, sync: undo if more than N attempts are stopped in SECS",
	  .set = set_breaker, .verbs = { &verb_load, &verb_sync } },
	{ "force", "REASON", "block, load, sync, directive, numbers: override the guards",
	  .set = set_force,
	  .verbs = { &verb_load, &verb_sync, &verb_block, &verb_directive, &verb_numbers } },
	{ "format", "NAME", "load, sync, replay: plain, csv, dirbs or json", .set = set_format,
	  .verbs = { &verb_load, &verb_sync, &verb_replay } },
	{ "map", "COLUMN=NAME,...", "load, sync, replay: names of the columns in the file",
	  .set = set_map, .verbs = { &verb_load, &verb_sync, &verb_replay } },
	{ "signature", "FILE", "load, sync: signature (default FILE.minisig, if it exists)",
	  .text = &opt.signature, .verbs = { &verb_load, &verb_sync } },
	{ "grace", "DAYS", "numbers expire: days after the deadline (default 0)", .set = set_grace,
	  .verbs = { &verb_numbers } },
	{ "backlog", NULL, "monitor: print events from before it started too", .flag = &opt.backlog,
	  .verbs = { &verb_monitor } },
	{ "pending", NULL, "numbers list, export: only pending numbers", .flag = &opt.pending,
	  .verbs = { &verb_numbers } },
	{ "directive", "N", "number of the directive; or as a word: directive N",
	  .set = set_directive, .is_word = true,
	  .verbs = { &verb_load, &verb_sync, &verb_block, &verb_except, &verb_restore, &verb_report,
		     &verb_numbers, &verb_sightings, &verb_journal, &verb_directive } },
	{ "issuer", "NAME", "load, sync: name of the issuer, if not in the file",
	  .fact = &opt.issuer, .verbs = { &verb_load, &verb_sync } },
	{ "reference", "TEXT", "load, sync: reference of the issuer, if not in the file",
	  .fact = &opt.reference, .verbs = { &verb_load, &verb_sync } },
	{ "issued", "DATE", "load, sync: date of issue, if not in the file", .date = &opt.issued,
	  .verbs = { &verb_load, &verb_sync } },
	{ "received", "DATE", "load, sync: when the file arrived, if before now",
	  .set = set_received, .verbs = { &verb_load, &verb_sync } },
	{ "due", "DATE", "load, sync, numbers add, numbers link: the deadline", .set = set_due,
	  .verbs = { &verb_load, &verb_sync, &verb_numbers } },
	{ "transport", "netlink|bpf", "way to the list (default: netlink if the module has it)",
	  .set = set_transport },
	{ "pins", "DIR", "pin directory (default /sys/fs/bpf/xeir, or XEIR_PINS)",
	  .text = &opt.pins },
	{ "journal", "FILE", "journal (default " STORE_FILE ", or XEIR_JOURNAL)",
	  .text = &opt.journal },
	{ "list", "FILE", "replay: filter by this file, not by the enforced list",
	  .text = &opt.list, .verbs = { &verb_replay } },
	{ "head", "HASH", "journal verify: a record with this hash must exist", .text = &opt.head,
	  .verbs = { &verb_journal } },
};

#define N_KNOWN (sizeof(known) / sizeof(*known))
#define VERSION (CODES + (int)N_KNOWN)

static bool given[N_KNOWN];

static int set_fact(const struct known *option, const char *value)
{
	if (!metadata_is_text(value, strlen(value)))
		return bad_call("--%s: expected " METADATA_TEXT_FORM, option->name);
	*option->fact = value;
	return EXIT_DONE;
}

static int set_date(const struct known *option, const char *value)
{
	if (date_read(value, strlen(value), option->date))
		return bad_call("--%s: found \"%s\", expected %s", option->name, value,
				date_expected(value, strlen(value)));
	return EXIT_DONE;
}

static int set(const struct known *option, const char *value)
{
	if (option->set)
		return option->set(value);
	if (option->fact)
		return set_fact(option, value);
	if (option->date)
		return set_date(option, value);
	if (option->text)
		*option->text = value;
	else
		*option->flag = true;
	return EXIT_DONE;
}

static int bad_option(int code, char **argv)
{
	const char *word = argv[optind - 1];

	if (code == ':')
		return bad_call("%s needs a value", word);
	if (optopt >= '0' && optopt <= '9')
		return bad_call("found -%c, expected a positive number", optopt);
	if (optopt >= CODES)
		return bad_call("%s takes no value", word);
	if (optopt)
		return bad_call("there is no option -%c", optopt);
	return bad_call("there is no option %s", word);
}

static bool has_option(const struct verb *verb, const struct known *option)
{
	const struct verb *const *has = option->verbs;

	if (!*has)
		return true;
	while (*has && *has != verb)
		has++;
	return *has;
}

void options_print_help(const struct verb *verb)
{
	char form[64];

	puts("Options, before or after the verb:");
	for (size_t i = 0; i < N_KNOWN; i++) {
		const struct known *option = &known[i];
		int n;

		if (verb && !has_option(verb, option))
			continue;
		n = snprintf(form, sizeof(form), "--%s%s%s", option->name, option->value ? " " : "",
			     option->value ? option->value : "");
		printf(n <= 16 ? "  %-16s  %s\n" : "  %s\n                    %s\n", form,
		       option->help);
	}
	puts("  --help, --version");
}

int options_check(const struct verb *verb)
{
	for (size_t i = 0; i < N_KNOWN; i++)
		if (given[i] && !has_option(verb, &known[i]))
			return bad_usage(verb, "--%s does not apply to %s", known[i].name,
					 verb->name);
	return EXIT_DONE;
}

static const struct known *find_word(const struct verb *verb, const char *text)
{
	for (size_t i = 0; i < N_KNOWN; i++)
		if (known[i].is_word && !strcmp(known[i].name, text) && has_option(verb, &known[i]))
			return &known[i];
	return NULL;
}

/* The last one has no value, and is the verb's: it may be the name of a file. */
int options_take_words(const struct verb *verb, int *argc, char **argv)
{
	int kept = 1, status = EXIT_DONE;

	for (int i = 1; i < *argc && !status; i++) {
		const struct known *option = i + 1 < *argc ? find_word(verb, argv[i]) : NULL;

		if (option)
			status = set(option, argv[++i]);
		else
			argv[kept++] = argv[i];
	}
	if (kept < *argc)
		argv[kept] = NULL;
	*argc = kept;
	return status;
}

/* As getopt_long() has them. */
static void list_options(struct option long_options[N_KNOWN + 3])
{
	for (size_t i = 0; i < N_KNOWN; i++)
		long_options[i] = (struct option){ known[i].name,
						   known[i].flag ? no_argument : required_argument,
						   NULL, CODES + i };
	long_options[N_KNOWN] = (struct option){ "help", no_argument, NULL, 'h' };
	long_options[N_KNOWN + 1] = (struct option){ "version", no_argument, NULL, VERSION };
}

int options_read(int argc, char **argv, enum asked *asked)
{
	struct option long_options[N_KNOWN + 3] = {};
	int code, status = EXIT_DONE;

	list_options(long_options);
	opterr = 0;
	while (status == EXIT_DONE &&
	       (code = getopt_long(argc, argv, ":h", long_options, NULL)) != -1) {
		if (code == 'h') {
			*asked = ASKED_HELP;
		} else if (code == VERSION) {
			*asked = ASKED_VERSION;
		} else if (code < CODES) {
			status = bad_option(code, argv);
		} else {
			given[code - CODES] = true;
			status = set(&known[code - CODES], optarg);
		}
	}
	return status;
}
