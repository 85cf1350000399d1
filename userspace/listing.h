/* SPDX-License-Identifier: GPL-2.0-only */
/* The entries in force, as list prints and save writes them. */
#ifndef XEIR_LISTING_H
#define XEIR_LISTING_H

#include "snapshot.h"

/*
 * By kind, each in the order of their digits; entries whose end has passed are left
 * out, with a word about it. 0 or a negative errno, said why.
 */
int listing_read(struct snapshot *listing);

#endif /* XEIR_LISTING_H */
