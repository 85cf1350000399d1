/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lines of a text file, and the fields of CSV in them (RFC 4180: a field may stand
 * in quotes, a quote in it is doubled, and it may then go over several lines).
 */
#ifndef XEIR_LIB_CSV_H
#define XEIR_LIB_CSV_H

#include <stdio.h>

#define CSV_RECORD_MAX 65536 /* a longer line is no text */
#define CSV_FIELDS_MAX 64

struct csv_field {
	char *text;
	size_t len;
	unsigned int line; /* where the text starts, both from 1 */
	unsigned int column;
};

struct csv {
	FILE *in;
	char separator; /* of fields */
	unsigned int line; /* the last that was read */
	unsigned int first; /* where the record starts */
	unsigned int nul_line; /* the first NUL octet of the record; 0: it has none */
	unsigned int nul_column;
	size_t len;
	char *text; /* the record, CSV_RECORD_MAX + 1 octets */
	size_t n;
	struct csv_field fields[CSV_FIELDS_MAX];
};

enum csv_result {
	CSV_DONE,
	CSV_END, /* of the file, or ferror(in) */
	CSV_TOO_LONG,
	CSV_TOO_MANY, /* fields */
	CSV_OPEN_QUOTE, /* never closed; fields[n] is where it opened */
	CSV_BEHIND_QUOTE, /* text; fields[n] is where it stands */
};

/* The next line becomes csv->text, without its end. */
enum csv_result csv_line(struct csv *csv);

/* How many octets of blanks, of any kind, @text begins with. */
size_t csv_blanks(const struct csv *csv, const char *text, size_t len);

/* Split what csv_line read; blanks around a field, and behind its text in quotes, are left out. */
enum csv_result csv_split(struct csv *csv);

#endif /* XEIR_LIB_CSV_H */
