/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is claimed of numbers, brought into their order on the disk, so that millions of updates
 * take no more memory than a few. Calls return 0 or a negative errno after complain(), unless
 * said otherwise.
 */
#ifndef XEIR_NUMBERS_NUMBER_UPDATES_H
#define XEIR_NUMBERS_NUMBER_UPDATES_H

#include "numbers/register.h"

#define UPDATE_WHY 256

struct number_update {
	struct xeir_key msisdn;
	struct xeir_key imsi, imei; /* that it was seen with; kind 0: not said */
	uint32_t directive; /* 0: all that it is under */
	enum number_state state;
	uint32_t due, date;
	unsigned int line, column; /* of its file */
	char why[UPDATE_WHY];
};

struct number_updates {
	struct store store; /* of its own, a file without a name */
	sqlite3_stmt *put, *next, *touch, *next_touched;
	size_t n;
};

int number_updates_open(struct number_updates *updates);
int number_updates_put(struct number_updates *updates, const struct number_update *update);
int number_updates_clear(struct number_updates *updates);

/* 1: the next by MSISDN, directive, IMSI, IMEI and line, 0: there are no more. */
int number_updates_next(struct number_updates *updates, struct number_update *update);

/* The walk begins anew, and nothing is touched. */
int number_updates_rewind(struct number_updates *updates);

/* IMSIs to come back to, each once and in order: 1, or 0: there are no more. */
int number_updates_touch(struct number_updates *updates, const struct xeir_key *imsi);
int number_updates_next_touched(struct number_updates *updates, struct xeir_key *imsi);

void number_updates_close(struct number_updates *updates);

#endif /* XEIR_NUMBERS_NUMBER_UPDATES_H */
