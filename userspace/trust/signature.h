/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The signature of a directive: is one required, is it good, and is it new?
 *
 * 0; -EBADMSG: refused after complain(), and recorded in the journal unless opt.dry_run; or another
 * negative errno after complain().
 */
#ifndef XEIR_TRUST_SIGNATURE_H
#define XEIR_TRUST_SIGNATURE_H

#include "directive/directive.h"
#include "journal/store.h"

/*
 * Check what @path held when it was read, before options add to it. Issuer and number,
 * where they are signed, are then metadata of it, and its `signature` is set if it has one.
 */
int signature_check(struct store *store, const char *path, struct directive *directive);

/*
 * Is the signature newer than all of this issuer that were applied, or the newest of them again? In
 * the open transaction of @store, which a refusal rolls back.
 */
int signature_is_new(struct store *store, const char *path, const struct directive *directive);

#endif /* XEIR_TRUST_SIGNATURE_H */
