/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the programs have stopped and cut since their maps were made, by directive. They count from
 * when their maps were made; `xeir snapshot` keeps it in the journal, so that it outlives them and
 * has days.
 */
#ifndef XEIR_POLICY_ATTEMPTS_H
#define XEIR_POLICY_ATTEMPTS_H

#include <jansson.h>

#include "journal/store.h"

/*
 * {"boot", "list", "directives": [{"directive", "attempts", "packets", "handsets", "last",
 * "up", "cut"}]}: of what a directive lists, the attempts, how many handsets made them at least and
 * when the last of them did, the sessions that are up and not cut, and those that are cut. What an
 * entry of an IMSI or MSISDN stopped is no known handset's, and an entry of a TAC counts as one.
 * NULL after complain().
 */
json_t *attempts_read(struct store *store);

#endif /* XEIR_POLICY_ATTEMPTS_H */
