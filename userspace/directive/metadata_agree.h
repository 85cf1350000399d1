/* SPDX-License-Identifier: GPL-2.0-only */
/* What is said of a directive: by its file, by options, and in the journal by former files. */
#ifndef XEIR_DIRECTIVE_METADATA_AGREE_H
#define XEIR_DIRECTIVE_METADATA_AGREE_H

#include "directive/directive.h"
#include "journal/ledger.h"

/*
 * What options say comes to what the file says, and its number to rows that have none. EXIT_DONE,
 * or EXIT_BAD: they do not agree, said so.
 */
int metadata_agree_with_options(struct directive *directive);

/* All of it for the record, with the file itself; of a saved list that is no directive, too. */
json_t *metadata_agree_detail(const char *path, const struct directive *directive);

/*
 * Within the transaction: does it agree with the journal? 0, -EBADMSG, it does not, or another
 * negative errno; all of them after complain(). @issuer is the directive's by now, or NULL; it is
 * to be freed.
 */
int metadata_agree_with_journal(struct store *store, const struct metadata *metadata,
				char **issuer);

#endif /* XEIR_DIRECTIVE_METADATA_AGREE_H */
