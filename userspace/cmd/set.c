// SPDX-License-Identifier: GPL-2.0-only
#include <jansson.h>
#include <string.h>
#include <unistd.h>

#include "cmd/verb.h"
#include "lib/apn.h"
#include "lib/enum_names.h"
#include "lib/gtp_text.h"
#include "lib/identifier.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "policy/settings.h"
#include "session/sighting.h"
#include "transport/pinned_config.h"

/* Causes that reject, TS 29.060 cl. 7.7.1 and TS 29.274 cl. 8.4. */
#define CAUSE_V1_MIN 192
#define CAUSE_V2_MIN 64
#define CAUSE_MAX 255

#define NO_APN "none"

struct setting {
	const char *name;
	int (*read)(const struct setting *setting, const char *value, struct xeir_config *config);
	json_t *(*value)(const struct setting *setting, const struct xeir_config *config);
	size_t at; /* of an octet in the configuration */
	unsigned int min; /* of a cause */
};

static __u8 *octet(const struct setting *setting, const struct xeir_config *config)
{
	return (__u8 *)config + setting->at;
}

static int bad_value(const struct setting *setting, const char *found, const char *expected)
{
	return bad_usage(&verb_set, "%s: found \"%s\", expected %s", setting->name, found,
			 expected);
}

static int read_knob(const struct setting *setting, const char *value, struct xeir_config *config)
{
	int action = action_value(value);

	if (action < 0 || action == XEIR_ACTION_REJECT)
		return bad_value(setting, value, "pass, watch or drop");
	*octet(setting, config) = action;
	return EXIT_DONE;
}

static int read_default(const struct setting *setting, const char *value,
			struct xeir_config *config)
{
	int action = action_value(value);

	if (action <= XEIR_ACTION_PASS)
		return bad_value(setting, value, "drop, reject or watch");
	config->default_action = action;
	return EXIT_DONE;
}

static json_t *action_json(const struct setting *setting, const struct xeir_config *config)
{
	return json_string(action_name(*octet(setting, config)));
}

static int read_cause(const struct setting *setting, const char *value, struct xeir_config *config)
{
	char expected[64];
	__u32 cause;

	if (decimal_read_u32(value, strlen(value), &cause) || cause < setting->min ||
	    cause > CAUSE_MAX) {
		snprintf(expected, sizeof(expected), "a cause that rejects, %u to %u", setting->min,
			 CAUSE_MAX);
		return bad_value(setting, value, expected);
	}
	*octet(setting, config) = cause;
	return EXIT_DONE;
}

static json_t *cause_json(const struct setting *setting, const struct xeir_config *config)
{
	return json_integer(*octet(setting, config));
}

static int read_rejects(const struct setting *setting, const char *value,
			struct xeir_config *config)
{
	if (decimal_read_u32(value, strlen(value), &config->rejects))
		return bad_value(setting, value, "a number up to 4294967295");
	return EXIT_DONE;
}

static int read_cut(const struct setting *setting, const char *value, struct xeir_config *config)
{
	if (!strcmp(value, "drop"))
		config->cut = XEIR_CUT_BY_DROP;
	else if (!strcmp(value, "delete"))
		config->cut = XEIR_CUT_BY_DELETE;
	else
		return bad_value(setting, value, "drop or delete");
	return EXIT_DONE;
}

static json_t *cut_json(const struct setting *setting, const struct xeir_config *config)
{
	(void)setting;
	return json_string(config->cut == XEIR_CUT_BY_DELETE ? "delete" : "drop");
}

static int read_deletes(const struct setting *setting, const char *value,
			struct xeir_config *config)
{
	if (decimal_read_u32(value, strlen(value), &config->deletes))
		return bad_value(setting, value, "a number up to 4294967295");
	return EXIT_DONE;
}

static json_t *deletes_json(const struct setting *setting, const struct xeir_config *config)
{
	(void)setting;
	return json_integer(config->deletes);
}

static json_t *rejects_json(const struct setting *setting, const struct xeir_config *config)
{
	(void)setting;
	return json_integer(config->rejects);
}

static int read_sightings(const struct setting *setting, const char *value,
			  struct xeir_config *config)
{
	if (strcmp(value, "on") && strcmp(value, "off"))
		return bad_value(setting, value, "on or off");
	config->sightings = !strcmp(value, "on");
	return EXIT_DONE;
}

static json_t *sightings_json(const struct setting *setting, const struct xeir_config *config)
{
	(void)setting;
	return json_string(config->sightings ? "on" : "off");
}

/* A number, and the unit that it counts. */
static int read_age(const struct setting *setting, const char *value, struct xeir_config *config)
{
	static const struct {
		char letter;
		__u32 seconds;
	} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 24 * 3600 } };
	size_t len = strlen(value), i = 0;
	__u32 n, seconds = 1;

	while (len && i < sizeof(units) / sizeof(*units) && value[len - 1] != units[i].letter)
		i++;
	if (len && i < sizeof(units) / sizeof(*units)) {
		seconds = units[i].seconds;
		len--;
	}
	if (decimal_read_u32(value, len, &n) || !n || n > UINT32_MAX / seconds)
		return bad_value(setting, value,
				 "seconds up to 4294967295, or a number with its unit as in "
				 "90s, 15m, 12h, 30d");
	config->session_age = n * seconds;
	return EXIT_DONE;
}

static json_t *age_json(const struct setting *setting, const struct xeir_config *config)
{
	(void)setting;
	return json_integer(config->session_age);
}

static int read_apns(const struct setting *setting, const char *value, struct xeir_config *config)
{
	const char *name = value;
	size_t n = 0;

	memset(config->emergency, 0, sizeof(config->emergency));
	if (!strcmp(value, NO_APN))
		return EXIT_DONE;
	for (;; name++) {
		size_t len = strcspn(name, ",");

		if (n == XEIR_EMERGENCY_APNS)
			return bad_value(setting, value, "four names at most");
		if (apn_read(name, len, config->emergency[n++]))
			return bad_value(setting, value,
					 "names of " APN_FORMS ", with commas between them, "
					 "or " NO_APN);
		name += len;
		if (!*name)
			return EXIT_DONE;
	}
}

static json_t *apns_json(const struct setting *setting, const struct xeir_config *config)
{
	json_t *array = json_array();
	char text[GTP_TEXT_APN];

	(void)setting;
	for (size_t i = 0; i < XEIR_EMERGENCY_APNS; i++) {
		const char *labels = (const char *)config->emergency[i];

		if (gtp_text_apn(config->emergency[i], strnlen(labels, XEIR_APN_OCTETS), text))
			json_array_append_new(array, json_string(text));
	}
	return array;
}

#define AT(member) offsetof(struct xeir_config, member)

static const struct setting settings[] = {
	{ "no-imei", read_knob, action_json, AT(knobs) + XEIR_KNOB_NO_IMEI, 0 },
	{ "malformed", read_knob, action_json, AT(knobs) + XEIR_KNOB_MALFORMED, 0 },
	{ "fragment", read_knob, action_json, AT(knobs) + XEIR_KNOB_FRAGMENT, 0 },
	{ "default-action", read_default, action_json, AT(default_action), 0 },
	{ "cause-v1", read_cause, cause_json, AT(cause_v1), CAUSE_V1_MIN },
	{ "cause-v2", read_cause, cause_json, AT(cause_v2), CAUSE_V2_MIN },
	{ "rejects", read_rejects, rejects_json, 0, 0 },
	{ "sightings", read_sightings, sightings_json, 0, 0 },
	{ "cut", read_cut, cut_json, 0, 0 },
	{ "deletes", read_deletes, deletes_json, 0, 0 },
	{ "session-age", read_age, age_json, 0, 0 },
	{ "emergency-apn", read_apns, apns_json, 0, 0 },
};

#define SETTINGS (sizeof(settings) / sizeof(*settings))

static const struct setting *find_setting(const char *name)
{
	for (size_t i = 0; i < SETTINGS; i++)
		if (!strcmp(settings[i].name, name))
			return &settings[i];
	return NULL;
}

int setting_read(const char *name, const char *value, struct xeir_config *config)
{
	const struct setting *setting = find_setting(name);

	if (!setting)
		return bad_usage(&verb_set, "there is no setting \"%s\"", name);
	return setting->read(setting, value, config);
}

static int read_own(const struct journal_setting *own, const char *value)
{
	if (own->is(value))
		return EXIT_DONE;
	return bad_usage(&verb_set, "%s: found \"%s\", expected %s", own->name, value,
			 own->expected);
}

static int read_argument(char **argv, int i, struct xeir_config *config)
{
	const struct journal_setting *own = journal_setting(argv[i]);

	if (!own && !find_setting(argv[i]))
		return bad_usage(&verb_set, "there is no setting \"%s\"", argv[i]);
	if (!argv[i + 1])
		return bad_usage(&verb_set, "%s needs a value", argv[i]);
	for (int j = 1; j < i; j += 2)
		if (!strcmp(argv[j], argv[i]))
			return bad_usage(&verb_set, "%s is given twice", argv[i]);
	return own ? read_own(own, argv[i + 1]) : setting_read(argv[i], argv[i + 1], config);
}

/* Bring the arguments into @config. */
static int read_settings(int argc, char **argv, struct xeir_config *config)
{
	int status = EXIT_DONE;

	for (int i = 1; i < argc && !status; i += 2)
		status = read_argument(argv, i, config);
	return status;
}

/* Arguments that are in order. */
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

/* Before any journal is there, all are as they come. */
static int read_own_text(const char *name, char text[SETTING_TEXT])
{
	struct store store;
	int err;

	snprintf(text, SETTING_TEXT, "%s", journal_setting(name)->otherwise);
	if (access(opt.journal, F_OK))
		return 0;
	/* to write, as one of an older xeir is brought to the tables of this one */
	err = store_open(&store);
	if (err)
		return err;
	err = journal_setting_text(&store, name, text);
	store_close(&store);
	return err;
}

static json_t *own_json(const char *text)
{
	__u32 number;

	return decimal_read_u32(text, strlen(text), &number) ? json_of_text(text) :
							       json_integer(number);
}

json_t *settings_json(const struct xeir_config *config)
{
	json_t *object = json_object();

	for (size_t i = 0; i < SETTINGS; i++)
		json_object_set_new(object, settings[i].name,
				    settings[i].value(&settings[i], config));
	return object;
}

/* With those of the arguments in place of the journal's, which has not got them in a dry run. */
static json_t *all_values(int argc, char **argv, const struct xeir_config *config)
{
	json_t *values = settings_json(config);
	char text[SETTING_TEXT];

	for (const struct journal_setting *own = journal_settings; own->name; own++) {
		if (read_own_text(own->name, text)) {
			json_decref(values);
			return NULL;
		}
		json_object_set_new(values, own->name, own_json(text));
	}
	for (int i = 1; i < argc; i += 2)
		if (journal_setting(argv[i]))
			json_object_set_new(values, argv[i], own_json(argv[i + 1]));
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
		fputs(NO_APN, stdout);
	else
		json_array_foreach(value, i, element)
			printf("%s%s", i ? "," : "", json_string_value(element));
}

static void print_table(json_t *values)
{
	const char *name;
	json_t *value;

	if (opt.dry_run)
		puts("dry run, nothing is changed; it would be:");
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

/* What was recorded may be as unlawful as to record. */
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

	/* bad usage is told without a list, too */
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
	.summary = "show or change what holds beside the list",
	.help = "Changes the settings named and shows all of them, alone without arguments.\n"
		"  no-imei pass|watch|drop      a request without an IMEI, or none that is usable\n"
		"  malformed pass|watch|drop    a message that is not what its lengths say\n"
		"  fragment pass|watch|drop     an IP fragment that shows too little to judge by\n"
		"  default-action drop|reject|watch\n"
		"                               of entries that come without an action, from now "
		"on\n"
		"  cause-v1 N, cause-v2 N       what `reject` answers in GTPv1 (192 to 255) and\n"
		"                               GTPv2 (64 to 255)\n"
		"  rejects N                    answers a second and CPU at most; what is over it "
		"is\n"
		"                               dropped\n"
		"  sightings on|off             remember who sets sessions up; off deletes "
		"what was\n"
		"                               remembered\n"
		"  cut drop|delete              sessions that are up when they are listed: nothing "
		"of\n"
		"                               them passes, and, by `delete`, both ends are told\n"
		"                               that they are over\n"
		"  deletes N                    sessions a second at most that are told so\n"
		"  session-age N[s|m|h|d]       how long a session is followed of which no message "
		"is\n"
		"                               seen; shown in seconds\n"
		"  emergency-apn NAME[,NAME...] up to four APNs whose sessions always pass, "
		"without\n"
		"                               the operator's part; or none\n"
		"  max-change PERCENT           of a list in force that a file may unlist, or "
		"add,\n"
		"                               without --force\n"
		"  require-signature on|off     load and sync refuse files that are not signed\n"
		"  country-code CC              what stands in place of the 0 of a number of "
		"national\n"
		"                               form (xeir numbers); or none\n\n"
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
