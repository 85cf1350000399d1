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
	.summary = "the register of numbers to be verified: add, link, import, disconnect",
	.help = "Keeps the numbers (MSISDNs) that were seen with listed handsets, or that an "
		"order\n"
		"names. A number is pending until it is verified; it has a deadline. A number "
		"that\n"
		"fails verification, or is overdue, is disconnected: the number and the IMSIs "
		"seen\n"
		"with it are listed as entries of its directive. Verified later, it leaves the "
		"list.\n"
		"A number under several directives has a state in each. Without a word: counts.\n"
		"\n"
		"  add FILE --directive N [--due DATE]\n"
		"      the numbers of an order, one per line or CSV with a column msisdn; known\n"
		"      numbers are not changed, but pending ones get DATE, if it is given\n"
		"  link --directive N [--due DATE]\n"
		"      numbers that were seen with handsets that directive N lists, except pairs "
		"of\n"
		"      handset and SIM that are excepted\n"
		"  import FILE [--directive N] [--force REASON]\n"
		"      CSV with msisdn,result[,reason][,date]; result is verified or failed\n"
		"  export [--pending] [--directive N] [--csv]\n"
		"      one number per line, or one line per number and directive\n"
		"  expire [--grace DAYS] [--directive N] [--force REASON]\n"
		"      disconnect pending numbers that are overdue, for a timer; refused if the "
		"last\n"
		"      record is older than 7 days, as the clock may be wrong, unless forced\n"
		"  list [--pending] [--directive N], show MSISDN\n"
		"      the same for people; all that is known of one number, with actor and time\n"
		"\n"
		"Numbers are E.164, with or without a +, or in national form, whose leading 0 "
		"stands\n"
		"for the country code of: xeir set country-code CC. The deadline is DATE, else "
		"the\n"
		"directive's, but at least 7 days from now, else 60 days. A date means the end of "
		"its\n"
		"day. A number with two different results in FILE, or that is not in the register, "
		"is\n"
		"a fault of its line. import and expire refuse to disconnect more than max-change\n"
		"percent (xeir set) of the numbers at once, unless forced. --dry-run prints what "
		"add,\n"
		"link, import and expire would do.\n"
		"\n"
		"examples:\n"
		"  xeir numbers add order.csv --directive 7 --due 2027-02-28\n"
		"  xeir numbers link --directive 7\n"
		"  xeir numbers export --pending >queue.txt\n"
		"  xeir numbers import results.csv\n"
		"  xeir numbers expire --grace 7 --dry-run\n"
		"  xeir numbers show 919812345678\n",
	.run = run,
};
