// SPDX-License-Identifier: GPL-2.0-only
#include "trust/minisign.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lib/quote.h"

#define UNTRUSTED "untrusted comment: "
#define TRUSTED "trusted comment: "

/* On the lines, before base64. */
#define KEY_OCTETS (2 + MINISIGN_ID + crypto_sign_PUBLICKEYBYTES)
#define SIGNATURE_OCTETS (2 + MINISIGN_ID + crypto_sign_BYTES)
#define SECRET_OCTETS 158

#define BASE64_LEN(octets) (((octets) + 2) / 3 * 4)

int minisign_file(const char *path, struct minisign_text *text)
{
	FILE *in = fopen(path, "re");
	int err = 0;

	if (!in)
		return -errno;
	text->len = fread(text->octets, 1, sizeof(text->octets), in);
	if (ferror(in))
		err = -errno;
	fclose(in);
	return err;
}

struct line {
	const char *text, *next, *end; /* @end: of the file */
	size_t len;
	unsigned int number;
};

static int next_line(struct line *line, struct faults *faults, const char *expected)
{
	const char *text = line->next, *end, *nul;

	line->number++;
	if (text == line->end)
		return fault(faults, line->number, 1, "found the end of the file, expected %s",
			     expected);
	end = memchr(text, '\n', line->end - text);
	line->next = end ? end + 1 : line->end;
	line->text = text;
	line->len = (end ? end : line->end) - text;
	while (line->len && text[line->len - 1] == '\r')
		line->len--;
	nul = memchr(text, '\0', line->len);
	if (nul)
		return fault(faults, line->number, nul - text + 1,
			     "found a NUL octet, expected text");
	return 0;
}

static int read_comment(struct line *line, struct faults *faults, const char *start)
{
	char found[QUOTE_TEXT], expected[32];
	int err;

	snprintf(expected, sizeof(expected), "\"%s\"", start);
	err = next_line(line, faults, expected);
	if (err)
		return err;
	if (line->len < strlen(start) || memcmp(line->text, start, strlen(start)) != 0)
		return fault(faults, line->number, 1, "found %s, expected %s",
			     quote(found, line->text, line->len), expected);
	line->text += strlen(start);
	line->len -= strlen(start);
	return 0;
}

static int read_base64(struct line *line, struct faults *faults, unsigned char *octets, size_t n)
{
	char found[QUOTE_TEXT], expected[48];
	const char *stop = NULL;
	size_t len;
	int err;

	snprintf(expected, sizeof(expected), "%zu characters of base64", BASE64_LEN(n));
	err = next_line(line, faults, expected);
	if (err)
		return err;
	if (line->len == BASE64_LEN(n) &&
	    !sodium_base642bin(octets, n, line->text, line->len, NULL, &len, &stop,
			       sodium_base64_VARIANT_ORIGINAL) &&
	    stop == line->text + line->len && len == n)
		return 0;
	if (line->len != BASE64_LEN(n))
		return fault(faults, line->number, 1, "found %zu characters, expected %s",
			     line->len, expected);
	if (stop == line->text + line->len)
		stop--;
	return fault(faults, line->number, stop - line->text + 1, "found %s, expected %s",
		     quote(found, stop, 1), expected);
}

static int read_end(struct line *line, struct faults *faults)
{
	char found[QUOTE_TEXT];
	int err = 0;

	while (!err && line->next < line->end) {
		err = next_line(line, faults, "");
		if (!err && line->len)
			err = fault(faults, line->number, 1,
				    "found %s, expected the end of the file",
				    quote(found, line->text, line->len));
	}
	return err;
}

/* Both kinds of file begin with a comment that is not signed. */
static int begin(const struct minisign_text *text, struct faults *faults, struct line *line)
{
	*line = (struct line){ .next = text->octets, .end = text->octets + text->len };
	if (text->len == sizeof(text->octets))
		return fault(faults, 1, 1, "found over %d octets, expected a few lines",
			     MINISIGN_FILE_MAX - 1);
	return read_comment(line, faults, UNTRUSTED);
}

/* A secret key is reported as such: its owner must learn where it is. */
static int fault_of_secret(const struct line *line, struct faults *faults)
{
	const char *end = memchr(line->next, '\n', line->end - line->next);
	size_t len = (end ? end : line->end) - line->next;

	if (len < BASE64_LEN(SECRET_OCTETS))
		return 0;
	return fault(faults, line->number + 1, 1,
		     "found a secret key, which is to stay with its owner, expected a public key");
}

static void take_key(const unsigned char octets[KEY_OCTETS], struct minisign_key *key)
{
	memcpy(key->id, octets + 2, sizeof(key->id));
	memcpy(key->octets, octets + 2 + sizeof(key->id), sizeof(key->octets));
}

int minisign_read_key(const struct minisign_text *text, struct faults *faults,
		      struct minisign_key *key)
{
	unsigned char octets[KEY_OCTETS];
	char found[QUOTE_TEXT];
	struct line line;
	int err = begin(text, faults, &line);

	if (!err)
		err = fault_of_secret(&line, faults);
	if (!err)
		err = read_base64(&line, faults, octets, sizeof(octets));
	if (err)
		return err;
	if (memcmp(octets, "Ed", 2) != 0)
		return fault(faults, line.number, 1, "found algorithm %s, expected \"Ed\"",
			     quote(found, (char *)octets, 2));
	take_key(octets, key);
	if (!crypto_core_ed25519_is_valid_point(key->octets))
		return fault(faults, line.number, 1,
			     "found octets that are no point of the curve, expected a key");
	return read_end(&line, faults);
}

static int read_trusted(struct line *line, struct faults *faults, char *comment)
{
	int err = read_comment(line, faults, TRUSTED);

	if (err)
		return err;
	if (line->len > MINISIGN_COMMENT_MAX)
		return fault(faults, line->number, 1,
			     "found a comment of %zu octets, expected %d at most", line->len,
			     MINISIGN_COMMENT_MAX);
	memcpy(comment, line->text, line->len);
	comment[line->len] = '\0';
	return 0;
}

int minisign_read_signature(const struct minisign_text *text, struct faults *faults,
			    struct minisign_signature *signature)
{
	unsigned char octets[SIGNATURE_OCTETS];
	char found[QUOTE_TEXT];
	struct line line;
	int err = begin(text, faults, &line);

	if (!err)
		err = read_base64(&line, faults, octets, sizeof(octets));
	if (err)
		return err;
	if (memcmp(octets, "Ed", 2) != 0 && memcmp(octets, "ED", 2) != 0)
		return fault(faults, line.number, 1,
			     "found algorithm %s, expected \"Ed\" or \"ED\"",
			     quote(found, (char *)octets, 2));
	signature->prehashed = octets[1] == 'D';
	memcpy(signature->id, octets + 2, sizeof(signature->id));
	memcpy(signature->signature, octets + 2 + sizeof(signature->id),
	       sizeof(signature->signature));
	err = read_trusted(&line, faults, signature->comment);
	if (!err)
		err = read_base64(&line, faults, signature->global, sizeof(signature->global));
	return err ? err : read_end(&line, faults);
}

bool minisign_signed(const struct minisign_signature *signature, const struct minisign_key *key,
		     const void *octets, size_t len)
{
	return !crypto_sign_verify_detached(signature->signature, octets, len, key->octets);
}

bool minisign_signed_comment(const struct minisign_signature *signature,
			     const struct minisign_key *key)
{
	unsigned char octets[crypto_sign_BYTES + MINISIGN_COMMENT_MAX];
	size_t len = strlen(signature->comment);

	memcpy(octets, signature->signature, crypto_sign_BYTES);
	memcpy(octets + crypto_sign_BYTES, signature->comment, len);
	return !crypto_sign_verify_detached(signature->global, octets, crypto_sign_BYTES + len,
					    key->octets);
}

const char *minisign_key_text(const struct minisign_key *key, char text[MINISIGN_KEY_TEXT])
{
	unsigned char octets[KEY_OCTETS] = "Ed";

	memcpy(octets + 2, key->id, sizeof(key->id));
	memcpy(octets + 2 + sizeof(key->id), key->octets, sizeof(key->octets));
	return sodium_bin2base64(text, MINISIGN_KEY_TEXT, octets, sizeof(octets),
				 sodium_base64_VARIANT_ORIGINAL);
}

int minisign_key_of_text(const char *text, struct minisign_key *key)
{
	unsigned char octets[KEY_OCTETS];
	size_t len;

	if (sodium_base642bin(octets, sizeof(octets), text, strlen(text), NULL, &len, NULL,
			      sodium_base64_VARIANT_ORIGINAL) ||
	    len != sizeof(octets))
		return -EINVAL;
	take_key(octets, key);
	return 0;
}

const char *minisign_id_text(const unsigned char id[MINISIGN_ID], char text[MINISIGN_ID_TEXT])
{
	for (size_t i = 0; i < MINISIGN_ID; i++)
		sprintf(text + 2 * i, "%02X", id[MINISIGN_ID - 1 - i]);
	return text;
}
