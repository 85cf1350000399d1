// SPDX-License-Identifier: GPL-2.0-only
#include <jansson.h>

#include "cmd/verb.h"
#include "lib/enum_names.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "policy/settings.h"
#include "transport/pinned_config.h"

static int change(__u8 enforce, struct xeir_config *config)
{
	json_t *values;
	int err = pinned_config_read(config);

	if (!err && opt.dry_run)
		config->enforce = enforce;
	if (err || opt.dry_run)
		return err;
	values = json_pack("{s:s}", SETTING_ENFORCE, enforce_name(enforce));
	err = settings_change(values, config);
	json_decref(values);
	return err;
}

static void print_result(const struct xeir_config *config)
{
	const char *name = enforce_name(config->enforce);
	json_t *object;

	if (!opt.json) {
		printf("%senforce %s\n", opt.dry_run ? "dry run, nothing is changed: " : "", name);
		return;
	}
	object = json_pack("{s:s, s:b}", "enforce", name, "dry_run", (int)opt.dry_run);
	json_dumpf(object, stdout, JSON_COMPACT);
	puts("");
	json_decref(object);
}

static int run(int argc, char **argv)
{
	struct xeir_config config;
	int value, err;

	if (argc > 2)
		return bad_usage(&verb_enforce, "enforce takes one word: on, permissive or off");
	if (argc == 1) {
		err = pinned_config_read(&config);
	} else {
		value = enforce_value(argv[1]);
		if (value < 0)
			return bad_usage(&verb_enforce,
					 "found \"%s\", expected on, permissive or off", argv[1]);
		err = change(value, &config);
	}
	if (err)
		return EXIT_FAILED;
	print_result(&config);
	return EXIT_DONE;
}

const struct verb verb_enforce = {
	.name = "enforce",
	.usage = "[on|permissive|off]",
	.summary = "turn enforcement on, permissive or off",
	.help = "Switches all rules at once. on: rules apply. permissive: packets that would be\n"
		"dropped or rejected pass, and each is reported as an event. off: they pass\n"
		"without an event. In both cases stats counts them as not enforced. The list can\n"
		"be changed at any time. Without a word, prints the mode.\n\n"
		"examples:\n"
		"  xeir enforce permissive\n"
		"  xeir enforce on\n",
	.run = run,
};
