// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <xeir/list.h>
#include "named.h"
#include "number.h"
#include "until.h"

static int read_action(const struct verb *verb, const char *value, struct xeir_side *side)
{
	if (!strcmp(value, "drop"))
		side->action = XEIR_ACTION_DROP;
	else if (!strcmp(value, "watch"))
		side->action = XEIR_ACTION_WATCH;
	else
		return bad_usage(verb, "action: found \"%s\", expected drop or watch%s", value,
				 strcmp(value, "reject") ?
					 "" :
					 " (an answer with a cause is not there yet)");
	return EXIT_DONE;
}

static int read_until(const struct verb *verb, const char *value, struct xeir_side *side)
{
	if (until_read(value, strlen(value), &side->until))
		return bad_usage(verb, "until: found \"%s\", expected " UNTIL_FORMS, value);
	if (xeir_side_ended(side, time(NULL)))
		return bad_usage(verb, "until: %s has passed", value);
	return EXIT_DONE;
}

/* A bit for each word; 0: none of them. */
static unsigned int word_bit(const char *text)
{
	static const char *const words[] = { "action", "directive", "until" };

	for (unsigned int i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (!strcmp(text, words[i]))
			return 1u << i;
	return 0;
}

static int read_word(const struct verb *verb, const char *word, const char *value,
		     struct xeir_side *side)
{
	if (!strcmp(word, "action"))
		return read_action(verb, value, side);
	if (!strcmp(word, "until"))
		return read_until(verb, value, side);
	if (number_directive(value, strlen(value), &side->directive))
		return bad_usage(
			verb, "directive: found \"%s\", expected a number up to 4294967295", value);
	return EXIT_DONE;
}

static int add_number(const struct verb *verb, bool tac, const char *text, struct named *named)
{
	struct number_error error;
	size_t len = strlen(text);

	if ((tac ? number_tac : number_imei)(text, len, &named->keys[named->n], &error))
		return bad_usage(verb, "%s \"%s\": found %s, expected %s", tac ? "TAC" : "IMEI",
				 text, error.found, error.expected);
	named->texts[named->n++] = text;
	return EXIT_DONE;
}

static int read_all(const struct verb *verb, int argc, char **argv, bool words, struct named *named)
{
	unsigned int seen = 0;
	bool tac = false;
	int err = EXIT_DONE;

	for (int i = 1; i < argc && !err; i++) {
		if (!strcmp(argv[i], "tac") || !strcmp(argv[i], "imei")) {
			tac = argv[i][0] == 't';
		} else if (!words || !word_bit(argv[i])) {
			err = add_number(verb, tac, argv[i], named);
		} else if (i + 1 == argc) {
			err = bad_usage(verb, "%s needs a value", argv[i]);
		} else if (seen & word_bit(argv[i])) {
			err = bad_usage(verb, "%s is given twice", argv[i]);
		} else {
			seen |= word_bit(argv[i]);
			err = read_word(verb, argv[i], argv[i + 1], &named->side);
			i++;
		}
	}
	if (!err && !named->n)
		return bad_usage(verb, "no number is given");
	return err;
}

int named_read(const struct verb *verb, int argc, char **argv, bool words, struct named *named)
{
	int err;

	memset(named, 0, sizeof(*named));
	named->side.action = XEIR_ACTION_DROP;
	named->side.directive = opt.directive;
	named->keys = calloc(argc, sizeof(*named->keys));
	named->texts = calloc(argc, sizeof(*named->texts));
	if (!named->keys || !named->texts) {
		complain("%s", strerror(ENOMEM));
		err = EXIT_FAILED;
	} else {
		err = read_all(verb, argc, argv, words, named);
	}
	if (err)
		named_free(named);
	return err;
}

void named_free(struct named *named)
{
	free(named->keys);
	free(named->texts);
}
