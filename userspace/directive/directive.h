/* SPDX-License-Identifier: GPL-2.0-only */
/* A directive file, read and checked as a whole before anything is applied. */
#ifndef XEIR_DIRECTIVE_DIRECTIVE_H
#define XEIR_DIRECTIVE_DIRECTIVE_H

#include <jansson.h>
#include "directive/input.h"
#include "transport/transport.h"

/* What a directive says of itself; 0 and NULL: it does not. */
struct metadata {
	uint32_t number;
	char *issuer, *reference;
	uint32_t issued, due;	/* seconds since 1970 */
	bool delta;		/* it is a change of another one */
	uint32_t base;		/* which */
	size_t records;		/* how many rows it is to have */
	unsigned char digest[INPUT_DIGEST];	/* SHA-256 of the file as it lies */
	unsigned char signed_digest[INPUT_SIGNED];	/* BLAKE2b-512, likewise */
	uint64_t size;				/* of that file, in octets */
};

struct directive {
	struct metadata metadata;
	struct entry *puts;
	size_t n_puts;
	struct xeir_key *removes;	/* action `remove` */
	size_t n_removes;
	size_t duplicates;	/* lines that said the same again */
	size_t skipped;		/* invalid lines, with opt.skip_invalid */
	size_t ended;		/* lines whose `until` has passed */
	size_t pending;		/* lines whose `block_date` is still to come */
	json_t *signature;	/* whose it bears, for the record; or NULL */
	json_t *faults;		/* of the skipped lines, with opt.json; or NULL */
};

/* What it is read for: a delta is not all that is to be listed, a full list no change of it. */
enum directive_use {
	DIRECTIVE_ANY,
	DIRECTIVE_LOAD,
	DIRECTIVE_SYNC,
};

/*
 * @path "-" is stdin; its format is the one that opt.format names, or that it looks like.
 * @default_action is that of rows which name none. Faults are printed as path:line:column:
 * found, expected; up to 20 and their total. 0; -EINVAL when there are any and opt.skip_invalid
 * is off; -errno.
 */
int directive_read(const char *path, enum directive_use use, __u8 default_action,
		   struct directive *directive);
bool directive_has_format(const char *name);
void directive_free(struct directive *directive);

#endif /* XEIR_DIRECTIVE_DIRECTIVE_H */
