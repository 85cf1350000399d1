// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/report_page.h"

struct column {
	const char *member, *title;
};

/* What one has is written line by line, as a SHA-256 and a reason are long. */
static void put_file(FILE *to, const json_t *file)
{
	static const struct column members[] = {
		{ "time", "Time" },
		{ "actor", "By" },
		{ "file", "File" },
		{ "sha256", "SHA-256" },
		{ "signer", "Signed by" },
		{ "key_id", "Key" },
		{ "reason", "Refused because" },
	};

	fputs("<h3>Record ", to);
	page_put_value(to, json_object_get(file, "record"));
	fputs(", ", to);
	page_put_value(to, json_object_get(file, "verb"));
	fputs("</h3>\n<dl>\n", to);
	for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++) {
		const json_t *value = json_object_get(file, members[i].member);

		if (!json_is_null(value))
			page_put_pair(to, members[i].title, value);
	}
	if (!json_is_null(json_object_get(file, "sha256")) &&
	    json_is_null(json_object_get(file, "signer")))
		fputs("<dt>Signed by</dt><dd>no signature was verified</dd>\n", to);
	fputs("</dl>\n", to);
}

static void put_files(FILE *to, const json_t *files)
{
	const json_t *file;
	size_t i;

	fputs("<section class=\"annex\">\n<h2>Annex A: files and orders</h2>\n"
	      "<p>All arrivals of the directive, also those that were refused.</p>\n",
	      to);
	json_array_foreach(files, i, file)
		put_file(to, file);
	fputs("</section>\n", to);
}

static void put_rows(FILE *to, const json_t *entries)
{
	static const struct column columns[] = {
		{ "key", "Identifier" }, { "action", "Action" },  { "way", "Listed by" },
		{ "listed", "Since" },	 { "expiry", "Expires" }, { "record", "Record" },
	};
	static const char *const titles[] = { "Identifier", "Action", "Listed by", "Since",
					      "Expires",    "Record", NULL };
	const json_t *row;
	size_t i;

	page_table_begin(to, "What the directive lists at the end of the period", titles);
	json_array_foreach(entries, i, row) {
		fputs("<tr>", to);
		for (size_t c = 0; c < sizeof(columns) / sizeof(*columns); c++)
			page_put_cell(to, columns[c].title,
				      json_object_get(row, columns[c].member));
		fputs("</tr>\n", to);
	}
	fputs("</tbody>\n</table>\n", to);
}

static void put_entries(FILE *to, const json_t *report)
{
	const json_t *entries = json_object_get(report, "entries");
	json_int_t total = json_integer_value(json_object_get(report, "entries_total"));

	fputs("<section class=\"annex\">\n<h2>Annex B: entries</h2>\n", to);
	if (total > (json_int_t)json_array_size(entries))
		fprintf(to,
			"<p>The first %zu of %lld entries. All of them: <code>xeir report "
			"directive "
			"%lld --explain entries_listed</code></p>\n",
			json_array_size(entries), (long long)total,
			(long long)json_integer_value(json_object_get(report, "directive")));
	put_rows(to, entries);
	fputs("</section>\n", to);
}

void page_put_annexes(FILE *to, const json_t *report)
{
	put_files(to, json_object_get(report, "files"));
	put_entries(to, report);
}
