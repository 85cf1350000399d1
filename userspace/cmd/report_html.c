// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "cmd/report.h"

/* A chart, a bar a day. */
#define CHART_WIDTH 720
#define CHART_HEIGHT 120
#define BAR_MAX 40

static const char head[] =
	"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	"<title>Directive %lld: report</title>\n<style>\n"
	"body { font: 14px/1.5 sans-serif; max-width: 50em; margin: 2em auto; color: #222; }\n"
	"table { border-collapse: collapse; width: 100%%; }\n"
	"th, td { text-align: left; padding: .3em .6em; border-bottom: 1px solid #ccc; }\n"
	"td.value { text-align: right; white-space: nowrap; font-weight: bold; }\n"
	"code { font-size: 12px; overflow-wrap: anywhere; }\n"
	"svg { width: 100%%; } svg rect { fill: #356; } svg text { font: 10px sans-serif; }\n"
	"@media print { body { margin: 0; max-width: none; } h2 { break-after: avoid; }\n"
	" svg, tr { break-inside: avoid; } }\n"
	"</style>\n</head>\n<body>\n<h1>Directive %lld</h1>\n<p>Created %s by xeir. Times are "
	"UTC.</p>\n";

static void put_escaped(FILE *to, const char *text)
{
	for (; *text; text++)
		switch (*text) {
		case '<':
			fputs("&lt;", to);
			break;
		case '>':
			fputs("&gt;", to);
			break;
		case '&':
			fputs("&amp;", to);
			break;
		case '"':
			fputs("&quot;", to);
			break;
		default:
			fputc(*text, to);
		}
}

static void put_value(FILE *to, const json_t *value)
{
	char number[REPORT_NUMBER];

	if (json_is_null(value))
		fputs("&ndash;", to);
	else
		put_escaped(to, report_value(value, number));
}

static void put_figures(FILE *to, const json_t *figures)
{
	const json_t *figure;
	size_t i;

	fputs("<table>\n<tr><th>Figure<th>Value<th>Source\n", to);
	json_array_foreach(figures, i, figure) {
		fputs("<tr><td>", to);
		report_put_title(to, json_string_value(json_object_get(figure, "figure")));
		fputs("<td class=\"value\">", to);
		if (json_is_string(json_object_get(figure, "qualifier")))
			fprintf(to, "%s ", json_string_value(json_object_get(figure, "qualifier")));
		put_value(to, json_object_get(figure, "value"));
		if (report_unit(figure))
			fprintf(to, " %s", report_unit(figure));
		fputs("<td><code>", to);
		put_escaped(to, json_string_value(json_object_get(figure, "source")));
		fputs("</code>\n", to);
	}
	fputs("</table>\n", to);
}

static double of_day(const json_t *day, const char *what)
{
	return json_number_value(json_object_get(day, what));
}

static double most(const json_t *days, const char *what)
{
	const json_t *day;
	double max = 0;
	size_t i;

	json_array_foreach(days, i, day)
		if (of_day(day, what) > max)
			max = of_day(day, what);
	return max;
}

static void put_bar(FILE *to, const json_t *day, const char *what, double x, double width,
		    double max)
{
	double n = of_day(day, what), height = (CHART_HEIGHT - 30) * n / max;
	const char *date = json_string_value(json_object_get(day, "day"));

	fprintf(to,
		"<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\">"
		"<title>%s: %.0f</title></rect>\n",
		x, CHART_HEIGHT - 15 - height, width * .8, height, date, n);
}

/* Dates of the first and of the last bar; between them there is no room on many days. */
static void put_dates(FILE *to, const json_t *days, double width)
{
	size_t n = json_array_size(days);
	const char *first = json_string_value(json_object_get(json_array_get(days, 0), "day"));
	const char *last = json_string_value(json_object_get(json_array_get(days, n - 1), "day"));

	fprintf(to, "<text x=\"0\" y=\"%d\">%s</text>\n", CHART_HEIGHT - 3, first);
	if (n > 1)
		fprintf(to, "<text x=\"%.1f\" y=\"%d\">%s</text>\n", (n - 1) * width + 60,
			CHART_HEIGHT - 3, last);
}

static void put_chart(FILE *to, const json_t *days, const char *what)
{
	size_t n = json_array_size(days), i;
	double width = n * BAR_MAX < CHART_WIDTH - 120 ? BAR_MAX : (CHART_WIDTH - 120.0) / n;
	double max = most(days, what);
	const json_t *day;

	if (!max)
		return;
	fputs("<h2>", to);
	report_put_title(to, what);
	fprintf(to, " by day</h2>\n<svg viewBox=\"0 0 %d %d\" role=\"img\">\n", CHART_WIDTH,
		CHART_HEIGHT);
	fprintf(to, "<text x=\"0\" y=\"10\">max %.0f</text>\n", max);
	json_array_foreach(days, i, day)
		put_bar(to, day, what, i * width, width, max);
	put_dates(to, days, width);
	fputs("</svg>\n", to);
}

/* Each thing that happened on any day. */
static void put_charts(FILE *to, const json_t *days)
{
	json_t *things = json_object();
	const json_t *day;
	const char *what;
	json_t *value;
	size_t i;

	json_array_foreach(days, i, day)
		json_object_update_missing(things, (json_t *)day);
	json_object_del(things, "day");
	json_object_foreach(things, what, value)
		put_chart(to, days, what);
	json_decref(things);
}

int report_html(FILE *to, void *arg)
{
	const json_t *report = arg;
	json_int_t directive = json_integer_value(json_object_get(report, "directive"));

	fprintf(to, head, directive, directive, json_string_value(json_object_get(report, "time")));
	put_figures(to, json_object_get(report, "figures"));
	put_charts(to, json_object_get(report, "days"));
	fputs("</body>\n</html>\n", to);
	return 0;
}
