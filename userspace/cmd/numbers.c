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
	.summary = "register of phone numbers to be verified",
	.help = "Keeps the numbers (MSISDNs) seen with listed handsets, or named by an order:\n"
		"pending until verified or failed, with a deadline. A number that fails or\n"
		"is overdue is disconnected: the number, and the IMSIs seen with it, are listed\n"
		"as entries of its directive. Verified later, it is unlisted. A number under\n"
		"several directives has a state in each. Without a word, prints how many numbers\n"
		"have each state, by directive.\n\n"
		"  add FILE directive N [--due DATE]\n"
		"      the numbers of an order: one a line, or CSV with a column msisdn. Known\n"
		"      numbers keep their state; pending ones get the new DATE\n"
		"  link directive N [--due DATE]\n"
		"      numbers seen with handsets that directive N lists, without pairs of\n"
		"      handset and SIM that are excepted\n"
		"  import FILE [directive N] [--force REASON]\n"
		"      CSV with msisdn,result[,reason][,date]; result is verified or failed\n"
		"  export [--pending] [directive N] [--csv]\n"
		"      one number a line, or a line for each number and directive\n"
		"  expire [--grace DAYS] [directive N] [--force REASON]\n"
		"      disconnects overdue numbers; run it from a timer. Refused if the last\n"
		"      record is more than 7 days old, as the clock may be wrong\n"
		"  list [--pending] [directive N], show MSISDN\n"
		"      a table; all that is known of one number\n\n"
		"Numbers are E.164, with or without +, or national with a leading 0 if\n"
		"country-code is set. The deadline is DATE, else the directive's, but at least 7\n"
		"days from now, else 60 days; a day ends at 24:00 UTC. import and expire refuse\n"
		"to disconnect more than max-change percent at once, unless forced. --dry-run\n"
		"prints what add, link, import and expire would do.\n\n"
		"examples:\n"
		"  xeir numbers add order.csv directive 7 --due 2027-02-28\n"
		"  xeir numbers link directive 7\n"
		"  xeir numbers export --pending >queue.txt\n"
		"  xeir numbers import results.csv\n"
		"  xeir numbers expire --grace 7 --dry-run\n"
		"  xeir numbers show 919812345678\n",
	.run = run,
};
