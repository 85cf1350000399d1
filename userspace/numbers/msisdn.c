// SPDX-License-Identifier: GPL-2.0-only
#include "numbers/msisdn.h"

#include <stdio.h>
#include <string.h>

#include "lib/quote.h"

static int refuse(struct identifier_error *error, const char *found, const char *expected)
{
	error->at = 0;
	snprintf(error->found, sizeof(error->found), "%s", found);
	snprintf(error->expected, sizeof(error->expected), "%s", expected);
	return -1;
}

int msisdn_read(const char *text, size_t len, const char *country, struct xeir_key *key,
		struct identifier_error *error)
{
	char whole[64], found[QUOTE_TEXT];
	int n;

	if (!len || *text != '0')
		return identifier_read(XEIR_KIND_MSISDN, text, len, key, error);
	if (len > 1 && text[1] == '0')
		return refuse(error, quote(found, text, len), "a + in place of the 00");
	if (!*country)
		return refuse(error, quote(found, text, len),
			      "its country code, or: xeir set country-code CC");
	n = snprintf(whole, sizeof(whole), "%s%.*s", country, (int)len - 1, text + 1);
	if (n >= (int)sizeof(whole))
		return refuse(error, quote(found, text, len), "5 to 15 digits of an MSISDN");
	if (!identifier_read(XEIR_KIND_MSISDN, whole, n, key, error))
		return 0;
	/* where it stands in what was written */
	if (error->at)
		error->at += 1 - strlen(country);
	return -1;
}
