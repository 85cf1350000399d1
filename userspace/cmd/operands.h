/* SPDX-License-Identifier: GPL-2.0-only */
/* Identifiers on a command line: IMEI... tac TAC... imsi IMSI..., with action and expiry. */
#ifndef XEIR_CMD_OPERANDS_H
#define XEIR_CMD_OPERANDS_H

#include "cmd/verb.h"
#include "transport/transport.h"

struct operands {
	struct xeir_key *keys;
	const char **texts;	/* as given; NULL: one of a range of TACs */
	size_t n;
	struct xeir_side side;	/* the default action, unless words say otherwise */
};

/*
 * Read the arguments of @verb. @words: `action` and `expiry` may stand among them.
 * EXIT_DONE, or EXIT_BAD after saying why.
 */
int operands_read(const struct verb *verb, int argc, char **argv, bool words,
		  struct operands *operands);
void operands_free(struct operands *operands);

#endif /* XEIR_CMD_OPERANDS_H */
