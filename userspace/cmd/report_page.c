// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/report_page.h"

#include <ctype.h>
#include <string.h>

#include "cmd/report.h"

/* Columns become lines of a row where the screen is narrow. */
static const char style[] =
	"body { font: 15px/1.5 sans-serif; max-width: 52em; margin: 2em auto; padding: 0 1em;"
	" color: #1a1a1a; background: #fff; }\n"
	"h1 { font-size: 1.7em; line-height: 1.2; } h2 { font-size: 1.25em; margin-top: 2em; }\n"
	"h3 { font-size: 1em; margin: 1.5em 0 .3em; }\n"
	"table { border-collapse: collapse; width: 100%; margin: 1em 0; }\n"
	"caption { text-align: left; font-weight: bold; padding: .3em 0; }\n"
	"th, td { text-align: left; vertical-align: top; padding: .35em .6em;"
	" border-bottom: 1px solid #bbb; overflow-wrap: anywhere; }\n"
	"thead th { border-bottom: 2px solid #333; overflow-wrap: normal; }\n"
	".day { white-space: nowrap; }\n"
	"td.value { font-weight: bold; min-width: 11.5em; } figure { margin: 1em 0; }\n"
	"code { font-size: .85em; color: #333; overflow-wrap: anywhere; }\n"
	"dl { display: grid; grid-template-columns: max-content 1fr; gap: .25em 1.2em; }\n"
	"dt { font-weight: bold; } dd { margin: 0; overflow-wrap: anywhere; }\n"
	"svg { display: block; width: 100%; max-width: 40em; }\n"
	"svg rect { fill: #235a8c; } svg text { font: 11px sans-serif; fill: #1a1a1a; }\n"
	"svg .axis { stroke: #333; } svg .grid { stroke: #ccc; }\n"
	"svg .mark { stroke: #a33; stroke-dasharray: 4 3; } svg .marked { fill: #8a1f1f; }\n"
	".sign { display: flex; gap: 2em; margin-top: 4em; }"
	" .sign span { flex: 1; border-top: 1px solid #333; padding-top: .3em; }\n"
	"@media screen and (max-width: 40em) {\n"
	" body { margin: 1em auto; } dl { display: block; } dd { margin-bottom: .6em; }\n"
	" thead { position: absolute; left: -999em; }\n"
	" tr, td { display: block; } tr { border-bottom: 2px solid #888; padding: .4em 0; }\n"
	" td { border: 0; padding: .1em 0; }\n"
	" td[data-title]::before { content: attr(data-title) \": \"; color: #444; }\n"
	" td.none { display: none; } svg text { font-size: 14px; }\n"
	" .sign { display: block; } .sign span { display: block; margin-top: 4em; }\n"
	"}\n"
	"@media print {\n"
	" body { font-size: 10pt; margin: 0; padding: 0; max-width: none; }\n"
	" h2, h3, caption { break-after: avoid; } svg, tr, .sign, figure { break-inside: avoid; }\n"
	" thead { display: table-header-group; } .annex { break-before: page; }\n"
	"}\n";

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

void page_put_value(FILE *to, const json_t *value)
{
	char number[REPORT_NUMBER];

	if (!value || json_is_null(value))
		fputs("&ndash;", to);
	else
		put_escaped(to, report_value(value, number));
}

void page_put_title(FILE *to, const char *name)
{
	fputc(toupper((unsigned char)*name), to);
	report_put_title(to, name + 1);
}

void page_table_begin(FILE *to, const char *caption, const char *const *titles)
{
	fprintf(to, "<table>\n<caption>%s</caption>\n<thead><tr>", caption);
	for (; *titles; titles++)
		fprintf(to, "<th scope=\"col\">%s</th>", *titles);
	fputs("</tr></thead>\n<tbody>\n", to);
}

void page_put_cell(FILE *to, const char *title, const json_t *value)
{
	fprintf(to, "<td%s data-title=\"%s\">", json_is_null(value) ? " class=\"none\"" : "",
		title);
	page_put_value(to, value);
	fputs("</td>", to);
}

void page_put_pair(FILE *to, const char *name, const json_t *value)
{
	fprintf(to, "<dt>%s</dt><dd>", name);
	page_put_value(to, value);
	fputs("</dd>\n", to);
}

static const json_t *value_of(const json_t *report, const char *name)
{
	const json_t *figure;
	size_t i;

	json_array_foreach(json_object_get(report, "figures"), i, figure)
		if (!strcmp(json_string_value(json_object_get(figure, "figure")), name))
			return json_object_get(figure, "value");
	return NULL;
}

static void put_interfaces(FILE *to, const json_t *interfaces)
{
	const json_t *link;
	size_t i;

	fputs("<dt>Interfaces</dt><dd>", to);
	json_array_foreach(interfaces, i, link) {
		fputs(i ? ", " : "", to);
		page_put_value(to, json_object_get(link, "interface"));
		fputc(' ', to);
		page_put_value(to, json_object_get(link, "direction"));
	}
	fputs(json_array_size(interfaces) ? "</dd>\n" : "none attached now</dd>\n", to);
}

/* Who loaded it first; the other orders are in the annex. */
static const json_t *applied_by(const json_t *report)
{
	const json_t *file;
	size_t i;

	json_array_foreach(json_object_get(report, "files"), i, file)
		if (strcmp(json_string_value(json_object_get(file, "verb")), "refused"))
			return json_object_get(file, "actor");
	return NULL;
}

static void put_scope(FILE *to, const json_t *report)
{
	const json_t *journal = json_object_get(report, "journal");

	fputs("<dl>\n", to);
	page_put_pair(to, "Operator", json_object_get(report, "operator"));
	page_put_pair(to, "Issuer", value_of(report, "issuer"));
	page_put_pair(to, "Reference", value_of(report, "reference"));
	page_put_pair(to, "Host", json_object_get(report, "host"));
	put_interfaces(to, json_object_get(report, "interfaces"));
	fputs("<dt>Period</dt><dd>", to);
	page_put_value(to, json_object_get(report, "from"));
	fputs(" to ", to);
	page_put_value(to, json_object_get(report, "time"));
	fputs("</dd>\n", to);
	page_put_pair(to, "Applied by", applied_by(report));
	page_put_pair(to, "xeir version", json_object_get(report, "version"));
	fputs("<dt>Journal</dt><dd>", to);
	page_put_value(to, json_object_get(journal, "file"));
	fputs(", ", to);
	page_put_value(to, json_object_get(journal, "records"));
	fputs(" records, head <code>", to);
	page_put_value(to, json_object_get(journal, "head"));
	fputs("</code></dd>\n</dl>\n", to);
}

static void put_figures(FILE *to, const json_t *figures)
{
	static const char *const titles[] = { "Figure", "Value", "Definition and source", NULL };
	const json_t *figure;
	size_t i;

	page_table_begin(to, "Figures of the directive, at the end of the period", titles);
	json_array_foreach(figures, i, figure) {
		fputs("<tr><td>", to);
		page_put_title(to, json_string_value(json_object_get(figure, "figure")));
		fputs("</td><td class=\"value\">", to);
		if (json_is_string(json_object_get(figure, "qualifier")))
			fprintf(to, "%s ", json_string_value(json_object_get(figure, "qualifier")));
		page_put_value(to, json_object_get(figure, "value"));
		if (report_unit(figure))
			fprintf(to, " %s", report_unit(figure));
		fputs("</td><td>", to);
		page_put_value(to, json_object_get(figure, "definition"));
		fputs("<br><code>", to);
		page_put_value(to, json_object_get(figure, "source"));
		fputs("</code></td></tr>\n", to);
	}
	fputs("</tbody>\n</table>\n", to);
}

static void put_limits(FILE *to, const json_t *limits)
{
	const json_t *limit;
	size_t i;

	fputs("<h2>Limits of this report</h2>\n<ul>\n", to);
	json_array_foreach(limits, i, limit) {
		fputs("<li>", to);
		page_put_value(to, limit);
		fputs("</li>\n", to);
	}
	fputs("</ul>\n<p class=\"sign\"><span>Name and function</span><span>Date</span>"
	      "<span>Signature</span></p>\n",
	      to);
}

static void put_head(FILE *to, json_int_t directive)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
	      to);
	fprintf(to, "<title>Compliance report, directive %lld</title>\n<style>\n%s",
		(long long)directive, style);
	fprintf(to,
		"@page { size: A4; margin: 18mm 15mm; @bottom-left { content: \"Compliance report, "
		"directive %lld\"; font: 9pt sans-serif; } @bottom-right { content: \"Page \" "
		"counter(page) \" of \" counter(pages); font: 9pt sans-serif; } }\n"
		"</style>\n</head>\n",
		(long long)directive);
}

int report_html(FILE *to, void *arg)
{
	const json_t *report = arg;
	json_int_t directive = json_integer_value(json_object_get(report, "directive"));

	put_head(to, directive);
	fprintf(to, "<body>\n<main>\n<h1>Compliance report, directive %lld</h1>\n<p>Created ",
		(long long)directive);
	page_put_value(to, json_object_get(report, "time"));
	fputs(" by xeir. Times are UTC.</p>\n", to);
	put_scope(to, report);
	fputs("<h2>Figures</h2>\n", to);
	put_figures(to, json_object_get(report, "figures"));
	page_put_charts(to, report);
	put_limits(to, json_object_get(report, "limits"));
	page_put_annexes(to, report);
	fputs("</main>\n</body>\n</html>\n", to);
	return 0;
}
