/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a trusted comment says of the directive that it is signed with, as KEY:VALUE
 *
 *   directive:N         its number, from 1
 *   issued:TIME         when; a date, a date with its time, or seconds, as `until` has them
 *   timestamp:TIME      the same, as minisign writes it by itself; `issued` goes before it
 *   expires:TIME        from then on it is void
 *   issuer:NAME
 *   file:NAME           told, and not compared: files are renamed on their way
 *
 * in any order, each once at most. Between them stand tabs; where there is no tab, blanks. Words
 * without a colon are free. A key that is not one of these is a fault: what was signed and is
 * not understood, such as a misspelt end, is not to be passed over.
 */
#ifndef XEIR_TRUST_MINISIGN_COMMENT_H
#define XEIR_TRUST_MINISIGN_COMMENT_H

#include <stdbool.h>
#include "directive/faults.h"
#include "lib/identifier.h"

#define ISSUER_TEXT 256

/* 0 and "": not said. */
struct minisign_comment {
	__u32 directive, issued, timestamp, expires;
	char issuer[ISSUER_TEXT];
};

/* 0, or -EINVAL with the fault told; @text starts at this line and column of its file. */
int minisign_comment_read(const char *text, unsigned int line, unsigned int column,
			  struct faults *faults, struct minisign_comment *comment);

#endif /* XEIR_TRUST_MINISIGN_COMMENT_H */
