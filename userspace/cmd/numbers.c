// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/numbers.h"

#include <string.h>

#include "cmd/verb.h"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} words[] = {
	{ "add", numbers_add },	      { "link", numbers_link },	    { "import", numbers_import },
	{ "expire", numbers_expire }, { "export", numbers_export }, { "list", numbers_list },
	{ "show", numbers_show },
};

static int run(int argc, char **argv)
{
	if (argc == 1)
		return numbers_count();
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (!strcmp(argv[1], words[i].name))
			return words[i].run(argc - 1, argv + 1);
	return bad_usage(&verb_numbers, "numbers: there is no \"%s\"", argv[1]);
}

const struct verb verb_numbers = {
	.name = "numbers",
	.usage = "[add FILE | link | import FILE | export | expire | list | show MSISDN]",
	.summary = "the register of numbers to be verified: fill it, ask, disconnect",
	.help = "Keeps the numbers (MSISDNs) that were seen with listed handsets, or that an "
		"order\n"
		"names: pending until it is known whether each is verified, at a deadline. What\n"
		"fails, or is overdue, is disconnected: the number, and the IMSIs seen with it, "
		"are\n"
		"listed as entries of its directive. Verified later, it leaves the list. A number\n"
		"under several directives has a state in each. Alone: how many there are.\n\n"
		"  add FILE --directive N [--due DATE]\n"
		"      the numbers of an order, one a line or CSV with a column msisdn; what is\n"
		"      known stays as it is, but pending ones get the DATE that is given\n"
		"  link --directive N [--due DATE]\n"
		"      those that were seen with handsets that directive N lists; not by a pair "
		"of\n"
		"      handset and card that is excepted\n"
		"  import FILE [--directive N] [--force REASON]\n"
		"      CSV with msisdn,result[,reason][,date]; result is verified or failed\n"
		"  export [--pending] [--directive N] [--csv]\n"
		"      one number a line, or a line for each number and directive\n"
		"  expire [--grace DAYS] [--directive N] [--force REASON]\n"
		"      disconnect what is pending and was due before, for a timer; not when the "
		"last\n"
		"      record is of more than 7 days before, as the clock may be wrong, unless "
		"forced\n"
		"  list [--pending] [--directive N], show MSISDN\n"
		"      the same for people; all that is known of one, with who did what and "
		"when\n\n"
		"Numbers are E.164, with or without a +, or of national form, whose leading 0 "
		"stands\n"
		"for the country code of: xeir set country-code CC. The deadline is DATE, "
		"else the\n"
		"directive's own, but 7 days from when the number came at least, else 60 days. A "
		"date is\n"
		"due as its day ends. A number that a FILE says two things of, or that is not in "
		"the\n"
		"register, is a fault of its line. import and expire refuse to disconnect more "
		"than\n"
		"max-change percent (xeir set) of the numbers at once, unless forced. --dry-run "
		"tells\n"
		"what add, link, import and expire would do.\n\n"
		"examples:\n"
		"  xeir numbers add order.csv --directive 7 --due 2027-02-28\n"
		"  xeir numbers link --directive 7\n"
		"  xeir numbers export --pending >queue.txt\n"
		"  xeir numbers import results.csv\n"
		"  xeir numbers expire --grace 7 --dry-run\n"
		"  xeir numbers show 919812345678\n",
	.run = run,
};
