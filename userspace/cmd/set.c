// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/set.h"

#include <string.h>
#include <unistd.h>

#include "cmd/verb.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "policy/settings.h"
#include "session/sighting.h"
#include "transport/pinned_config.h"

static int read_argument(char **argv, int i, struct xeir_config *config)
{
	const char *expected;

	if (!setting_exists(argv[i]))
		return bad_usage(&verb_set, "there is no setting \"%s\"", argv[i]);
	if (!argv[i + 1])
		return bad_usage(&verb_set, "%s needs a value", argv[i]);
	for (int j = 1; j < i; j += 2)
		if (!strcmp(argv[j], argv[i]))
			return bad_usage(&verb_set, "%s is given twice", argv[i]);
	expected = setting_read(argv[i], argv[i + 1], config);
	if (expected)
		return bad_usage(&verb_set, "%s: found \"%s\", expected %s", argv[i], argv[i + 1],
				 expected);
	return EXIT_DONE;
}

/* Bring the arguments into @config. */
static int read_settings(int argc, char **argv, struct xeir_config *config)
{
	int status = EXIT_DONE;

	for (int i = 1; i < argc && !status; i += 2)
		status = read_argument(argv, i, config);
	return status;
}

/* The arguments are valid. */
static int change_settings(int argc, char **argv, struct xeir_config *config)
{
	json_t *values = json_object();
	int err;

	for (int i = 1; i < argc; i += 2)
		json_object_set_new(values, argv[i], json_of_text(argv[i + 1]));
	err = settings_change(values, config);
	json_decref(values);
	return err ? EXIT_FAILED : EXIT_DONE;
}

/* Without a journal, the default. */
static int read_journal_setting(const char *name, char text[SETTING_TEXT])
{
	struct store store;
	int err;

	snprintf(text, SETTING_TEXT, "%s", journal_setting(name)->otherwise);
	if (access(opt.journal, F_OK))
		return 0;
	/* to write, as the journal of an older xeir must be migrated */
	err = store_open(&store);
	if (err)
		return err;
	err = journal_setting_text(&store, name, text);
	store_close(&store);
	return err;
}

/* The values of the arguments replace the journal's, which does not have them in a dry run. */
static json_t *all_values(int argc, char **argv, const struct xeir_config *config)
{
	json_t *values = settings_json(config);
	char text[SETTING_TEXT];

	for (const struct journal_setting *each = journal_settings; each->name; each++) {
		if (read_journal_setting(each->name, text)) {
			json_decref(values);
			return NULL;
		}
		json_object_set_new(values, each->name, journal_setting_json(text));
	}
	for (int i = 1; i < argc; i += 2)
		if (journal_setting(argv[i]))
			json_object_set_new(values, argv[i], journal_setting_json(argv[i + 1]));
	return values;
}

static void print_json(json_t *values)
{
	json_t *object = json_object(), *value;
	const char *name;

	json_object_foreach(values, name, value)
		json_set_named(object, name, json_incref(value));
	json_object_set_new(object, "dry_run", json_boolean(opt.dry_run));
	json_dumpf(object, stdout, JSON_COMPACT);
	puts("");
	json_decref(object);
}

void setting_print(const json_t *value)
{
	const json_t *element;
	size_t i;

	if (json_is_integer(value))
		printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
	else if (json_is_string(value))
		fputs(json_string_value(value), stdout);
	else if (!json_array_size(value))
		fputs(SETTING_NO_APN, stdout);
	else
		json_array_foreach(value, i, element)
			printf("%s%s", i ? "," : "", json_string_value(element));
}

static void print_table(json_t *values)
{
	const char *name;
	json_t *value;

	if (opt.dry_run)
		puts("dry run, nothing is changed; the settings would be:");
	json_object_foreach(values, name, value) {
		printf("%-18s", name);
		setting_print(value);
		puts("");
	}
}

static int count(const struct sighting *sighting, void *n)
{
	(void)sighting;
	++*(size_t *)n;
	return 0;
}

/* If recording is not lawful, what was recorded may not be kept either. */
static int forget_sightings(void)
{
	size_t n = 0;

	if (opt.dry_run ? sightings_iterate(count, &n) : sightings_forget(&n))
		return EXIT_FAILED;
	if (n)
		fprintf(stderr, "xeir: %zu sighting%s %s\n", n, n == 1 ? "" : "s",
			opt.dry_run ? "would be deleted" : "deleted");
	return EXIT_DONE;
}

static int change(int argc, char **argv, struct xeir_config *config)
{
	int status = pinned_config_read(config) ? EXIT_FAILED : EXIT_DONE;

	if (!status)
		status = opt.dry_run ? read_settings(argc, argv, config) :
				       change_settings(argc, argv, config);
	if (!status && !config->sightings && sightings_supported())
		status = forget_sightings();
	return status;
}

static int run(int argc, char **argv)
{
	struct xeir_config config = XEIR_CONFIG_DEFAULT;
	json_t *values;
	int status;

	/* report bad usage also when there is no list */
	status = read_settings(argc, argv, &config);
	if (status)
		return status;
	if (argc == 1)
		status = pinned_config_read(&config) ? EXIT_FAILED : EXIT_DONE;
	else
		status = change(argc, argv, &config);
	if (status)
		return status;
	values = all_values(argc, argv, &config);
	if (!values)
		return EXIT_FAILED;
	if (opt.json)
		print_json(values);
	else
		print_table(values);
	json_decref(values);
	return EXIT_DONE;
}

const struct verb verb_set = {
	.name = "set",
	.usage = "[SETTING VALUE]...",
	.summary = "show or change settings",
	.help = "Changes the settings given and prints all of them.\n"
		"  no-imei pass|watch|drop      a request without a usable IMEI\n"
		"  malformed pass|watch|drop    a message whose lengths are wrong\n"
		"  fragment pass|watch|drop     an IP fragment that is too short to check\n"
		"  default-action drop|reject|watch\n"
		"                               for new entries without an action\n"
		"  cause-v1 N, cause-v2 N       cause of rejects in GTPv1 (192 to 255) and\n"
		"                               GTPv2 (64 to 255)\n"
		"  rejects N                    most rejects per second and CPU; beyond it,\n"
		"                               requests are dropped\n"
		"  sightings on|off             record pairs of IMEI and IMSI that set up\n"
		"                               sessions; off deletes them\n"
		"  cut drop|delete              active sessions that become listed: drop their\n"
		"                               packets; delete also sends Delete requests to\n"
		"                               both ends\n"
		"  deletes N                    most sessions per second that cut delete\n"
		"                               sends Delete requests for\n"
		"  session-age N[s|m|h|d]       how long a session without messages is tracked;\n"
		"                               printed in seconds\n"
		"  emergency-apn NAME[,NAME...] up to four APNs whose sessions always pass,\n"
		"                               without the operator's part; or none\n"
		"  max-change PERCENT           of the list that a file may unlist or add\n"
		"                               without --force\n"
		"  require-signature on|off     load and sync refuse unsigned files\n"
		"  country-code CC              replaces the leading 0 of national numbers\n"
		"                               (xeir numbers); or none\n\n"
		"examples:\n"
		"  xeir set\n"
		"  xeir set no-imei watch malformed drop\n"
		"  xeir set default-action reject cause-v1 222 cause-v2 93\n"
		"  xeir set sightings off\n"
		"  xeir set session-age 30d\n"
		"  xeir set emergency-apn sos,ims-sos\n"
		"  xeir set max-change 5\n",
	.run = run,
};
