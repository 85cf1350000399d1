// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "directive/sidecar.h"
#include "lib/decimal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium/utils.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "lib/quote.h"
#include "lib/say.h"

#define TEXT_MAX 4096
#define DIGEST_TEXT (2 * INPUT_DIGEST)

/* A file of this name, as text: its length, or -errno. What is no regular file might never end. */
static ssize_t read_sidecar(const char *path, const char *suffix, char name[PATH_MAX],
			    char text[TEXT_MAX])
{
	struct stat stat;
	ssize_t n;
	int fd, err;

	snprintf(name, PATH_MAX, "%s%s", path, suffix);
	fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	err = fstat(fd, &stat) ? -errno : 0;
	n = err ? 0 : TEMP_FAILURE_RETRY(read(fd, text, TEXT_MAX - 1));
	if (n < 0)
		err = -errno;
	close(fd);
	if (!err && !S_ISREG(stat.st_mode))
		err = -EINVAL;
	if (err)
		return err;
	text[n] = '\0';
	return n;
}

/* -ENOENT: there is none, which is fine. */
static int complain_of_sidecar(const char *name, int err)
{
	if (err == -ENOENT)
		return 0;
	complain("%s: %s", name, strerror(-err));
	return -EINVAL;
}

static int check_count(const char *path, size_t n_rows)
{
	char name[PATH_MAX], text[TEXT_MAX], found[QUOTE_TEXT];
	ssize_t len = read_sidecar(path, ".count", name, text);
	__u32 count;

	if (len < 0)
		return complain_of_sidecar(name, len);
	len = strcspn(text, " \r\n");
	if (decimal_read_u32(text, len, &count)) {
		complain("%s: found %s, expected how many rows %s has", name,
			 quote(found, text, len), path);
		return -EINVAL;
	}
	if (count == n_rows)
		return 0;
	complain("%s: found %zu rows, expected %u as in %s; nothing is applied", path, n_rows,
		 count, name);
	return -EINVAL;
}

static bool is_digest(const char *text)
{
	return strspn(text, "0123456789abcdefABCDEF") == DIGEST_TEXT;
}

/* The digest in the line of @base, or one that stands alone; NULL: neither is there. */
static const char *find_digest(char *text, const char *base)
{
	for (char *line; (line = strsep(&text, "\n"));) {
		char *name = line + strcspn(line, " \r"), *slash;

		if (!is_digest(line))
			continue;
		name[strcspn(name, "\r")] = '\0';
		slash = strrchr(name, '/');
		name += strspn(name, " *");
		if (!*name || !strcmp(slash ? slash + 1 : name, base))
			return line;
	}
	return NULL;
}

static int check_digest(const char *path, const unsigned char digest[INPUT_DIGEST])
{
	char name[PATH_MAX], text[TEXT_MAX], hex[DIGEST_TEXT + 1];
	ssize_t len = read_sidecar(path, ".sha256", name, text);
	const char *expected;

	if (len < 0)
		return complain_of_sidecar(name, len);
	expected = find_digest(text, basename(path));
	if (!expected) {
		complain("%s: found no SHA-256 of %s, expected a line as of sha256sum", name,
			 basename(path));
		return -EINVAL;
	}
	sodium_bin2hex(hex, sizeof(hex), digest, INPUT_DIGEST);
	if (!strncasecmp(hex, expected, DIGEST_TEXT))
		return 0;
	complain("%s: found SHA-256 %s, expected %.64s as in %s; nothing is applied", path, hex,
		 expected, name);
	return -EINVAL;
}

int sidecar_check(const char *path, const struct metadata *metadata, size_t n_rows)
{
	int err;

	/* stdin has no sidecar files */
	if (!strcmp(path, "-"))
		return 0;
	err = check_digest(path, metadata->digest);
	return err ? err : check_count(path, n_rows);
}
