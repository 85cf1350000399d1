/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a trusted comment has of the directive that is signed, as KEY:VALUE
 *
 *   directive:N         its number, from 1
 *   issued:TIME         when; a date, a date with its time, or seconds, as `until` has them
 *   timestamp:TIME      the same, as minisign writes it; `issued` is preferred
 *   expires:TIME        from then on the signature is void
 *   issuer:NAME
 *   file:NAME           ignored: files are renamed on their way
 *
 * in any order, each once at most. Between them stand tabs; where there is no tab, blanks. Words
 * without a colon are ignored. An unknown key is a fault: something was signed that this tool does
 * not understand, as a misspelt `expires`.
 */
#ifndef XEIR_TRUST_MINISIGN_COMMENT_H
#define XEIR_TRUST_MINISIGN_COMMENT_H

#include <stdbool.h>
#include "directive/faults.h"
#include "lib/identifier.h"

#define ISSUER_TEXT 256

/* 0 and "": not given. */
struct minisign_comment {
	__u32 directive, issued, timestamp, expires;
	char issuer[ISSUER_TEXT];
};

/* 0, or -EINVAL with the fault in @faults; @text starts at this line and column of its file. */
int minisign_comment_read(const char *text, unsigned int line, unsigned int column,
			  struct faults *faults, struct minisign_comment *comment);

#endif /* XEIR_TRUST_MINISIGN_COMMENT_H */
