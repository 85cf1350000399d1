/* SPDX-License-Identifier: GPL-2.0-only */
/* Sightings as CSV (RFC 4180), which is also what save writes. */
#ifndef XEIR_SIGHTING_CSV_H
#define XEIR_SIGHTING_CSV_H

#include <stdio.h>

#include "sighting.h"

void sighting_csv_header(FILE *to);
void sighting_csv_print(FILE *to, const struct sighting *sighting);

#endif /* XEIR_SIGHTING_CSV_H */
