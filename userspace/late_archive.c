// SPDX-License-Identifier: GPL-2.0-only
/* What the tool calls of libarchive, which has the manual. */
#include <archive.h>
#include <archive_entry.h>
#include <stdarg.h>
#include <stdio.h>

#include "late.h"

static const char *const libarchive[] = { "libarchive.so.13", NULL };

#define CALL(function) LATE(libarchive, function)

struct archive *archive_read_new(void)
{
	return CALL(archive_read_new)();
}

int archive_read_support_filter_zstd(struct archive *archive)
{
	return CALL(archive_read_support_filter_zstd)(archive);
}

int archive_read_support_format_zip_streamable(struct archive *archive)
{
	return CALL(archive_read_support_format_zip_streamable)(archive);
}

int archive_read_support_format_raw(struct archive *archive)
{
	return CALL(archive_read_support_format_raw)(archive);
}

int archive_read_support_format_empty(struct archive *archive)
{
	return CALL(archive_read_support_format_empty)(archive);
}

int archive_read_open(struct archive *archive, void *arg, archive_open_callback *open,
		      archive_read_callback *read, archive_close_callback *close)
{
	return CALL(archive_read_open)(archive, arg, open, read, close);
}

int archive_read_next_header(struct archive *archive, struct archive_entry **entry)
{
	return CALL(archive_read_next_header)(archive, entry);
}

la_ssize_t archive_read_data(struct archive *archive, void *buffer, size_t size)
{
	return CALL(archive_read_data)(archive, buffer, size);
}

int archive_read_free(struct archive *archive)
{
	return CALL(archive_read_free)(archive);
}

int archive_format(struct archive *archive)
{
	return CALL(archive_format)(archive);
}

const char *archive_error_string(struct archive *archive)
{
	return CALL(archive_error_string)(archive);
}

void archive_set_error(struct archive *archive, int err, const char *format, ...)
{
	char text[160];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	CALL(archive_set_error)(archive, err, "%s", text);
}

__LA_MODE_T archive_entry_filetype(struct archive_entry *entry)
{
	return CALL(archive_entry_filetype)(entry);
}

const char *archive_entry_pathname(struct archive_entry *entry)
{
	return CALL(archive_entry_pathname)(entry);
}
