// SPDX-License-Identifier: GPL-2.0-only
#include "options.h"

#include <getopt.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "columns.h"
#include "directive.h"
#include "facts.h"
#include "number.h"
#include "store.h"
#include "until.h"

#define GRACE_MAX 3650 /* days */

enum {
	OPT_JSON = 256,
	OPT_DRY_RUN,
	OPT_SKIP_INVALID,
	OPT_YES,
	OPT_PROMETHEUS,
	OPT_CSV,
	OPT_HTML,
	OPT_REPLACE,
	OPT_BREAKER,
	OPT_PENDING,
	OPT_GRACE,
	OPT_FORCE,
	OPT_VIA,
	OPT_PINS,
	OPT_JOURNAL,
	OPT_SIGNATURE,
	OPT_DIRECTIVE,
	OPT_LIST,
	OPT_FORMAT,
	OPT_MAP,
	OPT_HEAD,
	OPT_ISSUER,
	OPT_REFERENCE,
	OPT_ISSUED,
	OPT_DUE,
	OPT_VERSION
};

static const struct option long_options[] = {
	{ "json", no_argument, NULL, OPT_JSON },
	{ "dry-run", no_argument, NULL, OPT_DRY_RUN },
	{ "skip-invalid", no_argument, NULL, OPT_SKIP_INVALID },
	{ "yes", no_argument, NULL, OPT_YES },
	{ "prometheus", no_argument, NULL, OPT_PROMETHEUS },
	{ "csv", no_argument, NULL, OPT_CSV },
	{ "html", required_argument, NULL, OPT_HTML },
	{ "replace", no_argument, NULL, OPT_REPLACE },
	{ "breaker", required_argument, NULL, OPT_BREAKER },
	{ "pending", no_argument, NULL, OPT_PENDING },
	{ "grace", required_argument, NULL, OPT_GRACE },
	{ "force", required_argument, NULL, OPT_FORCE },
	{ "via", required_argument, NULL, OPT_VIA },
	{ "pins", required_argument, NULL, OPT_PINS },
	{ "journal", required_argument, NULL, OPT_JOURNAL },
	{ "signature", required_argument, NULL, OPT_SIGNATURE },
	{ "directive", required_argument, NULL, OPT_DIRECTIVE },
	{ "list", required_argument, NULL, OPT_LIST },
	{ "format", required_argument, NULL, OPT_FORMAT },
	{ "map", required_argument, NULL, OPT_MAP },
	{ "head", required_argument, NULL, OPT_HEAD },
	{ "issuer", required_argument, NULL, OPT_ISSUER },
	{ "reference", required_argument, NULL, OPT_REFERENCE },
	{ "issued", required_argument, NULL, OPT_ISSUED },
	{ "due", required_argument, NULL, OPT_DUE },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ NULL, 0, NULL, 0 },
};

/* Options that only some verbs have; to others they would mean nothing. */
static const struct {
	int code;
	const char *name;
	const struct verb *verbs[18];
} rare[] = {
	{ OPT_DRY_RUN,
	  "--dry-run",
	  { &verb_attach, &verb_detach, &verb_load, &verb_sync, &verb_block, &verb_unblock,
	    &verb_flush, &verb_save, &verb_restore, &verb_set, &verb_except, &verb_enforce,
	    &verb_directive, &verb_key, &verb_numbers, &verb_protect } },
	{ OPT_PROMETHEUS, "--prometheus", { &verb_stats } },
	{ OPT_CSV, "--csv", { &verb_sightings, &verb_report, &verb_numbers } },
	{ OPT_HTML, "--html", { &verb_report } },
	{ OPT_PENDING, "--pending", { &verb_numbers } },
	{ OPT_GRACE, "--grace", { &verb_numbers } },
	{ OPT_REPLACE, "--replace", { &verb_attach } },
	{ OPT_YES, "--yes", { &verb_load, &verb_sync, &verb_block } },
	{ OPT_SKIP_INVALID,
	  "--skip-invalid",
	  { &verb_load, &verb_sync, &verb_restore, &verb_replay, &verb_numbers } },
	{ OPT_DIRECTIVE,
	  "--directive",
	  { &verb_load, &verb_sync, &verb_block, &verb_except, &verb_restore, &verb_report,
	    &verb_numbers } },
	{ OPT_SIGNATURE, "--signature", { &verb_load, &verb_sync } },
	{ OPT_LIST, "--list", { &verb_replay } },
	{ OPT_FORMAT, "--format", { &verb_load, &verb_sync, &verb_replay } },
	{ OPT_MAP, "--map", { &verb_load, &verb_sync, &verb_replay } },
	{ OPT_HEAD, "--head", { &verb_journal } },
	{ OPT_ISSUER, "--issuer", { &verb_load, &verb_sync } },
	{ OPT_REFERENCE, "--reference", { &verb_load, &verb_sync } },
	{ OPT_ISSUED, "--issued", { &verb_load, &verb_sync } },
	{ OPT_DUE, "--due", { &verb_load, &verb_sync, &verb_numbers } },
	{ OPT_BREAKER, "--breaker", { &verb_load, &verb_sync } },
	{ OPT_FORCE,
	  "--force",
	  { &verb_load, &verb_sync, &verb_block, &verb_directive, &verb_numbers } },
};

static bool given[OPT_VERSION + 1];

/* Options that are said or not. */
static bool *const flags[OPT_VERSION + 1] = {
	[OPT_JSON] = &opt.json,
	[OPT_DRY_RUN] = &opt.dry_run,
	[OPT_SKIP_INVALID] = &opt.skip_invalid,
	[OPT_YES] = &opt.yes,
	[OPT_PROMETHEUS] = &opt.prometheus,
	[OPT_CSV] = &opt.csv,
	[OPT_REPLACE] = &opt.replace,
	[OPT_PENDING] = &opt.pending,
};

const char options_help[] =
	"Options, before or behind the verb:\n"
	"  --json            answer in JSON\n"
	"  --dry-run         say what a change would do, and change nothing\n"
	"  --skip-invalid    load, sync, restore: apply the rest when lines are wrong\n"
	"  --yes             block, load, sync: a TAC, which stops a whole model, is meant\n"
	"  --prometheus      stats: answer in the text format of Prometheus\n"
	"  --csv             sightings, report, numbers: answer in CSV\n"
	"  --html FILE       report: write a page\n"
	"  --replace         attach: put the programs of this xeir in place of others\n"
	"  --breaker N/SECS  load, sync: undo it when it stops more than N attempts within SECS\n"
	"  --force REASON    block, load, sync, directive, numbers: it is meant, for this reason\n"
	"  --format NAME     load, sync, replay: the file is plain, csv, dirbs or json\n"
	"  --map COLUMN=NAME,... load, sync, replay: what columns are called in the file\n"
	"  --signature FILE  load, sync: the signature; else FILE.minisig, if it is there\n"
	"  --grace DAYS      numbers expire: wait so long behind the deadline\n"
	"  --pending         numbers: those that are waited for\n"
	"  --directive N     number of the directive, where a file names none\n"
	"  --issuer NAME, --reference TEXT, --issued DATE, --due DATE\n"
	"                    load, sync: what the directive does not say of itself;\n"
	"                    numbers add, link: when the numbers are due\n"
	"  --via netlink|bpf the road to the list; else the module's if it has bound it\n"
	"  --pins DIR        pin directory (default /sys/fs/bpf/xeir, or XEIR_PINS)\n"
	"  --journal FILE    the journal (default " STORE_FILE ", or XEIR_JOURNAL)\n"
	"  --list FILE       replay: judge by this file, not by the list in force\n"
	"  --head HASH       journal verify: a record with this hash is to be there\n"
	"  --help, --version\n";

static int set_via(const char *name)
{
	if (!strcmp(name, "netlink"))
		opt.via = VIA_NETLINK;
	else if (!strcmp(name, "bpf"))
		opt.via = VIA_BPF;
	else
		return bad_call("--via: found \"%s\", expected netlink or bpf", name);
	return EXIT_DONE;
}

static int set_directive(const char *text)
{
	__u32 number;

	if (number_directive(text, strlen(text), &number))
		return bad_call("--directive: found \"%s\", expected a number up to 4294967295",
				text);
	opt.directive = number;
	return EXIT_DONE;
}

static int set_text(const char *name, const char **to)
{
	if (!facts_is_text(optarg, strlen(optarg)))
		return bad_call("%s: expected " FACTS_TEXT_FORM, name);
	*to = optarg;
	return EXIT_DONE;
}

static int set_date(const char *name, unsigned int *to)
{
	if (until_read(optarg, strlen(optarg), to))
		return bad_call("%s: found \"%s\", expected " UNTIL_FORMS, name, optarg);
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
	if (!directive_has_format(name))
		return bad_call("--format: found \"%s\", expected plain, csv, dirbs or json", name);
	opt.format = name;
	return EXIT_DONE;
}

static int set_map(const char *text)
{
	if (columns_map(text))
		return bad_call("--map: found \"%s\", expected COLUMN=NAME,... where COLUMN is one "
				"that a list can have, each once, or imei=NAME+NAME...",
				text);
	return EXIT_DONE;
}

static int set_grace(const char *text)
{
	if (number_directive(text, strlen(text), &opt.grace) || opt.grace > GRACE_MAX)
		return bad_call("--grace: found \"%s\", expected days, %d at most", text,
				GRACE_MAX);
	return EXIT_DONE;
}

static int bad_option(int code, char **argv)
{
	const char *word = argv[optind - 1];

	if (code == ':')
		return bad_call("%s needs a value", word);
	if (optopt >= '0' && optopt <= '9')
		return bad_call("found -%c, and no number is negative", optopt);
	if (optopt >= 256)
		return bad_call("%s takes no value", word);
	if (optopt)
		return bad_call("there is no option -%c", optopt);
	return bad_call("there is no option %s", word);
}

int options_check(const struct verb *verb)
{
	for (size_t i = 0; i < sizeof(rare) / sizeof(*rare); i++) {
		const struct verb *const *has = rare[i].verbs;

		while (*has && *has != verb)
			has++;
		if (given[rare[i].code] && !*has)
			return bad_usage(verb, "%s means nothing to %s", rare[i].name, verb->name);
	}
	return EXIT_DONE;
}

int options_read(int argc, char **argv, enum asked *asked)
{
	int code, status = EXIT_DONE;

	opterr = 0;
	while (status == EXIT_DONE &&
	       (code = getopt_long(argc, argv, ":h", long_options, NULL)) != -1) {
		given[code] = true;
		if (flags[code]) {
			*flags[code] = true;
			continue;
		}
		switch (code) {
		case OPT_VIA:
			status = set_via(optarg);
			break;
		case OPT_PINS:
			opt.pins = optarg;
			break;
		case OPT_JOURNAL:
			opt.journal = optarg;
			break;
		case OPT_HTML:
			opt.html = optarg;
			break;
		case OPT_SIGNATURE:
			opt.signature = optarg;
			break;
		case OPT_DIRECTIVE:
			status = set_directive(optarg);
			break;
		case OPT_BREAKER:
			status = set_breaker(optarg);
			break;
		case OPT_GRACE:
			status = set_grace(optarg);
			break;
		case OPT_FORCE:
			status = set_force(optarg);
			break;
		case OPT_LIST:
			opt.list = optarg;
			break;
		case OPT_FORMAT:
			status = set_format(optarg);
			break;
		case OPT_MAP:
			status = set_map(optarg);
			break;
		case OPT_HEAD:
			opt.head = optarg;
			break;
		case OPT_ISSUER:
			status = set_text("--issuer", &opt.issuer);
			break;
		case OPT_REFERENCE:
			status = set_text("--reference", &opt.reference);
			break;
		case OPT_ISSUED:
			status = set_date("--issued", &opt.issued);
			break;
		case OPT_DUE:
			status = set_date("--due", &opt.due);
			break;
		case 'h':
			*asked = ASKED_HELP;
			break;
		case OPT_VERSION:
			*asked = ASKED_VERSION;
			break;
		default:
			status = bad_option(code, argv);
		}
	}
	return status;
}
