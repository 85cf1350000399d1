// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/report_page.h"

#include <stdbool.h>
#include <string.h>

#include "lib/dates.h"

/* The axes, in units of the viewBox; above the plot there is a line for each mark. */
#define WIDTH 420
#define HEIGHT 170
#define LEFT 48
#define RIGHT 408
#define TOP 46
#define BOTTOM 146

#define DAY (24 * 3600)
#define FAR 366 /* a mark that is so many days away would make the days too narrow */
#define MARKS 3

/* The days of all charts, and what is marked on them. */
struct axis {
	long first, last;
	struct mark {
		const char *name;
		long day;
		bool has, far;
	} marks[MARKS];
};

static long day_of(const json_t *text)
{
	const char *date = json_string_value(text);
	__u32 seconds = 0;

	if (date)
		date_read(date, strlen(date), &seconds);
	return seconds / DAY;
}

static void put_day(FILE *to, long day)
{
	char text[DATE_TEXT];

	fprintf(to, "%.10s", date_text(day * DAY, text));
}

static void place_mark(struct axis *axis, struct mark *mark)
{
	mark->far = mark->day < axis->first - FAR || mark->day > axis->last + FAR;
	if (!mark->has || mark->far)
		return;
	if (mark->day < axis->first)
		axis->first = mark->day;
	if (mark->day > axis->last)
		axis->last = mark->day;
}

static struct axis axis_of(const json_t *report)
{
	const json_t *days = json_object_get(report, "days"), *figure;
	struct axis axis = {
		.first = day_of(json_object_get(json_array_get(days, 0), "day")),
		.last = day_of(json_object_get(report, "time")),
		.marks = { { .name = "issued" }, { .name = "applied" }, { .name = "due" } },
	};
	size_t i;

	json_array_foreach(json_object_get(report, "figures"), i, figure) {
		const char *name = json_string_value(json_object_get(figure, "figure"));
		const json_t *value = json_object_get(figure, "value");

		for (int m = 0; m < MARKS; m++)
			if (!strcmp(axis.marks[m].name, name) && json_is_string(value)) {
				axis.marks[m].day = day_of(value);
				axis.marks[m].has = true;
			}
	}
	for (int m = 0; m < MARKS; m++)
		place_mark(&axis, &axis.marks[m]);
	return axis;
}

static double width_of_day(const struct axis *axis)
{
	return (double)(RIGHT - LEFT) / (axis->last - axis->first + 1);
}

static double x_of(const struct axis *axis, long day)
{
	return LEFT + (day - axis->first) * width_of_day(axis);
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

static void put_bar(FILE *to, const struct axis *axis, const json_t *day, const char *what,
		    double max)
{
	double n = of_day(day, what), height = (BOTTOM - TOP) * n / max;
	double width = width_of_day(axis) * .8;
	const json_t *date = json_object_get(day, "day");

	if (!n)
		return;
	if (width > 24)
		width = 24;
	fprintf(to,
		"<rect x=\"%.2f\" y=\"%.1f\" width=\"%.2f\" height=\"%.1f\">"
		"<title>%s: %.0f</title></rect>\n",
		x_of(axis, day_of(date)) + (width_of_day(axis) - width) / 2, BOTTOM - height,
		width < 1 ? 1 : width, height, json_string_value(date), n);
}

static void put_level(FILE *to, double value, double max)
{
	double y = BOTTOM - (BOTTOM - TOP) * value / max;

	fprintf(to,
		"<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
		"<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.0f</text>\n",
		LEFT, RIGHT, y, y, LEFT - 5, y + 4, value);
}

/* A day's name stands under its middle, those at the ends within the plot. */
static void put_axes(FILE *to, const struct axis *axis, double max)
{
	put_level(to, 0, max);
	if (max >= 2 && (long)max % 2 == 0)
		put_level(to, max / 2, max);
	put_level(to, max, max);
	fprintf(to,
		"<path class=\"axis\" fill=\"none\" d=\"M%d %dV%dH%d\"/>\n"
		"<text x=\"%d\" y=\"%d\">",
		LEFT, TOP, BOTTOM, RIGHT, LEFT, BOTTOM + 16);
	put_day(to, axis->first);
	fputs("</text>\n", to);
	if (axis->last == axis->first)
		return;
	fprintf(to, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">", RIGHT, BOTTOM + 16);
	put_day(to, axis->last);
	fputs("</text>\n", to);
}

static void put_mark(FILE *to, const struct axis *axis, int m)
{
	const struct mark *mark = &axis->marks[m];
	double x = x_of(axis, mark->day) + width_of_day(axis) / 2;
	bool at_end = x > (LEFT + RIGHT) / 2.0;

	if (!mark->has || mark->far)
		return;
	fprintf(to,
		"<line class=\"mark\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>"
		"<text class=\"marked\" x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">%s</text>\n",
		x, x, 4 + 13 * m, BOTTOM, at_end ? x - 4 : x + 4, 13 + 13 * m,
		at_end ? "end" : "start", mark->name);
}

static void put_chart(FILE *to, const struct axis *axis, const json_t *days, const char *what)
{
	double max = most(days, what);
	const json_t *day;
	size_t i;

	if (!max)
		return;
	fprintf(to, "<figure>\n<h3 id=\"%s\">", what);
	page_put_title(to, what);
	fprintf(to,
		" per day</h3>\n<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"%s\""
		" aria-describedby=\"by-day\">\n",
		WIDTH, HEIGHT, what);
	put_axes(to, axis, max);
	json_array_foreach(days, i, day)
		put_bar(to, axis, day, what, max);
	for (int m = 0; m < MARKS; m++)
		put_mark(to, axis, m);
	fputs("</svg>\n</figure>\n", to);
}

static void put_far(FILE *to, const struct axis *axis)
{
	for (int m = 0; m < MARKS; m++)
		if (axis->marks[m].has && axis->marks[m].far) {
			fprintf(to, "<p>It was %s on ", axis->marks[m].name);
			put_day(to, axis->marks[m].day);
			fputs(", which is outside of the charts.</p>\n", to);
		}
}

static void put_values(FILE *to, const json_t *days, json_t *things)
{
	const json_t *day;
	const char *what;
	json_t *value;
	size_t i;

	fputs("<table id=\"by-day\">\n<caption>Values by day, UTC; on other days nothing "
	      "happened</caption>\n<thead><tr><th scope=\"col\">Day</th>",
	      to);
	json_object_foreach(things, what, value) {
		fputs("<th scope=\"col\">", to);
		page_put_title(to, what);
		fputs("</th>", to);
	}
	fputs("</tr></thead>\n<tbody>\n", to);
	json_array_foreach(days, i, day) {
		fputs("<tr><td class=\"day\">", to);
		page_put_value(to, json_object_get(day, "day"));
		fputs("</td>", to);
		json_object_foreach(things, what, value) {
			fprintf(to, "<td%s data-title=\"",
				json_object_get(day, what) ? "" : " class=\"none\"");
			page_put_title(to, what);
			fputs("\">", to);
			page_put_value(to, json_object_get(day, what));
			fputs("</td>", to);
		}
		fputs("</tr>\n", to);
	}
	fputs("</tbody>\n</table>\n", to);
}

void page_put_charts(FILE *to, const json_t *report)
{
	const json_t *days = json_object_get(report, "days"), *day;
	struct axis axis = axis_of(report);
	json_t *things = json_object();
	const char *what;
	json_t *value;
	size_t i;

	fputs("<h2>By day</h2>\n", to);
	json_array_foreach(days, i, day)
		json_object_update_missing(things, (json_t *)day);
	json_object_del(things, "day");
	if (json_object_size(things)) {
		put_far(to, &axis);
		json_object_foreach(things, what, value)
			put_chart(to, &axis, days, what);
		put_values(to, days, things);
	} else {
		fputs("<p>Nothing happened on any day.</p>\n", to);
	}
	json_decref(things);
}
