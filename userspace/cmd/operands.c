// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <xeir/list.h>
#include "cmd/operands.h"
#include "cmd/verb.h"
#include "lib/dates.h"
#include "lib/enum_names.h"
#include "lib/identifier.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "transport/pinned_config.h"

static int read_action(const struct verb *verb, const char *value, struct xeir_side *side)
{
	int action = action_value(value);

	if (action <= XEIR_ACTION_PASS)
		return bad_usage(verb, "action: found \"%s\", expected drop, reject or watch",
				 value);
	side->action = action;
	return EXIT_DONE;
}

static int read_expiry(const struct verb *verb, const char *value, struct xeir_side *side)
{
	if (date_read_expiry(value, strlen(value), &side->expiry))
		return bad_usage(verb, "expiry: found \"%s\", expected %s", value,
				 date_expected(value, strlen(value)));
	if (xeir_side_ended(side, time(NULL)))
		return bad_usage(verb, "expiry: %s has passed", value);
	return EXIT_DONE;
}

/* A bit for each word; 0: none of them. */
static unsigned int word_bit(const char *text)
{
	static const char *const words[] = { "action", "expiry" };

	for (unsigned int i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (!strcmp(text, words[i]))
			return 1u << i;
	return 0;
}

static int read_word(const struct verb *verb, const char *word, const char *value,
		     struct xeir_side *side)
{
	return strcmp(word, "action") ? read_expiry(verb, value, side) :
					read_action(verb, value, side);
}

/* Place for @n more. */
static int grow(struct operands *operands, size_t n)
{
	size_t size = operands->n + n;
	struct xeir_key *keys = reallocarray(operands->keys, size, sizeof(*keys));
	const char **texts;

	if (!keys)
		return -ENOMEM;
	operands->keys = keys;
	texts = reallocarray(operands->texts, size, sizeof(*texts));
	if (!texts)
		return -ENOMEM;
	operands->texts = texts;
	return 0;
}

static int add_number(const struct verb *verb, __u8 kind, const char *text,
		      struct operands *operands)
{
	struct identifier_error error;
	size_t len = strlen(text), n = 1;
	struct xeir_key first;

	if (kind == XEIR_KIND_TAC ? identifier_tacs(text, len, &first, &n, &error) :
				    identifier_read(kind, text, len, &first, &error))
		return bad_usage(verb, "%s \"%s\": found %s, expected %s", kind_title(kind), text,
				 error.found, error.expected);
	if (grow(operands, n)) {
		complain("%s", strerror(ENOMEM));
		return EXIT_FAILED;
	}
	for (size_t i = 0; i < n; i++) {
		operands->keys[operands->n] = i ? identifier_tac_behind(&first, i) : first;
		operands->texts[operands->n++] = n > 1 ? NULL : text;
	}
	return EXIT_DONE;
}

/* To be listed, a number needs its country code. */
static int check_country(const struct verb *verb, const struct operands *operands)
{
	for (size_t i = 0; i < operands->n; i++)
		if (identifier_is_national(&operands->keys[i]))
			return bad_usage(verb, "MSISDN \"%s\": found " IDENTIFIER_NATIONAL,
					 operands->texts[i]);
	return EXIT_DONE;
}

static int read_all(const struct verb *verb, int argc, char **argv, bool words,
		    struct operands *operands)
{
	__u8 kind = XEIR_KIND_IMEI, word;
	unsigned int seen = 0;
	int err = EXIT_DONE;

	for (int i = 1; i < argc && !err; i++) {
		word = kind_of_word(argv[i], strlen(argv[i]));
		if (word) {
			kind = word;
		} else if (!words || !word_bit(argv[i])) {
			err = add_number(verb, kind, argv[i], operands);
		} else if (i + 1 == argc) {
			err = bad_usage(verb, "%s needs a value", argv[i]);
		} else if (seen & word_bit(argv[i])) {
			err = bad_usage(verb, "%s is given twice", argv[i]);
		} else {
			seen |= word_bit(argv[i]);
			err = read_word(verb, argv[i], argv[i + 1], &operands->side);
			i++;
		}
	}
	if (!err && !operands->n)
		return bad_usage(verb, "no identifier is given");
	return err;
}

int operands_read(const struct verb *verb, int argc, char **argv, bool words,
		  struct operands *operands)
{
	int err;

	memset(operands, 0, sizeof(*operands));
	operands->side.action = pinned_config_default_action();
	operands->side.directive = opt.directive;
	err = read_all(verb, argc, argv, words, operands);
	if (!err && words)
		err = check_country(verb, operands);
	if (err)
		operands_free(operands);
	return err;
}

void operands_free(struct operands *operands)
{
	free(operands->keys);
	free(operands->texts);
}
