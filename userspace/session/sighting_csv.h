/* SPDX-License-Identifier: GPL-2.0-only */
/* Sightings as CSV (RFC 4180). */
#ifndef XEIR_SESSION_SIGHTING_CSV_H
#define XEIR_SESSION_SIGHTING_CSV_H

#include <stdio.h>

#include "directive/faults.h"
#include "session/sighting.h"

void sighting_csv_header(FILE *to);
void sighting_csv_print(FILE *to, const struct sighting *sighting);

/*
 * Each sighting in @from; invalid lines are added to @faults and skipped. @each
 * returns 0 to go on. 0, what @each returned, or -errno: it cannot be read on.
 */
int sighting_csv_read(FILE *from, struct faults *faults,
		      int (*each)(const struct sighting *sighting, void *arg), void *arg);

#endif /* XEIR_SESSION_SIGHTING_CSV_H */
