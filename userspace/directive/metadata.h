/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The metadata of a directive: before its rows in comments `# key: value`, in JSON in members
 * next to the array of its entries. Other keys are ignored.
 */
#ifndef XEIR_DIRECTIVE_METADATA_H
#define XEIR_DIRECTIVE_METADATA_H

#include <stdbool.h>
#include <stdint.h>

#include "directive/faults.h"
#include "directive/input.h"
#include "lib/csv.h"

/* 0 and NULL: not given. */
struct metadata {
	uint32_t number;
	char *issuer, *reference;
	uint32_t issued, due;	/* seconds since 1970 */
	bool delta;		/* changes another directive */
	uint32_t base;		/* which */
	size_t records;		/* announced number of rows */
	unsigned char digest[INPUT_DIGEST];	/* SHA-256 of the file, packed if it is */
	unsigned char signed_digest[INPUT_SIGNED];	/* BLAKE2b-512, likewise */
	uint64_t size;				/* of that file, in octets */
	unsigned int given;	/* which the file has, a bit each */
};

/* What an issuer and a reference may be. */
#define METADATA_TEXT_FORM "up to 255 octets of text (UTF-8)"
bool metadata_is_text(const char *text, size_t len);

/* 0, also when the key is no metadata, or -EINVAL after a fault. */
int metadata_set(struct metadata *metadata, struct faults *faults, const struct csv_field *key,
		 const struct csv_field *value);

/* The comment that @csv holds. Likewise. */
int metadata_of_comment(struct metadata *metadata, struct faults *faults, const struct csv *csv);

/* Are there as many rows as announced? @line is the last one. Likewise. */
int metadata_check_records(const struct metadata *metadata, struct faults *faults, size_t n_rows,
			   unsigned int line);
void metadata_free(struct metadata *metadata);

#endif /* XEIR_DIRECTIVE_METADATA_H */
