// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "directive/input.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <nettle/sha2.h>
#include <sodium/crypto_generichash.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "directive/foreign.h"
#include "lib/gunzip.h"

/* A list of 16 million entries is smaller; what is larger has no end, or is an attack. */
#define TEXT_MAX (1024 * 1024 * 1024)

/* Rows that are all but alike do not shrink as much. */
#define RATIO_MAX 200
#define RATIO_FROM (16 * 1024 * 1024)

struct input {
	int fd;
	struct gunzip *gunzip; /* NULL: the file is not in gzip */
	struct archive *archive;
	enum input_part (*part)(const char *name, void *arg);
	void *arg;
	enum input_part now; /* what the text is */
	bool begun; /* it is */
	bool ended;
	bool more; /* another follows */
	bool passed; /* over one */
	FILE *text;
	struct sha256_ctx hash;
	crypto_generichash_state signed_hash;
	uint64_t size; /* octets that were read of the file */
	uint64_t given; /* of its text, and of what was passed over */
	int err;
	char name[NAME_MAX + 1];
	char found[160];
	const char *expected;
	unsigned char raw[65536];
	unsigned char unpacked[65536];
};

static int refuse(struct input *input, const char *found, const char *expected)
{
	snprintf(input->found, sizeof(input->found), "%s", found);
	input->expected = expected;
	input->err = -EBADMSG;
	return -1;
}

/* Fill the buffer, so that a pipe that gives a little at a time is read alike. */
static ssize_t read_raw(struct input *input)
{
	size_t n = 0;
	ssize_t more = 1;

	while (more > 0 && n < sizeof(input->raw)) {
		size_t room = sizeof(input->raw) - n;

		more = TEMP_FAILURE_RETRY(read(input->fd, input->raw + n, room));
		n += more > 0 ? more : 0;
	}
	if (more < 0) {
		input->err = -errno;
		return -1;
	}
	input->size += n;
	if (input->size > TEXT_MAX)
		return refuse(input, "a file of over 1 GiB", "a list");
	sha256_update(&input->hash, n, input->raw);
	crypto_generichash_update(&input->signed_hash, input->raw, n);
	return n;
}

static int refuse_damage(struct input *input, const char *why)
{
	char found[sizeof(input->found)];

	snprintf(found, sizeof(found), "damaged data (%s)", why ? why : "it cannot be unpacked");
	return refuse(input, found, "a whole file");
}

static ssize_t read_gzip(struct input *input)
{
	z_stream *z = &input->gunzip->stream;
	const char *why;
	ssize_t n;

	for (;;) {
		n = gunzip_more(input->gunzip, input->unpacked, sizeof(input->unpacked), &why);
		if (n < 0)
			return refuse_damage(input, why);
		if (n > 0)
			return n;
		n = read_raw(input);
		if (n < 0)
			return -1;
		if (n == 0 && input->gunzip->within)
			return refuse_damage(input, "gzip that is cut off");
		if (n == 0)
			return 0;
		z->next_in = input->raw;
		z->avail_in = n;
	}
}

/* The first octets show whether the file is in gzip. */
static ssize_t read_first(struct input *input)
{
	ssize_t n = read_raw(input);

	if (n < 0 || !gunzip_is(input->raw, n))
		return n;
	input->gunzip = calloc(1, sizeof(*input->gunzip));
	if (!input->gunzip || gunzip_begin(input->gunzip)) {
		input->err = -ENOMEM;
		return -1;
	}
	input->gunzip->stream.next_in = input->raw;
	input->gunzip->stream.avail_in = n;
	return 0;
}

static ssize_t give_archive(struct archive *archive, void *arg, const void **buffer)
{
	struct input *input = arg;
	ssize_t n = 0;

	*buffer = input->raw;
	if (!input->size)
		n = read_first(input);
	else if (!input->gunzip)
		n = read_raw(input);
	if (!n && input->gunzip) {
		*buffer = input->unpacked;
		n = read_gzip(input);
	}
	if (n < 0)
		archive_set_error(archive, EIO, "cannot be read");
	return n;
}

/* What the library has found wrong, unless what it was given was wrong. */
static int refuse_archive(struct input *input)
{
	return input->err ? -1 : refuse_damage(input, archive_error_string(input->archive));
}

static void set_name(struct input *input, const char *path)
{
	snprintf(input->name, sizeof(input->name), "%s", basename(path));
	/* a stranger's, and it comes into sentences */
	for (char *c = input->name; *c; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
}

static int refuse_foreign(struct input *input, const struct foreign *foreign)
{
	return foreign ? refuse(input, foreign->found, foreign->expected) : 0;
}

/* A folder, or what macOS puts next to each file. */
static bool is_none(struct archive_entry *entry, const char *name)
{
	return archive_entry_filetype(entry) == AE_IFDIR ||
	       !strncmp(name, "__MACOSX/", strlen("__MACOSX/"));
}

static int check_growth(struct input *input)
{
	if (input->given > TEXT_MAX)
		return refuse(input, "a text of over 1 GiB", "a list");
	if (input->given > RATIO_FROM && input->given / RATIO_MAX > input->size)
		return refuse(input, "data that grows over 200 times when it is unpacked",
			      "a list");
	return 0;
}

/* What nobody reads is unpacked all the same, and counts against the limits. */
static int pass_over(struct input *input)
{
	const void *block;
	la_int64_t at;
	size_t n;
	int status;

	while ((status = archive_read_data_block(input->archive, &block, &n, &at)) == ARCHIVE_OK) {
		input->given += n;
		if (check_growth(input))
			return -1;
	}
	return status == ARCHIVE_EOF ? 0 : refuse_archive(input);
}

/* On to the next file in a zip: 1, there is one; 0: there is none; -1. */
static int next_member(struct input *input)
{
	struct archive_entry *entry;
	enum input_part part;
	const char *name;
	int status;

	while ((status = archive_read_next_header(input->archive, &entry)) == ARCHIVE_OK) {
		if (archive_format(input->archive) != ARCHIVE_FORMAT_ZIP)
			return 1;
		name = archive_entry_pathname(entry) ?: "";
		if (is_none(entry, name)) {
			if (pass_over(input))
				return -1;
			continue;
		}
		if (refuse_foreign(input, foreign_member(name)))
			return -1;
		part = input->part(basename(name), input->arg);
		if (part != INPUT_PASSED) {
			input->now = part;
			set_name(input, name);
			return 1;
		}
		input->passed = true;
		if (pass_over(input))
			return -1;
	}
	return status == ARCHIVE_EOF ? 0 : refuse_archive(input);
}

static int check_end(struct input *input)
{
	enum input_part before = input->now;
	int more = next_member(input);

	input->more = more > 0;
	if (more > 0 && (before != INPUT_PART || input->now != INPUT_PART))
		return refuse(input, "more than one file in the zip", "one");
	return more < 0 ? -1 : 0;
}

static ssize_t give_text(void *arg, char *buffer, size_t size)
{
	struct input *input = arg;
	ssize_t n;

	if (input->err)
		return -1;
	if (input->ended)
		return 0;
	n = archive_read_data(input->archive, buffer, size);
	if (n < 0)
		return refuse_archive(input);
	input->given += n;
	if (check_growth(input) ||
	    (!input->begun && refuse_foreign(input, foreign_text(buffer, n))))
		return -1;
	input->begun = true;
	input->ended = !n;
	return n ? n : check_end(input);
}

static int open_archive(struct input *input)
{
	struct archive *archive = archive_read_new();

	input->archive = archive;
	if (!archive || archive_read_support_filter_zstd(archive) ||
	    archive_read_support_format_zip_streamable(archive) ||
	    archive_read_support_format_raw(archive) || archive_read_support_format_empty(archive))
		return -ENOMEM;
	if (archive_read_open(archive, input, NULL, give_archive, NULL))
		refuse_archive(input);
	else
		input->ended = !next_member(input);
	return 0;
}

struct input *input_open(const char *path, enum input_part (*part)(const char *name, void *arg),
			 void *arg)
{
	const cookie_io_functions_t functions = { .read = give_text };
	/* libsodium's state wants more than malloc gives */
	struct input *input = aligned_alloc(_Alignof(struct input), sizeof(*input));

	if (!input)
		return NULL;
	memset(input, 0, sizeof(*input));
	set_name(input, path);
	input->part = part;
	input->arg = arg;
	sha256_init(&input->hash);
	crypto_generichash_init(&input->signed_hash, NULL, 0, INPUT_SIGNED);
	input->fd = strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
	if (input->fd >= 0 && !open_archive(input))
		input->text = fopencookie(input, "r", functions);
	if (input->text)
		return input;
	input_close(input);
	return NULL;
}

int input_next(struct input *input)
{
	if (!input->more)
		return 0;
	input->more = false;
	input->begun = false;
	input->ended = false;
	clearerr(input->text);
	return 1;
}

bool input_is_part(const struct input *input)
{
	return input->now == INPUT_PART;
}

bool input_has_passed(const struct input *input)
{
	return input->passed;
}

FILE *input_text(struct input *input)
{
	return input->text;
}

const char *input_name(const struct input *input)
{
	return input->name;
}

int input_error(const struct input *input, const char **found, const char **expected)
{
	*found = input->found;
	*expected = input->expected;
	return input->err;
}

int input_finish(struct input *input, unsigned char digest[INPUT_DIGEST], uint64_t *size)
{
	ssize_t n;

	do
		n = read_raw(input);
	while (n > 0);
	sha256_digest(&input->hash, INPUT_DIGEST, digest);
	*size = input->size;
	return input->err;
}

void input_signed(struct input *input, unsigned char digest[INPUT_SIGNED])
{
	crypto_generichash_final(&input->signed_hash, digest, INPUT_SIGNED);
}

void input_close(struct input *input)
{
	int err = errno;

	if (input->text)
		fclose(input->text);
	archive_read_free(input->archive);
	if (input->gunzip)
		gunzip_end(input->gunzip);
	free(input->gunzip);
	if (input->fd > STDIN_FILENO)
		close(input->fd);
	free(input);
	errno = err;
}
