/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The signature of a directive: must there be one, is it good, and is it new?
 *
 * 0; -EBADMSG: refused, said why, and recorded in the journal, with opt.dry_run only said; or
 * another negative errno after complain().
 */
#ifndef XEIR_TRUST_SIGNATURE_H
#define XEIR_TRUST_SIGNATURE_H

#include "directive/directive.h"
#include "journal/store.h"

/*
 * Of what @path held when it was read, before options have said more of it. Issuer and number,
 * where they are signed, are then metadata of it, and its `signature` is set if it has one.
 */
int signature_check(struct store *store, const char *path, struct directive *directive);

/*
 * In the transaction of @store that is open, and which a refusal rolls back: is the signature that
 * it has newer than all of this issuer that were applied, or the newest of them once more?
 */
int signature_is_new(struct store *store, const char *path, const struct directive *directive);

#endif /* XEIR_TRUST_SIGNATURE_H */
