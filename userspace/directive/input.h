/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The text of a file, unpacked from gzip, zstd or zip if its first octets are those of
 * one of these. It is read once and in order, so that it may come through a pipe.
 */
#ifndef XEIR_DIRECTIVE_INPUT_H
#define XEIR_DIRECTIVE_INPUT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define INPUT_DIGEST 32
#define INPUT_SIGNED 64

struct input;

/* What a file in a zip is, by its name. */
enum input_part {
	INPUT_WHOLE,	/* all that there is to read */
	INPUT_PART,	/* one of several, a text each */
	INPUT_PASSED,	/* skipped */
};

/* @path "-" is stdin. NULL: errno is set. */
struct input *input_open(const char *path, enum input_part (*part)(const char *name, void *arg),
			 void *arg);

/* Go on to the next text, when this one has ended: 1, or 0: there is none. */
int input_next(struct input *input);

/* Is the text one of several? */
bool input_is_part(const struct input *input);

/* Was a file skipped? */
bool input_has_passed(const struct input *input);

/* Its text; see input_error() when this has an error. */
FILE *input_text(struct input *input);

/* What the file is called, without its folders; of a zip, the file in it. */
const char *input_name(const struct input *input);

/* -errno: the file cannot be read; -EBADMSG: it is damaged, see @found. */
int input_error(const struct input *input, const char **found, const char **expected);

/* Read what follows the text, for the digest (SHA-256) and the size of the file itself. */
int input_finish(struct input *input, unsigned char digest[INPUT_DIGEST], uint64_t *size);

/* Then also its BLAKE2b-512, which is what minisign signs. */
void input_signed(struct input *input, unsigned char digest[INPUT_SIGNED]);

/* Also the text. */
void input_close(struct input *input);

#endif /* XEIR_DIRECTIVE_INPUT_H */
