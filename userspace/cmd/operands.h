/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers on a command line: IMEI... tac TAC... imsi IMSI..., and what is said of them. */
#ifndef XEIR_CMD_OPERANDS_H
#define XEIR_CMD_OPERANDS_H

#include "cmd/verb.h"
#include "transport/transport.h"

struct named {
	struct xeir_key *keys;
	const char **texts;	/* as given */
	size_t n;
	struct xeir_side side;	/* the default action, unless words say otherwise */
};

/*
 * Read the arguments of @verb. @words: `action` and `expiry` may stand among them.
 * EXIT_DONE, or EXIT_BAD after saying why.
 */
int named_read(const struct verb *verb, int argc, char **argv, bool words, struct named *named);
void named_free(struct named *named);

#endif /* XEIR_CMD_OPERANDS_H */
