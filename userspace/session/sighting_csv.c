// SPDX-License-Identifier: GPL-2.0-only
#include "session/sighting_csv.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/clock.h"
#include "lib/csv.h"
#include "lib/csv_write.h"
#include "lib/decimal.h"
#include "lib/quote.h"

static const char header[] = "imei,svn,imsi,msisdn,first_seen,last_seen,count,apn,rat,gtp,uli,"
			     "location";

void sighting_csv_header(FILE *to)
{
	fprintf(to, "%s\n", header);
}

void sighting_csv_print(FILE *to, const struct sighting *sighting)
{
	char count[16], version[16];
	struct sighting_text t;
	const char *const fields[] = { t.imei, t.svn, t.imsi, t.msisdn, t.first, t.last,
				       count,  t.apn, t.rat,  version,	t.uli,	 t.location };

	sighting_text(sighting, &t);
	snprintf(count, sizeof(count), "%u", sighting->seen.count);
	snprintf(version, sizeof(version), "%u", sighting->seen.version);
	csv_write_row(to, fields, sizeof(fields) / sizeof(*fields));
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Digits as in keys, low nibble first, filled up with F; as identifier_bcd() prints them. */
static int read_number(const char *text, __u8 id[XEIR_NUMBER_OCTETS])
{
	size_t n = strlen(text);

	memset(id, 0xff, XEIR_NUMBER_OCTETS);
	if (n > 2 * XEIR_NUMBER_OCTETS)
		return -1;
	for (size_t i = 0; i < n; i++) {
		int digit = hex_digit(text[i]);

		if (digit < 0)
			return -1;
		id[i / 2] = i % 2 ? (id[i / 2] & 0xf) | digit << 4 : 0xf0 | digit;
	}
	return 0;
}

static int read_imei(const char *text, struct sighting *sighting)
{
	struct identifier_error error;
	struct xeir_key key;

	if (identifier_imei(text, strlen(text), &key, &error))
		return -1;
	memcpy(sighting->key.imei, key.id, XEIR_IMEI_OCTETS);
	return 0;
}

static int read_svn(const char *text, __u8 *svn)
{
	*svn = 0xff;
	if (!*text)
		return 0;
	if (strlen(text) != 2 || strspn(text, "0123456789") != 2)
		return -1;
	*svn = (text[0] - '0') | (text[1] - '0') << 4;
	return 0;
}

static int read_apn(const char *text, __u8 apn[XEIR_APN_OCTETS])
{
	size_t label = 0;

	if (strlen(text) >= XEIR_APN_OCTETS)
		return -1;
	for (size_t i = 0; text[i]; i++) {
		if (text[i] == '.') {
			label = i + 1;
			continue;
		}
		apn[i + 1] = text[i];
		apn[label]++;
	}
	return 0;
}

static int read_uli(const char *text, struct xeir_sighting *seen)
{
	size_t n = strlen(text);

	if (n % 2 || n > 2 * XEIR_ULI_OCTETS)
		return -1;
	seen->uli_len = n / 2;
	for (size_t i = 0; i < n; i++) {
		int digit = hex_digit(text[i]);

		if (digit < 0)
			return -1;
		seen->uli[i / 2] = seen->uli[i / 2] << 4 | digit;
	}
	return 0;
}

static int read_small(const char *text, __u32 max, __u8 *value)
{
	__u32 n;

	if (decimal_read_u32(text, strlen(text), &n) || n > max)
		return -1;
	*value = n;
	return 0;
}

static int read_rat(const char *text, __u8 *rat)
{
	int value = rat_value(text);

	*rat = value;
	return value < 0 ? -1 : 0;
}

static int read_time(const char *text, __u32 *seconds)
{
	time_t tai;

	if (date_read(text, strlen(text), seconds))
		return -1;
	tai = clock_tai_of_utc(*seconds);
	*seconds = tai;
	return tai > UINT32_MAX ? -1 : 0;
}

/* In the order of the header; the other columns follow from these. */
enum { IMEI, SVN, IMSI, MSISDN, FIRST, LAST, COUNT, APN, RAT, GTP, ULI, LOCATION, FIELDS };

static int read_field(size_t field, const char *text, struct sighting *sighting)
{
	struct xeir_sighting *seen = &sighting->seen;

	switch (field) {
	case IMEI:
		return read_imei(text, sighting);
	case SVN:
		return read_svn(text, &seen->svn);
	case IMSI:
		return read_number(text, sighting->key.imsi);
	case MSISDN:
		return read_number(text, seen->msisdn);
	case FIRST:
		return read_time(text, &seen->first);
	case LAST:
		return read_time(text, &seen->last);
	case COUNT:
		return decimal_read_u32(text, strlen(text), &seen->count);
	case APN:
		return read_apn(text, seen->apn);
	case RAT:
		return read_rat(text, &seen->rat);
	case GTP:
		return read_small(text, 2, &seen->version);
	case ULI:
		return read_uli(text, seen);
	}
	return 0;
}

static int read_record(const struct csv *csv, struct faults *faults, struct sighting *sighting)
{
	static const char *const expected[FIELDS] = {
		"digits of an IMEI",
		"two digits or nothing",
		"digits of an IMSI",
		"digits of an MSISDN",
		DATE_FORMS,
		DATE_FORMS,
		"a number",
		"an APN",
		"an access",
		"0, 1 or 2",
		"up to 16 octets in hex",
	};
	char found[QUOTE_TEXT];

	memset(sighting, 0, sizeof(*sighting));
	if (csv->n != FIELDS)
		return fault(faults, csv->first, 1, "found %zu fields, expected %d", csv->n,
			     FIELDS);
	for (size_t i = 0; i < FIELDS; i++) {
		const struct csv_field *field = &csv->fields[i];

		field->text[field->len] = '\0';
		if (read_field(i, csv_without_mark(field->text), sighting))
			return fault(faults, field->line, field->column, "found %s, expected %s",
				     quote(found, field->text, field->len), expected[i]);
	}
	return 0;
}

static int read_lines(struct csv *csv, struct faults *faults,
		      int (*each)(const struct sighting *sighting, void *arg), void *arg)
{
	struct sighting sighting;
	enum csv_result result;
	int err = 0;

	if (csv_line(csv) != CSV_DONE || strcmp(csv->text, header))
		return fault(faults, 1, 1, "found another header line, expected %.40s...", header);
	while (!err && (result = csv_line(csv)) == CSV_DONE) {
		if (csv->nul_line || csv_split(csv) != CSV_DONE)
			fault(faults, csv->first, 1,
			      "found text that is no CSV, expected %d fields", FIELDS);
		else if (!read_record(csv, faults, &sighting))
			err = each(&sighting, arg);
	}
	if (!err && result == CSV_TOO_LONG)
		fault(faults, csv->line + 1, 1, "found a line of over %d octets, expected a row",
		      CSV_RECORD_MAX - 1);
	return !err && ferror(csv->in) ? -EIO : err;
}

int sighting_csv_read(FILE *from, struct faults *faults,
		      int (*each)(const struct sighting *sighting, void *arg), void *arg)
{
	struct csv *csv = calloc(1, sizeof(*csv));
	int err = -ENOMEM;

	if (csv)
		csv->text = malloc(CSV_RECORD_MAX + 1);
	if (csv && csv->text) {
		csv->in = from;
		csv->separator = ',';
		err = read_lines(csv, faults, each, arg);
		free(csv->text);
	}
	free(csv);
	return err;
}
