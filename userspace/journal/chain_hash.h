/* SPDX-License-Identifier: GPL-2.0-only */
/* What chain.h says of hashes, for those that write records and those that check them. */
#ifndef XEIR_JOURNAL_CHAIN_HASH_H
#define XEIR_JOURNAL_CHAIN_HASH_H

#include "journal/chain.h"

/* A record's columns, as they are hashed and kept. */
struct record_row {
	int64_t id, time, directive;
	const char *who, *verb, *detail;
	unsigned char content[CHAIN_OCTETS];
};

void chain_hash_begin(struct sha256_ctx streams[STREAMS]);
void chain_hash_row(struct sha256_ctx *stream, const struct chain_row *row);

/* Ends the streams. */
void chain_hash_content(struct sha256_ctx streams[STREAMS],
			unsigned char content[CHAIN_OCTETS]);

void chain_hash_record(const unsigned char former[CHAIN_OCTETS], const struct record_row *row,
		       unsigned char hash[CHAIN_OCTETS]);

#endif /* XEIR_JOURNAL_CHAIN_HASH_H */
