/* SPDX-License-Identifier: GPL-2.0-only */
/* What the programs record of handsets that set up sessions. */
#ifndef XEIR_SESSION_SIGHTING_H
#define XEIR_SESSION_SIGHTING_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <xeir/maps.h>

#include "lib/dates.h"
#include "lib/gtp_text.h"
#include "lib/location.h"
#include "lib/identifier.h"

struct sighting {
	struct xeir_sighting_key key;
	struct xeir_sighting seen;
};

/* As text; "": not given. */
struct sighting_text {
	char imei[IDENTIFIER_TEXT];
	char svn[4]; /* software version, of an IMEISV */
	char imsi[IDENTIFIER_TEXT];
	char msisdn[IDENTIFIER_TEXT];
	char first[DATE_TEXT], last[DATE_TEXT]; /* by the wall clock */
	char apn[GTP_TEXT_APN];
	char rat[RAT_TEXT];
	char uli[2 * XEIR_ULI_OCTETS + 1]; /* as sent, in hex */
	char location[LOCATION_TEXT];
};

void sighting_text(const struct sighting *sighting, struct sighting_text *text);

/* The handset, or an identifier that came with it, as a key of the list. */
struct xeir_key sighting_key(const struct sighting *sighting, __u8 kind);

/* Do the pinned programs record them? Reports nothing. */
bool sightings_supported(void);

/* Each once, as by map_iterate(); 0, what @each returned, or -errno after complain(). */
int sightings_iterate(int (*each)(const struct sighting *sighting, void *arg), void *arg);

/* Remove all, *n of them, once none is added any more; 0 or -errno after complain(). */
int sightings_forget(size_t *n);

#endif /* XEIR_SESSION_SIGHTING_H */
