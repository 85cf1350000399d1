// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/report.h"

#include <errno.h>
#include <string.h>

#include "cmd/verb.h"
#include "lib/csv_write.h"
#include "lib/opt.h"
#include "lib/outfile.h"
#include "lib/say.h"

#define FIGURE_WIDTH 26

void report_put_title(FILE *to, const char *name)
{
	for (; *name; name++)
		fputc(*name == '_' ? ' ' : *name, to);
}

const char *report_value(const json_t *value, char number[REPORT_NUMBER])
{
	*number = '\0';
	if (json_is_string(value))
		return json_string_value(value);
	if (json_is_integer(value))
		snprintf(number, REPORT_NUMBER, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	else if (json_is_real(value))
		snprintf(number, REPORT_NUMBER, "%.1f", json_real_value(value));
	return number;
}

const char *report_unit(const json_t *figure)
{
	if (json_is_null(json_object_get(figure, "value")))
		return NULL;
	return json_string_value(json_object_get(figure, "unit"));
}

static void print_value(const json_t *value)
{
	char number[REPORT_NUMBER];

	fputs(json_is_null(value) ? "-" : report_value(value, number), stdout);
}

static void print_days(const json_t *days)
{
	const json_t *day;
	size_t i;

	json_array_foreach(days, i, day) {
		const char *separator = "";
		const json_t *value;
		const char *what;

		printf("%s%s  ", i ? "" : "\n", json_string_value(json_object_get(day, "day")));
		json_object_foreach((json_t *)day, what, value) {
			if (!strcmp(what, "day"))
				continue;
			fputs(separator, stdout);
			report_put_title(stdout, what);
			putchar(' ');
			print_value(value);
			separator = ", ";
		}
		putchar('\n');
	}
}

static void print_figure(const json_t *figure)
{
	const char *name = json_string_value(json_object_get(figure, "figure"));

	report_put_title(stdout, name);
	printf("%*s", FIGURE_WIDTH - (int)strlen(name), "");
	if (json_is_string(json_object_get(figure, "qualifier")))
		printf("%s ", json_string_value(json_object_get(figure, "qualifier")));
	print_value(json_object_get(figure, "value"));
	if (report_unit(figure))
		printf(" %s", report_unit(figure));
	putchar('\n');
}

/* A row a line; without a record it is what the programs count now. */
static void print_evidence(const json_t *evidence)
{
	const json_t *row;
	size_t i;

	json_array_foreach(evidence, i, row) {
		const char *separator = "";
		const json_t *value;
		const char *name;

		json_object_foreach((json_t *)row, name, value) {
			fputs(separator, stdout);
			report_put_title(stdout, name);
			putchar(' ');
			if (!strcmp(name, "record") && json_is_null(value))
				fputs("now", stdout);
			else
				print_value(value);
			separator = ", ";
		}
		putchar('\n');
	}
}

static void print_explained(const json_t *explained)
{
	const json_t *evidence = json_object_get(explained, "evidence");

	print_figure(explained);
	printf("\n%s\n\n%zu row%s:\n", json_string_value(json_object_get(explained, "definition")),
	       json_array_size(evidence), json_array_size(evidence) == 1 ? "" : "s");
	print_evidence(evidence);
}

static void print_text(const json_t *report)
{
	const json_t *figure;
	size_t i;

	json_array_foreach(json_object_get(report, "figures"), i, figure)
		print_figure(figure);
	print_days(json_object_get(report, "days"));
}

static void print_csv(const json_t *report)
{
	const json_t *figure;
	size_t i;

	puts("figure,value,source,qualifier,unit");
	json_array_foreach(json_object_get(report, "figures"), i, figure) {
		char number[REPORT_NUMBER];
		const char *const fields[] = {
			json_string_value(json_object_get(figure, "figure")),
			report_value(json_object_get(figure, "value"), number),
			json_string_value(json_object_get(figure, "source")),
			json_string_value(json_object_get(figure, "qualifier")) ?: "",
			json_string_value(json_object_get(figure, "unit")) ?: "",
		};

		csv_write_row(stdout, fields, sizeof(fields) / sizeof(*fields));
	}
}

static int print(json_t *report)
{
	int err = 0;

	if (opt.html) {
		err = outfile_write(opt.html, report_html, report);
		if (err)
			complain("%s: %s", opt.html, strerror(-err));
	} else if (opt.json) {
		json_dumpf(report, stdout, JSON_COMPACT);
		putchar('\n');
	} else if (opt.csv) {
		print_csv(report);
	} else {
		print_text(report);
	}
	return err ? EXIT_FAILED : EXIT_DONE;
}

static int explain(struct store *store)
{
	json_t *explained = report_explain(store, opt.directive, opt.explain);

	if (!explained)
		return EXIT_FAILED;
	if (opt.json) {
		json_dumpf(explained, stdout, JSON_COMPACT);
		putchar('\n');
	} else {
		print_explained(explained);
	}
	json_decref(explained);
	return EXIT_DONE;
}

static int make(struct store *store)
{
	json_t *report = report_make(store, opt.directive, opt.html);
	int status = report ? print(report) : EXIT_FAILED;

	json_decref(report);
	return status;
}

static int run(int argc, char **argv)
{
	struct store store;
	int err, status;

	if (argc > 1)
		return bad_usage(&verb_report, "report takes no \"%s\"", argv[1]);
	if (!opt.directive)
		return bad_usage(&verb_report, "no directive is given");
	if (opt.json + opt.csv + !!opt.html > 1)
		return bad_usage(&verb_report,
				 "found several of --json, --csv and --html, expected one");
	if (opt.explain && (opt.csv || opt.html))
		return bad_usage(
			&verb_report,
			"found --explain with --csv or --html, expected --json or neither");
	if (opt.explain && !report_has_figure(opt.explain))
		return bad_usage(&verb_report,
				 "--explain: found \"%s\", expected a figure that report prints",
				 opt.explain);
	err = store_open_to_read(&store);
	if (err == -ENOENT)
		complain("there is no journal %s", opt.journal);
	if (err)
		return EXIT_FAILED;
	status = opt.explain ? explain(&store) : make(&store);
	store_close(&store);
	return status;
}

const struct verb verb_report = {
	.name = "report",
	.usage = "directive N [--html FILE|--json|--csv|--explain FIGURE]",
	.summary = "print a compliance report of a directive",
	.help = "Prints what a directive ordered, when it was received and applied, attempts of\n"
		"its handsets since, sessions cut, and its numbers, in all and by day (UTC).\n"
		"--explain lists from what one figure is computed, by the same query: records of "
		"the\n"
		"journal, and what the programs count now. --json, --csv and --html add to each\n"
		"figure the command that does so. --html writes one page without external parts, "
		"for a browser or a printer.\n\n"
		"Attempts are those in snapshots and those counted since. handsets_with_attempts\n"
		"is the highest number of one boot. \"at least\" stands before a number that may "
		"be\n"
		"higher: attempts between the last snapshot and the end of a list are not "
		"recorded,\n"
		"nor are those of entries that were removed. A session that is cut counts once, "
		"under the\n"
		"directive of the entry that cut it.\n\n"
		"examples:\n"
		"  xeir report directive 20240510\n"
		"  xeir report directive 20240510 --explain attempts\n"
		"  xeir report directive 20240510 --operator \"Example Telecom\" --html "
		"report.html\n",
	.run = run,
};
