// SPDX-License-Identifier: GPL-2.0-only
#include "lib/gunzip.h"

#include <errno.h>

#define WINDOW_OF_GZIP (MAX_WBITS + 16)

bool gunzip_is(const unsigned char *data, size_t len)
{
	return len >= 2 && data[0] == 0x1f && data[1] == 0x8b;
}

int gunzip_begin(struct gunzip *gunzip)
{
	return inflateInit2(&gunzip->stream, WINDOW_OF_GZIP) == Z_OK ? 0 : -ENOMEM;
}

ssize_t gunzip_more(struct gunzip *gunzip, unsigned char *out, size_t size, const char **why)
{
	z_stream *z = &gunzip->stream;
	int status;

	z->next_out = out;
	z->avail_out = size;
	/* within a member zlib may hold back octets that did not fit before */
	while (z->avail_out && (z->avail_in || gunzip->within)) {
		gunzip->within = true;
		status = inflate(z, Z_NO_FLUSH);
		if (status == Z_BUF_ERROR)
			break;
		if (status != Z_OK && status != Z_STREAM_END) {
			*why = z->msg ? z->msg : zError(status);
			return -1;
		}
		if (status == Z_STREAM_END) {
			gunzip->within = false;
			inflateReset(z);
		}
	}
	return size - z->avail_out;
}

void gunzip_end(struct gunzip *gunzip)
{
	inflateEnd(&gunzip->stream);
}
