/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is claimed of numbers, brought into their order on the disk, so that millions of claims
 * take no more memory than a few. Calls return 0 or a negative errno after complain(), unless
 * said otherwise.
 */
#ifndef XEIR_NUMBERS_NUMBER_UPDATES_H
#define XEIR_NUMBERS_NUMBER_UPDATES_H

#include "numbers/register.h"

#define CLAIM_WHY 256

struct claim {
	struct xeir_key msisdn;
	struct xeir_key imsi, imei; /* that it was seen with; kind 0: not said */
	uint32_t directive; /* 0: all that it is under */
	enum number_state state;
	uint32_t due, date;
	unsigned int line, column; /* of its file */
	char why[CLAIM_WHY];
};

struct claims {
	struct store store; /* of its own, a file without a name */
	sqlite3_stmt *put, *next, *touch, *next_touched;
	size_t n;
};

int claims_open(struct claims *claims);
int claims_put(struct claims *claims, const struct claim *claim);
int claims_clear(struct claims *claims);

/* 1: the next by MSISDN, directive, IMSI, IMEI and line, 0: there are no more. */
int claims_next(struct claims *claims, struct claim *claim);

/* The walk begins anew, and nothing is touched. */
int claims_rewind(struct claims *claims);

/* IMSIs to come back to, each once and in order: 1, or 0: there are no more. */
int claims_touch(struct claims *claims, const struct xeir_key *imsi);
int claims_next_touched(struct claims *claims, struct xeir_key *imsi);

void claims_close(struct claims *claims);

#endif /* XEIR_NUMBERS_NUMBER_UPDATES_H */
