/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The text of a file, out of gzip, zstd or zip when it is in one of these, as its
 * octets say. It is read once and in order, so that it may come through a pipe.
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
	INPUT_PASSED,	/* passed over */
};

/* @path "-" is stdin. NULL: errno says why. */
struct input *input_open(const char *path, enum input_part (*part)(const char *name, void *arg),
			 void *arg);

/* On to the next text, when the present one has ended: 1, 0: there is none. */
int input_next(struct input *input);

/* Is the text one of several? */
bool input_is_part(const struct input *input);

/* Was a file passed over? */
bool input_has_passed(const struct input *input);

/* Its text; when this has an error, input_error() says which. */
FILE *input_text(struct input *input);

/* What the file is called, without its folders; of a zip, the file in it. */
const char *input_name(const struct input *input);

/* -errno, the file cannot be read; -EBADMSG, it is not in order, and what was @found is told. */
int input_error(const struct input *input, const char **found, const char **expected);

/* Read what follows the text, to have the digest (SHA-256) and the size of the file as it lies. */
int input_finish(struct input *input, unsigned char digest[INPUT_DIGEST], uint64_t *size);

/* Then also its BLAKE2b-512, which is what minisign signs. */
void input_signed(struct input *input, unsigned char digest[INPUT_SIGNED]);

/* Also the text. */
void input_close(struct input *input);

#endif /* XEIR_DIRECTIVE_INPUT_H */
