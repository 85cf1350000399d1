/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the journal has of breakers. A load or sync with --breaker has the limit in its record, and
 * its window is open until a later record ends it: `breaker` undoes the load, `watched` keeps it
 * (with the attempts that were stopped, or null where the maps that counted them are lost).
 *
 * Calls are made in the transaction that is open. They return 0 or a negative errno after
 * complain(), unless said otherwise.
 */
#ifndef XEIR_POLICY_BREAKER_RECORD_H
#define XEIR_POLICY_BREAKER_RECORD_H

#include <jansson.h>
#include <xeir/maps.h>

#include "journal/store.h"

enum breaker_fate {
	BREAKER_UNKNOWN, /* the window is open, or the maps are lost */
	BREAKER_KEPT,
	BREAKER_UNDONE,
};

/* Is the load of @breaker in the journal, with its window open? 1, 0 or a negative errno. */
int breaker_record_is_open(struct store *store, const struct xeir_breaker *breaker);

/* Write the record that undoes the load. */
int breaker_record_undo(struct store *store, const struct xeir_breaker *breaker);

/* Write the record that keeps the load; @stopped is released. */
int breaker_record_watched(struct store *store, const struct xeir_breaker *breaker,
			   json_t *stopped);

/* The first load whose window is open: 1, 0: there is none, or a negative errno. */
int breaker_record_find_lost(struct store *store, struct xeir_breaker *lost, unsigned int *seconds);

/* The id of the last record, which is the one being written; or a negative errno. */
int64_t breaker_record_last(struct store *store);

/* How the window of @record ended. */
int breaker_record_fate(struct store *store, int64_t record, enum breaker_fate *fate);

#endif /* XEIR_POLICY_BREAKER_RECORD_H */
