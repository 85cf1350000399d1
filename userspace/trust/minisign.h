/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Public keys and detached signatures in the format of minisign: Ed25519, as lines of base64.
 *
 *   key        untrusted comment: anything
 *              "Ed", key id, key
 *
 *   signature  untrusted comment: anything
 *              "Ed" or "ED", key id, signature: over the octets of the file, or over their
 *              BLAKE2b-512
 *              trusted comment: text
 *              signature over the one above and the text
 *
 * Lines end in LF or CRLF; nothing but empty lines may follow.
 */
#ifndef XEIR_TRUST_MINISIGN_H
#define XEIR_TRUST_MINISIGN_H

#include <sodium.h>
#include <stdbool.h>
#include "directive/faults.h"

#define MINISIGN_FILE_MAX	16384	/* octets; a longer file is none of these */
#define MINISIGN_COMMENT_MAX	8192
#define MINISIGN_COMMENT_LINE	3	/* where the trusted comment stands */
#define MINISIGN_COMMENT_COLUMN	sizeof("trusted comment: ")
#define MINISIGN_ID		8
#define MINISIGN_ID_TEXT	(2 * MINISIGN_ID + 1)
#define MINISIGN_KEY_TEXT	(56 + 1)	/* a key as base64, with its NUL */

struct minisign_key {
	unsigned char id[MINISIGN_ID];
	unsigned char octets[crypto_sign_PUBLICKEYBYTES];
};

struct minisign_signature {
	bool prehashed;
	unsigned char id[MINISIGN_ID];
	unsigned char signature[crypto_sign_BYTES];
	unsigned char global[crypto_sign_BYTES];
	char comment[MINISIGN_COMMENT_MAX + 1];
};

/* The text of such a file. */
struct minisign_text {
	size_t len;
	char octets[MINISIGN_FILE_MAX];
};

/* 0 or -errno; it is read once. */
int minisign_file(const char *path, struct minisign_text *text);

/* 0, or -EINVAL with the fault in @faults. */
int minisign_read_key(const struct minisign_text *text, struct faults *faults,
		      struct minisign_key *key);
int minisign_read_signature(const struct minisign_text *text, struct faults *faults,
			    struct minisign_signature *signature);

/* Did @key sign these octets: of the file, or, if prehashed, of its digest? */
bool minisign_signed(const struct minisign_signature *signature, const struct minisign_key *key,
		     const void *octets, size_t len);

/* And the trusted comment? */
bool minisign_signed_comment(const struct minisign_signature *signature,
			     const struct minisign_key *key);

/* The key as base64, as it stands in its file; 0, or -EINVAL. */
const char *minisign_key_text(const struct minisign_key *key, char text[MINISIGN_KEY_TEXT]);
int minisign_key_of_text(const char *text, struct minisign_key *key);

/* As minisign shows a key id: hexadecimal, the last octet first. Returns @text. */
const char *minisign_id_text(const unsigned char id[MINISIGN_ID], char text[MINISIGN_ID_TEXT]);

#endif /* XEIR_TRUST_MINISIGN_H */
