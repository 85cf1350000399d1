/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a directive says of itself: before its rows in comments `# key: value`, in JSON in members
 * beside the array of its entries. Other keys say nothing.
 */
#ifndef XEIR_DIRECTIVE_METADATA_H
#define XEIR_DIRECTIVE_METADATA_H

#include "directive/reader.h"

/* What an issuer and a reference may be. */
#define METADATA_TEXT_FORM "up to 255 octets of text (UTF-8)"
bool metadata_is_text(const char *text, size_t len);

/* 0, also when the key is none of a fact, or -EINVAL: what is told of it is wrong. */
int metadata_set(struct reader *r, const struct csv_field *key, const struct csv_field *value);

/* The comment that r->csv holds. */
int metadata_of_comment(struct reader *r);

/* Are there as many rows as announced? */
int metadata_check_records(struct reader *r);
void metadata_free(struct metadata *metadata);

#endif /* XEIR_DIRECTIVE_METADATA_H */
