// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "cmd/operands.h"
#include "cmd/verb.h"
#include "directive/memory_list.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "session/sighting.h"
#include "session/sighting_csv.h"
#include "transport/pinned_config.h"

struct selection {
	struct memory_list of; /* entries that name what is asked for */
	bool all;
	int (*print)(const struct sighting *sighting, size_t before);
	size_t printed;
};

static bool is_selected(const struct selection *selection, const struct sighting *sighting)
{
	for (__u8 kind = XEIR_KIND_IMEI; kind <= XEIR_KIND_MAX && !selection->all; kind++) {
		struct xeir_key key = sighting_key(sighting, kind);

		if (kind != XEIR_KIND_EXCEPTION && memory_list_side(&selection->of, &key))
			return true;
	}
	return selection->all;
}

static json_t *text_json(const char *text)
{
	return *text ? json_string(text) : json_null();
}

static json_t *sighting_json(const struct sighting *sighting)
{
	struct sighting_text t;

	sighting_text(sighting, &t);
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:o, s:o, s:i, s:o, s:o}", "imei",
			 text_json(t.imei), "svn", text_json(t.svn), "imsi", text_json(t.imsi),
			 "msisdn", text_json(t.msisdn), "first_seen", text_json(t.first),
			 "last_seen", text_json(t.last), "count", (json_int_t)sighting->seen.count,
			 "apn", text_json(t.apn), "rat", text_json(t.rat), "gtp",
			 (int)sighting->seen.version, "uli", text_json(t.uli), "location",
			 text_json(t.location));
}

static int print_json(const struct sighting *sighting, size_t before)
{
	json_t *object = sighting_json(sighting);

	fputs(before ? ",\n" : "\n", stdout);
	json_dumpf(object, stdout, JSON_COMPACT);
	json_decref(object);
	return ferror(stdout);
}

static int print_csv(const struct sighting *sighting, size_t before)
{
	(void)before;
	sighting_csv_print(stdout, sighting);
	return ferror(stdout);
}

static const char *or_dash(const char *text)
{
	return *text ? text : "-";
}

static int print_row(const struct sighting *sighting, size_t before)
{
	struct sighting_text t;

	if (!before)
		printf("%-14s  %-15s  %-15s  %-20s  %-20s  %5s  %-7s  %-14s  %s\n", "IMEI", "IMSI",
		       "MSISDN", "FIRST SEEN", "LAST SEEN", "COUNT", "RAT", "APN", "LOCATION");
	sighting_text(sighting, &t);
	printf("%-14s  %-15s  %-15s  %-20s  %-20s  %5u  %-7s  %-14s  %s\n", t.imei, or_dash(t.imsi),
	       or_dash(t.msisdn), t.first, t.last, sighting->seen.count, or_dash(t.rat),
	       or_dash(t.apn), or_dash(*t.location ? t.location : t.uli));
	return ferror(stdout);
}

static int print(const struct sighting *sighting, void *arg)
{
	struct selection *selection = arg;

	if (!is_selected(selection, sighting))
		return 0;
	return selection->print(sighting, selection->printed++);
}

/* Enforced entries, of one directive or of all. */
static int select_listed(struct selection *selection)
{
	if (memory_list_of_enforced(&selection->of))
		return EXIT_FAILED;
	memory_list_narrow(&selection->of, opt.directive_given ? &opt.directive : NULL);
	return EXIT_DONE;
}

static int select_operands(int argc, char **argv, struct selection *selection)
{
	struct operands operands;
	int status = operands_read(&verb_sightings, argc, argv, false, &operands);

	if (status)
		return status;
	if (memory_list_of_keys(operands.keys, operands.n, &selection->of))
		status = EXIT_FAILED;
	operands_free(&operands);
	return status;
}

static int select_asked(int argc, char **argv, struct selection *selection)
{
	bool listed = argc == 2 && !strcmp(argv[1], "listed");

	selection->all = argc == 1 && !opt.directive_given;
	if (selection->all)
		return EXIT_DONE;
	if (listed || argc == 1)
		return select_listed(selection);
	if (opt.directive_given)
		return bad_usage(&verb_sightings,
				 "found \"%s\" and a directive, expected one of them", argv[1]);
	return select_operands(argc, argv, selection);
}

static int print_all(struct selection *selection)
{
	int err;

	if (opt.csv)
		sighting_csv_header(stdout);
	else if (opt.json)
		putchar('[');
	err = sightings_iterate(print, selection);
	if (opt.json && !err)
		puts(selection->printed ? "\n]" : "]");
	return err ? EXIT_FAILED : EXIT_DONE;
}

static int run(int argc, char **argv)
{
	struct selection selection = { .print = opt.csv	 ? print_csv :
						opt.json ? print_json :
							   print_row };
	struct xeir_config config;
	int status;

	if (opt.csv && opt.json)
		return bad_usage(&verb_sightings, "found --csv and --json, expected one of them");
	status = select_asked(argc, argv, &selection);
	if (!status && pinned_config_read(&config))
		status = EXIT_FAILED;
	if (!status)
		status = print_all(&selection);
	memory_list_free(&selection.of);
	if (!status && !config.sightings)
		fputs("xeir: sightings are off: xeir set sightings on\n", stderr);
	return status;
}

const struct verb verb_sightings = {
	.name = "sightings",
	.usage = "[listed | directive N | [IMEI...] [tac TAC...] [imsi IMSI...] "
		 "[msisdn MSISDN...]]",
	.summary = "print which handsets were seen with which SIMs",
	.help = "Prints the pairs of handset and SIM (IMEI and IMSI) that requested a session,\n"
		"listed or not: MSISDN, first and last time, count without retransmissions, last\n"
		"APN, radio access technology and location (PLMN with area and cell, or in hex).\n"
		"All of them, those of the identifiers given, those that an active entry lists,\n"
		"or those that directive N lists, also from before it was loaded. Not sorted. An\n"
		"IMEI has 14 digits; svn is the software version of an IMEISV. With --json an\n"
		"array of objects, with --csv a header line and a line for each.\n\n"
		"examples:\n"
		"  xeir sightings 490154203237518\n"
		"  xeir sightings imsi 404010123456789\n"
		"  (umask 077; xeir sightings directive 7 --csv >sightings.csv)\n"
		"  xeir sightings listed --json | jq -r '.[].msisdn // empty' | sort -u\n",
	.run = run,
};
