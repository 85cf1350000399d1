/* SPDX-License-Identifier: GPL-2.0-only */
/* What a file of any format asks for: entries to list and keys to take off the list. */
#ifndef XEIR_DIRECTIVE_DIRECTIVE_H
#define XEIR_DIRECTIVE_DIRECTIVE_H

#include <jansson.h>
#include "directive/metadata.h"
#include "transport/transport.h"

struct directive {
	struct metadata metadata;
	struct entry *puts;
	size_t n_puts;
	struct xeir_key *removes; /* action `remove` */
	size_t n_removes;
	size_t duplicates; /* lines that repeat another one */
	size_t skipped; /* invalid lines, with opt.skip_invalid */
	size_t passed_over; /* lines that --map gives the meaning - */
	size_t ended; /* lines whose expiry has passed */
	size_t pending; /* lines whose block date has not come yet */
	json_t *signature; /* the signer, for the record; or NULL */
	json_t *faults; /* of the skipped lines, with opt.json; or NULL */
};

/*
 * What it is read for: sync takes no delta, load no full list; what is restored was in order once.
 */
enum directive_use {
	DIRECTIVE_ANY,
	DIRECTIVE_LOAD,
	DIRECTIVE_SYNC,
	DIRECTIVE_RESTORE,
};

void directive_free(struct directive *directive);

#endif /* XEIR_DIRECTIVE_DIRECTIVE_H */
