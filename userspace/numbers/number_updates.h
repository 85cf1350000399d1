/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Updates of numbers, sorted in a temporary database, so that millions of them need no more memory
 * than a few. Calls return 0 or a negative errno after complain(), unless said otherwise.
 */
#ifndef XEIR_NUMBERS_NUMBER_UPDATES_H
#define XEIR_NUMBERS_NUMBER_UPDATES_H

#include "numbers/register.h"

#define UPDATE_WHY 256

struct number_update {
	struct xeir_key msisdn;
	struct xeir_key imsi, imei; /* that it was seen with; kind 0: not known */
	uint32_t directive; /* 0: all under which it is */
	enum number_state state;
	uint32_t due, date;
	unsigned int line, column; /* of its file */
	char why[UPDATE_WHY];
};

struct number_updates {
	struct store store; /* a temporary database */
	sqlite3_stmt *put, *next, *touch, *next_touched;
	size_t n;
};

int number_updates_open(struct number_updates *updates);
int number_updates_put(struct number_updates *updates, const struct number_update *update);
int number_updates_clear(struct number_updates *updates);

/* 1: the next by MSISDN, directive, IMSI, IMEI and line, 0: there are no more. */
int number_updates_next(struct number_updates *updates, struct number_update *update);

/* Begin again with the first update, and forget the touched IMSIs. */
int number_updates_rewind(struct number_updates *updates);

/* IMSIs whose entries may change, each once and sorted: 1, or 0: there are no more. */
int number_updates_touch(struct number_updates *updates, const struct xeir_key *imsi);
int number_updates_next_touched(struct number_updates *updates, struct xeir_key *imsi);

void number_updates_close(struct number_updates *updates);

#endif /* XEIR_NUMBERS_NUMBER_UPDATES_H */
