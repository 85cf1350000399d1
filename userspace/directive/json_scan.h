/* SPDX-License-Identifier: GPL-2.0-only */
/* The tokens of a JSON text, one after the other, with their positions. */
#ifndef XEIR_DIRECTIVE_JSON_SCAN_H
#define XEIR_DIRECTIVE_JSON_SCAN_H

#include "directive/reader.h"

struct json_scan {
	struct reader *r;
	const char *ahead;	/* what was read of the text before */
	size_t n_ahead;
	int next;		/* octet, or EOF */
	unsigned int line, column;	/* of it */
	int kind;		/* of the token: {}[]:, or '"', or '0': a word or number; or EOF */
	struct csv_field token;	/* decoded */
	char raw[CSV_RECORD_MAX];
	char text[CSV_RECORD_MAX];	/* of the tokens since json_scan_forget */
	size_t used;
};

/* r->csv holds the first line, or as much of it as fits. */
void json_scan_begin(struct json_scan *json, struct reader *r);

/* The next token; 0 or FATAL. */
int json_scan_next(struct json_scan *json);

/* Report the fault that it is not @expected; FATAL. */
int json_scan_unexpected(struct json_scan *json, const char *expected);

/* Free the text of all tokens so far. */
void json_scan_forget(struct json_scan *json);

#endif /* XEIR_DIRECTIVE_JSON_SCAN_H */
