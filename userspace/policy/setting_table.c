// SPDX-License-Identifier: GPL-2.0-only
#include "policy/setting_table.h"

#include <stddef.h>
#include <string.h>

#include "lib/apn.h"
#include "lib/decimal.h"
#include "lib/enum_names.h"
#include "lib/gtp_text.h"
#include "lib/identifier.h"
#include "lib/say.h"

/* A setting of the programs: a member of struct xeir_config. */
struct setting {
	const char *name;
	/* NULL, or what was expected */
	const char *(*read)(const struct setting *setting, const char *value,
			    struct xeir_config *config);
	json_t *(*json)(const struct setting *setting, const struct xeir_config *config);
	size_t at; /* offset of the member, an octet or a number of 32 bits */
	unsigned int min; /* of a cause */
};

/* Causes that reject, TS 29.060 cl. 7.7.1 and TS 29.274 cl. 8.4. */
#define CAUSE_V1_MIN 192
#define CAUSE_V2_MIN 64
#define CAUSE_MAX 255

static __u8 *octet(const struct setting *setting, const struct xeir_config *config)
{
	return (__u8 *)config + setting->at;
}

static __u32 *number(const struct setting *setting, const struct xeir_config *config)
{
	return (__u32 *)((__u8 *)config + setting->at);
}

static const char *read_knob(const struct setting *setting, const char *value,
			     struct xeir_config *config)
{
	int action = action_value(value);

	if (action < 0 || action == XEIR_ACTION_REJECT)
		return "pass, watch or drop";
	*octet(setting, config) = action;
	return NULL;
}

static const char *read_default(const struct setting *setting, const char *value,
				struct xeir_config *config)
{
	int action = action_value(value);

	if (action <= XEIR_ACTION_PASS)
		return "drop, reject or watch";
	*octet(setting, config) = action;
	return NULL;
}

static json_t *action_json(const struct setting *setting, const struct xeir_config *config)
{
	return json_string(action_name(*octet(setting, config)));
}

static const char *read_cause(const struct setting *setting, const char *value,
			      struct xeir_config *config)
{
	__u32 cause;

	if (decimal_read_u32(value, strlen(value), &cause) || cause < setting->min ||
	    cause > CAUSE_MAX)
		return setting->min == CAUSE_V1_MIN ? "a cause that rejects, 192 to 255" :
						      "a cause that rejects, 64 to 255";
	*octet(setting, config) = cause;
	return NULL;
}

static json_t *cause_json(const struct setting *setting, const struct xeir_config *config)
{
	return json_integer(*octet(setting, config));
}

static const char *read_number(const struct setting *setting, const char *value,
			       struct xeir_config *config)
{
	if (decimal_read_u32(value, strlen(value), number(setting, config)))
		return "a number up to 4294967295";
	return NULL;
}

static json_t *number_json(const struct setting *setting, const struct xeir_config *config)
{
	return json_integer(*number(setting, config));
}

static const char *read_cut(const struct setting *setting, const char *value,
			    struct xeir_config *config)
{
	if (!strcmp(value, "drop"))
		*octet(setting, config) = XEIR_CUT_BY_DROP;
	else if (!strcmp(value, "delete"))
		*octet(setting, config) = XEIR_CUT_BY_DELETE;
	else
		return "drop or delete";
	return NULL;
}

static json_t *cut_json(const struct setting *setting, const struct xeir_config *config)
{
	return json_string(*octet(setting, config) == XEIR_CUT_BY_DELETE ? "delete" : "drop");
}

static const char *read_sightings(const struct setting *setting, const char *value,
				  struct xeir_config *config)
{
	if (strcmp(value, "on") && strcmp(value, "off"))
		return "on or off";
	*octet(setting, config) = !strcmp(value, "on");
	return NULL;
}

static json_t *sightings_json(const struct setting *setting, const struct xeir_config *config)
{
	return json_string(*octet(setting, config) ? "on" : "off");
}

/* A number, and the unit that it counts. */
static const char *read_age(const struct setting *setting, const char *value,
			    struct xeir_config *config)
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
		return "seconds up to 4294967295, or a number with its unit as in "
		       "90s, 15m, 12h, 30d";
	*number(setting, config) = n * seconds;
	return NULL;
}

static const char *read_apns(const struct setting *setting, const char *value,
			     struct xeir_config *config)
{
	const char *name = value;
	size_t n = 0;

	(void)setting;
	memset(config->emergency, 0, sizeof(config->emergency));
	if (!strcmp(value, SETTING_NO_APN))
		return NULL;
	for (;; name++) {
		size_t len = strcspn(name, ",");

		if (n == XEIR_EMERGENCY_APNS)
			return "four names at most";
		if (apn_read(name, len, config->emergency[n++]))
			return "names of " APN_FORMS ", with commas between them, "
			       "or " SETTING_NO_APN;
		name += len;
		if (!*name)
			return NULL;
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

static const struct setting table[] = {
	{ "no-imei", read_knob, action_json, AT(knobs) + XEIR_KNOB_NO_IMEI, 0 },
	{ "malformed", read_knob, action_json, AT(knobs) + XEIR_KNOB_MALFORMED, 0 },
	{ "fragment", read_knob, action_json, AT(knobs) + XEIR_KNOB_FRAGMENT, 0 },
	{ "default-action", read_default, action_json, AT(default_action), 0 },
	{ "cause-v1", read_cause, cause_json, AT(cause_v1), CAUSE_V1_MIN },
	{ "cause-v2", read_cause, cause_json, AT(cause_v2), CAUSE_V2_MIN },
	{ "rejects", read_number, number_json, AT(rejects), 0 },
	{ "sightings", read_sightings, sightings_json, AT(sightings), 0 },
	{ "cut", read_cut, cut_json, AT(cut), 0 },
	{ "deletes", read_number, number_json, AT(deletes), 0 },
	{ "session-age", read_age, number_json, AT(session_age), 0 },
	{ "emergency-apn", read_apns, apns_json, 0, 0 },
};

#define SETTINGS (sizeof(table) / sizeof(*table))

static const struct setting *find_setting(const char *name)
{
	for (size_t i = 0; i < SETTINGS; i++)
		if (!strcmp(table[i].name, name))
			return &table[i];
	return NULL;
}

static bool is_number(const char *value)
{
	__u32 number;

	return !decimal_read_u32(value, strlen(value), &number);
}

static bool is_switch(const char *value)
{
	return !strcmp(value, "on") || !strcmp(value, "off");
}

static bool is_country(const char *value)
{
	size_t len = strlen(value);

	return !strcmp(value, SETTING_NO_COUNTRY) ||
	       (len && len <= 3 && *value != '0' && identifier_digits(value, len) == len);
}

const struct journal_setting journal_settings[] = {
	{ SETTING_MAX_CHANGE, "20", "a number of percent up to 4294967295", is_number },
	{ SETTING_REQUIRE_SIGNATURE, "off", "on or off", is_switch },
	{ SETTING_COUNTRY, SETTING_NO_COUNTRY, "one to three digits, as 91, or " SETTING_NO_COUNTRY,
	  is_country },
	{},
};

const struct journal_setting *journal_setting(const char *name)
{
	for (const struct journal_setting *s = journal_settings; s->name; s++)
		if (!strcmp(s->name, name))
			return s;
	return NULL;
}

bool setting_exists(const char *name)
{
	return find_setting(name) || journal_setting(name);
}

const char *setting_read(const char *name, const char *value, struct xeir_config *config)
{
	const struct journal_setting *journal = journal_setting(name);
	const struct setting *setting = find_setting(name);

	if (journal)
		return journal->is_valid(value) ? NULL : journal->expected;
	return setting ? setting->read(setting, value, config) : "a setting that this version has";
}

json_t *settings_json(const struct xeir_config *config)
{
	json_t *object = json_object();

	for (size_t i = 0; i < SETTINGS; i++)
		json_object_set_new(object, table[i].name, table[i].json(&table[i], config));
	return object;
}

json_t *journal_setting_json(const char *text)
{
	__u32 number;

	return decimal_read_u32(text, strlen(text), &number) ? json_of_text(text) :
							       json_integer(number);
}
