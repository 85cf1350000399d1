/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whose signatures are trusted: the public keys of issuers, which are records of the journal.
 * Calls return 0 or a negative errno after complain(), unless they say otherwise.
 */
#ifndef XEIR_TRUST_ISSUER_KEYS_H
#define XEIR_TRUST_ISSUER_KEYS_H

#include "journal/store.h"
#include "trust/minisign.h"
#include "trust/minisign_comment.h"

struct issuer_key {
	char issuer[ISSUER_TEXT];
	struct minisign_key key;
	int64_t added; /* seconds since 1970 */
};

/* Each trusted key, by issuer; @each returns 0 to go on, any other value ends it. */
int issuer_keys_iterate(struct store *store, int (*each)(const struct issuer_key *key, void *arg),
			void *arg);

/* Record that a key is added ("add") or removed ("del"), in the open transaction. */
int issuer_keys_record(struct store *store, const char *op, const struct issuer_key *key);

#endif /* XEIR_TRUST_ISSUER_KEYS_H */
