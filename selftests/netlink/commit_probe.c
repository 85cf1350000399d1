// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lists one handset through the module, without anything of the tool's.
 *
 *	commit_probe IMEI [die]		its first 14 digits count
 *
 * Prints "N cut, N freed" as COMMIT responds. With die, it is killed as soon as COMMIT is sent.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "netlink/nl_client.h"

static struct xeir_key handset(const char *digits)
{
	struct xeir_key key = { .kind = XEIR_KIND_IMEI };

	for (int i = 0; i < XEIR_IMEI_OCTETS; i++)
		key.id[i] = (digits[2 * i] - '0') | (digits[2 * i + 1] - '0') << 4;
	return key;
}

static int failed(const char *what, const struct reply *a)
{
	fprintf(stderr, "%s: %s: %s\n", what, strerror(-a->error), a->why);
	return 1;
}

static int commit(struct client *c)
{
	struct reply a = command(c, XEIR_CMD_COMMIT);

	if (a.error)
		return failed("COMMIT", &a);
	if (!a.has[XEIR_A_CUT] || !a.has[XEIR_A_FREED]) {
		fprintf(stderr, "COMMIT has not swept\n");
		return 1;
	}
	printf("%u cut, %u freed\n", a.value[XEIR_A_CUT], a.value[XEIR_A_FREED]);
	return 0;
}

int main(int argc, char **argv)
{
	struct xeir_side side = { .action = XEIR_ACTION_DROP };
	struct xeir_key key;
	struct client *c;
	struct reply a;

	if (argc < 2 || strspn(argv[1], "0123456789") < 2 * XEIR_IMEI_OCTETS)
		return 2;
	c = client_open();
	if (!c) {
		fprintf(stderr, "the module is not loaded\n");
		return 1;
	}
	a = command(c, XEIR_CMD_BEGIN);
	if (a.error)
		return failed("BEGIN", &a);
	key = handset(argv[1]);
	a = put(c, &key, &side);
	if (a.error)
		return failed("PUT", &a);
	if (argc == 2)
		return commit(c);
	submit(c, request(c, XEIR_CMD_COMMIT, 0));
	raise(SIGKILL);
	return 1;
}
