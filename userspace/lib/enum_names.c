// SPDX-License-Identifier: GPL-2.0-only
#include <stddef.h>
#include <string.h>
#include <strings.h>
#include <xeir/maps.h>
#include "lib/enum_names.h"

static const char *const actions[XEIR_ACTION_MAX + 1] = {
	[XEIR_ACTION_PASS] = "pass",
	[XEIR_ACTION_WATCH] = "watch",
	[XEIR_ACTION_REJECT] = "reject",
	[XEIR_ACTION_DROP] = "drop",
};

static const char *const enforces[XEIR_ENFORCE_MAX + 1] = {
	[XEIR_ENFORCE_ON] = "on",
	[XEIR_ENFORCE_PERMISSIVE] = "permissive",
	[XEIR_ENFORCE_OFF] = "off",
};

static const char *const rules[XEIR_RULE_MAX + 1] = {
	[XEIR_RULE_NOT_GTP_C] = "not-gtp-c",
	[XEIR_RULE_FRAGMENT] = "fragment",
	[XEIR_RULE_OTHER_GTP_C] = "other-gtp-c",
	[XEIR_RULE_NOT_LISTED] = "not-listed",
	[XEIR_RULE_IMEI] = "imei",
	[XEIR_RULE_TAC] = "tac",
	[XEIR_RULE_NO_IMEI] = "no-imei",
	[XEIR_RULE_SHORT_IMEI] = "short-imei",
	[XEIR_RULE_NULL_IMEI] = "null-imei",
	[XEIR_RULE_HEX_IMEI] = "hex-imei",
	[XEIR_RULE_MALFORMED] = "malformed",
	[XEIR_RULE_TOO_MANY] = "too-many",
	[XEIR_RULE_EMERGENCY] = "emergency",
	[XEIR_RULE_EXCEPTION] = "exception",
	[XEIR_RULE_MSISDN] = "msisdn",
	[XEIR_RULE_IMSI] = "imsi",
	[XEIR_RULE_GTP_U] = "gtp-u",
	[XEIR_RULE_SESSION] = "session",
	[XEIR_RULE_SELF_GENERATED] = "self-generated",
};

static const char *const kinds[XEIR_KIND_MAX + 1] = {
	[XEIR_KIND_IMEI] = "imei",	     [XEIR_KIND_TAC] = "tac",
	[XEIR_KIND_EXCEPTION] = "exception", [XEIR_KIND_MSISDN] = "msisdn",
	[XEIR_KIND_IMSI] = "imsi",
};

static const char *const titles[XEIR_KIND_MAX + 1] = {
	[XEIR_KIND_IMEI] = "IMEI",	     [XEIR_KIND_TAC] = "TAC",
	[XEIR_KIND_EXCEPTION] = "exception", [XEIR_KIND_MSISDN] = "MSISDN",
	[XEIR_KIND_IMSI] = "IMSI",
};

/* A newer kernel part may know more than this tool. */
static const char *name_of(const char *const *names, unsigned int max, __u8 value)
{
	return value <= max && names[value] ? names[value] : "unknown";
}

const char *action_name(__u8 action)
{
	return name_of(actions, XEIR_ACTION_MAX, action);
}

static int value_of(const char *const *names, unsigned int max, const char *name)
{
	for (unsigned int i = 0; i <= max; i++)
		if (!strcmp(names[i], name))
			return i;
	return -1;
}

int action_value(const char *name)
{
	return value_of(actions, XEIR_ACTION_MAX, name);
}

const char *enforce_name(__u8 enforce)
{
	return name_of(enforces, XEIR_ENFORCE_MAX, enforce);
}

int enforce_value(const char *name)
{
	return value_of(enforces, XEIR_ENFORCE_MAX, name);
}

const char *rule_name(__u8 rule)
{
	return name_of(rules, XEIR_RULE_MAX, rule);
}

const char *kind_name(__u8 kind)
{
	return name_of(kinds, XEIR_KIND_MAX, kind);
}

const char *kind_title(__u8 kind)
{
	return name_of(titles, XEIR_KIND_MAX, kind);
}

__u8 kind_of_word(const char *word, size_t len)
{
	for (__u8 kind = XEIR_KIND_IMEI; kind <= XEIR_KIND_MAX; kind++)
		if (kind != XEIR_KIND_EXCEPTION && len == strlen(kinds[kind]) &&
		    !strncasecmp(word, kinds[kind], len))
			return kind;
	return XEIR_KIND_UNSPEC;
}

const char *entry_action(__u8 kind, __u8 action)
{
	return action_name(kind == XEIR_KIND_EXCEPTION ? XEIR_ACTION_PASS : action);
}
