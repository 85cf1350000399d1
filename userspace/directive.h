/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A directive file, read and checked as a whole before anything is applied.
 *
 * Two shapes, told apart by the first line that is neither blank nor a comment
 * (#): CSV with a header line (at least one of `imei`, `tac`, `imsi`, `msisdn`;
 * `action`, `directive`, `until`, `reason`, `ref` optional), or one number a line,
 * `tac NUMBER` for a TAC, `imsi` and `msisdn` likewise. A file without a single
 * line is refused, a header without rows is not.
 */
#ifndef XEIR_DIRECTIVE_H
#define XEIR_DIRECTIVE_H

#include <jansson.h>
#include "input.h"
#include "transport.h"

/* What a directive says of itself; 0 and NULL: it does not. */
struct facts {
	uint32_t number;
	char *issuer, *reference;
	uint32_t issued, due;	/* seconds since 1970 */
	bool delta;		/* it is a change of another one */
	uint32_t base;		/* which */
	size_t records;		/* how many rows it is to have */
	unsigned char digest[INPUT_DIGEST];	/* SHA-256 of the file as it lies */
	uint64_t size;				/* of that file, in octets */
};

struct directive {
	struct facts facts;
	struct entry *puts;
	size_t n_puts;
	struct xeir_key *removes;	/* action `remove` */
	size_t n_removes;
	size_t duplicates;	/* lines that said the same again */
	size_t skipped;		/* invalid lines, with opt.skip_invalid */
	size_t ended;		/* lines whose `until` has passed */
	json_t *faults;		/* of the skipped lines, with opt.json; or NULL */
};

/*
 * @path "-" is stdin; @default_action is that of rows which name none. Faults are printed as
 * path:line:column: found, expected; up to 20 and their total. 0; -EINVAL when there are any and
 * opt.skip_invalid is off; -errno.
 */
int directive_read(const char *path, __u8 default_action, struct directive *directive);
void directive_free(struct directive *directive);

#endif /* XEIR_DIRECTIVE_H */
