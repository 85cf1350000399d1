// SPDX-License-Identifier: GPL-2.0-only
#include "directive/foreign.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define UNPACKED "a list, or one in gzip, zstd or zip (unpack it)"
#define AS_CSV "CSV (save the table as CSV, UTF-8)"

#define KIND(octets, found, expected)                     \
	{                                                 \
		octets, sizeof(octets) - 1,               \
		{                                         \
			"a file that is " found, expected \
		}                                         \
	}

static const struct {
	const char *octets;
	size_t len;
	struct foreign foreign;
} kinds[] = {
	KIND("\xfd"
	     "7zXZ\0",
	     "packed with xz", UNPACKED),
	KIND("BZh", "packed with bzip2", UNPACKED),
	KIND("LZIP", "packed with lzip", UNPACKED),
	KIND("\x04\x22\x4d\x18", "packed with lz4", UNPACKED),
	KIND("7z\xbc\xaf\x27\x1c", "packed with 7-Zip", UNPACKED),
	KIND("Rar!\x1a\x07", "packed with RAR", UNPACKED),
	/* what is left when the outer one is unpacked */
	KIND("\x1f\x8b", "packed twice", UNPACKED),
	KIND("\x28\xb5\x2f\xfd", "packed twice", UNPACKED),
	KIND("PK\x03\x04", "packed twice", UNPACKED),
	KIND("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a workbook (xls)", AS_CSV),
	KIND("%PDF-", "a PDF", AS_CSV),
	KIND("SQLite format 3", "a database of SQLite", AS_CSV),
};

#define N_KINDS (sizeof(kinds) / sizeof(*kinds))

#define TAR_MAGIC "ustar"
#define TAR_MAGIC_AT 257

static int begins(const char *text, size_t len, const char *word)
{
	return len >= strlen(word) && !strncasecmp(text, word, strlen(word));
}

static const struct foreign *foreign_markup(const char *text, size_t len)
{
	static const struct foreign page = { "a file that is a web page (HTML)",
					     "a list (download it again), or CSV" };
	static const struct foreign xml = { "a file that is XML", AS_CSV };

	while (len && isspace((unsigned char)*text)) {
		text++;
		len--;
	}
	if (begins(text, len, "<!doctype html") || begins(text, len, "<html"))
		return &page;
	return begins(text, len, "<?xml") ? &xml : NULL;
}

const struct foreign *foreign_text(const char *text, size_t len)
{
	static const struct foreign tar = { "a file that is a tar archive", UNPACKED };

	for (size_t i = 0; i < N_KINDS; i++)
		if (len >= kinds[i].len && !memcmp(text, kinds[i].octets, kinds[i].len))
			return &kinds[i].foreign;
	if (len >= TAR_MAGIC_AT + strlen(TAR_MAGIC) &&
	    !memcmp(text + TAR_MAGIC_AT, TAR_MAGIC, strlen(TAR_MAGIC)))
		return &tar;
	return foreign_markup(text, len);
}

const struct foreign *foreign_member(const char *name)
{
	static const struct foreign office = { "a file that is a workbook (xlsx)", AS_CSV };
	static const struct foreign open = { "a file that is a workbook (ods)", AS_CSV };

	if (!strcmp(name, "[Content_Types].xml") || !strncmp(name, "xl/", strlen("xl/")) ||
	    !strncmp(name, "_rels/", strlen("_rels/")))
		return &office;
	return strcmp(name, "mimetype") ? NULL : &open;
}
