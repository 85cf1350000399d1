/* SPDX-License-Identifier: GPL-2.0-only */
/* Metadata of a directive: from its file, from options, and in the journal from former files. */
#ifndef XEIR_DIRECTIVE_METADATA_AGREE_H
#define XEIR_DIRECTIVE_METADATA_AGREE_H

#include "directive/directive.h"
#include "journal/ledger.h"

/*
 * Add what options give to what the file gives, and the directive's number to rows without one.
 * EXIT_DONE, or EXIT_BAD after complain(): they do not agree.
 */
int metadata_agree_with_options(struct directive *directive);

/* All of it for the record, with the file's name, size and digest; also of a saved list. */
json_t *metadata_agree_detail(const char *path, const struct directive *directive);

/*
 * Within the transaction: does it agree with the journal? 0, -EBADMSG, it does not, or another
 * negative errno; all of them after complain(). *issuer is the directive's issuer, or NULL; free
 * it.
 */
int metadata_agree_with_journal(struct store *store, const struct metadata *metadata,
				char **issuer);

#endif /* XEIR_DIRECTIVE_METADATA_AGREE_H */
