// SPDX-License-Identifier: GPL-2.0-only
/* Any octets as a directive. The first one selects the format and the use. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "directive/directive_read.h"
#include "lib/say.h"
#include "lib/opt.h"

#define NEED(condition) ((condition) ? (void)0 : abort())

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	/* faults are printed there; the fuzzer keeps a stderr of its start */
	stderr = fopen("/dev/null", "w");
	return 0;
}

static void check(const struct directive *directive)
{
	for (size_t i = 0; i < directive->n_puts; i++) {
		const struct entry *entry = &directive->puts[i];

		NEED(xeir_key_octets(entry->key.kind));
		NEED(entry->side.action > XEIR_ACTION_PASS &&
		     entry->side.action <= XEIR_ACTION_MAX);
	}
	for (size_t i = 0; i < directive->n_removes; i++)
		NEED(xeir_key_octets(directive->removes[i].kind));
}

int LLVMFuzzerTestOneInput(const __u8 *data, size_t size)
{
	static const char *const formats[] = { NULL, NULL, "plain", "csv", "dirbs", "json" };
	struct directive directive;
	char path[64];
	int fd;

	if (!size)
		return 0;
	fd = memfd_create("directive", MFD_CLOEXEC);
	NEED(fd >= 0 && write(fd, data + 1, size - 1) == (ssize_t)size - 1);
	NEED(lseek(fd, 0, SEEK_SET) == 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	opt.format = formats[*data % 6];
	opt.skip_invalid = *data & 0x40;
	opt.json = *data & 0x80;
	if (!directive_read(path, *data / 6 % 3, XEIR_ACTION_DROP, &directive)) {
		check(&directive);
		directive_free(&directive);
	}
	close(fd);
	return 0;
}
