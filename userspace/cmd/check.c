// SPDX-License-Identifier: GPL-2.0-only
#include <jansson.h>
#include <time.h>
#include <xeir/list.h>
#include "cmd/operands.h"
#include "cmd/verb.h"
#include "lib/dates.h"
#include "lib/enum_names.h"
#include "lib/identifier.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "transport/transport_open.h"

/* 1: @side is active for the key, 0: it is not, or -errno. */
static int is_active(struct transport *t, const struct xeir_key *key, struct xeir_side *side)
{
	int listed = t->ops->get(t, key, side);

	return listed == 1 && xeir_side_ended(side, time(NULL)) ? 0 : listed;
}

static void print_json(const char *text, const struct xeir_key *asked, __u8 by,
		       const struct xeir_side *side)
{
	char expiry[DATE_TEXT];
	json_t *object = json_pack("{s:s, s:b}", kind_name(asked->kind), text, "listed", by != 0);

	json_object_set_new(object, "action",
			    by ? json_string(action_name(side->action)) : json_null());
	json_object_set_new(object, "directive",
			    by && side->directive ? json_integer(side->directive) : json_null());
	json_object_set_new(object, "by", by ? json_string(kind_name(by)) : json_null());
	json_object_set_new(object, "expiry",
			    by && side->expiry ? json_string(date_text(side->expiry, expiry)) :
						 json_null());
	json_dumpf(object, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(object);
}

static void print_text(const char *text, __u8 by, const struct xeir_side *side)
{
	char expiry[DATE_TEXT];

	if (!by) {
		printf("%s  not listed\n", text);
		return;
	}
	printf("%s  listed by %s, action %s", text, kind_title(by), action_name(side->action));
	if (side->directive)
		printf(", directive %u", side->directive);
	if (side->expiry)
		printf(", expiry %s", date_text(side->expiry, expiry));
	putchar('\n');
}

/* The digits of what was asked, without what stands between them. */
static void strip(const char *text, char digits[IDENTIFIER_TEXT])
{
	size_t n = 0;

	for (; *text && n < IDENTIFIER_TEXT - 1; text++)
		if (*text >= '0' && *text <= '9')
			digits[n++] = *text;
	digits[n] = '\0';
}

/* 1: listed, 0: not, or -errno. */
static int check(struct transport *t, const char *text, const struct xeir_key *key)
{
	struct xeir_side side = { 0 };
	char digits[IDENTIFIER_TEXT];
	struct xeir_key tac = identifier_tac_of(key);
	__u8 by = key->kind;
	int listed = is_active(t, key, &side);

	if (!listed && key->kind == XEIR_KIND_IMEI) {
		by = XEIR_KIND_TAC;
		listed = is_active(t, &tac, &side);
	}
	if (listed < 0)
		return listed;
	if (text)
		strip(text, digits);
	else
		identifier_text(key, digits);
	if (opt.json)
		print_json(digits, key, listed ? by : 0, &side);
	else
		print_text(digits, listed ? by : 0, &side);
	return listed;
}

static int run(int argc, char **argv)
{
	struct transport *t;
	struct operands operands;
	int listed = 1, status = operands_read(&verb_check, argc, argv, false, &operands);

	if (status)
		return status;
	t = transport_open();
	if (!t)
		status = EXIT_FAILED;
	for (size_t i = 0; t && i < operands.n && listed >= 0; i++) {
		listed = check(t, operands.texts[i], &operands.keys[i]);
		if (listed != 1)
			status = listed ? EXIT_FAILED : EXIT_NO;
	}
	if (t)
		t->ops->close(t);
	operands_free(&operands);
	return status;
}

const struct verb verb_check = {
	.name = "check",
	.usage = "[IMEI...] [tac TAC...] [imsi IMSI...] [msisdn MSISDN...]",
	.summary = "is it listed, and by which entry?",
	.help = "Prints for each identifier whether an active entry lists it: an IMEI by its own\n"
		"entry, else by its TAC. An IMSI or MSISDN is found by its own entry only. An\n"
		"expired entry does not count. Exit status 0 if all are listed, 1 if one is not,\n"
		"4 if that cannot be read. With --json one object per line.\n\n"
		"examples:\n"
		"  xeir check 490154203237518\n"
		"  xeir check --json 490154203237518 35-349006-987331\n"
		"  xeir check imsi 404010123456789 msisdn +919812345678\n",
	.run = run,
};
