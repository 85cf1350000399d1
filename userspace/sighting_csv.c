// SPDX-License-Identifier: GPL-2.0-only
#include "sighting_csv.h"

#include <string.h>

static const char header[] = "imei,svn,imsi,msisdn,first_seen,last_seen,count,apn,rat,gtp,uli,"
			     "location";

void sighting_csv_header(FILE *to)
{
	fprintf(to, "%s\n", header);
}

/* An APN is a stranger's text. */
static void print_quoted(FILE *to, const char *text)
{
	if (!strpbrk(text, ",\"")) {
		fputs(text, to);
		return;
	}
	putc('"', to);
	for (; *text; text++) {
		if (*text == '"')
			putc('"', to);
		putc(*text, to);
	}
	putc('"', to);
}

void sighting_csv_print(FILE *to, const struct sighting *sighting)
{
	struct sighting_text t;

	sighting_text(sighting, &t);
	fprintf(to, "%s,%s,%s,%s,%s,%s,%u,", t.imei, t.svn, t.imsi, t.msisdn, t.first, t.last,
		sighting->seen.count);
	print_quoted(to, t.apn);
	fprintf(to, ",%s,%u,%s,%s\n", t.rat, sighting->seen.version, t.uli, t.location);
}
