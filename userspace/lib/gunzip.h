/* SPDX-License-Identifier: GPL-2.0-only */
/* gzip with its checksums verified, which libarchive does not do. */
#ifndef XEIR_LIB_GUNZIP_H
#define XEIR_LIB_GUNZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <zlib.h>

struct gunzip {
	z_stream stream;	/* the caller sets next_in and avail_in */
	bool within;		/* a member that has not ended; after it another may follow */
};

bool gunzip_is(const unsigned char *data, size_t len);

/* 0 or -ENOMEM. */
int gunzip_begin(struct gunzip *gunzip);

/* How much of @out is filled, 0: all input is used up; -1: *why is what is wrong. */
ssize_t gunzip_more(struct gunzip *gunzip, unsigned char *out, size_t size, const char **why);
void gunzip_end(struct gunzip *gunzip);

#endif /* XEIR_LIB_GUNZIP_H */
