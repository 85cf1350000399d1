/* SPDX-License-Identifier: GPL-2.0-only */
/* An MSISDN as people write it: E.164, with or without a +, or in national form. */
#ifndef XEIR_NUMBERS_MSISDN_H
#define XEIR_NUMBERS_MSISDN_H

#include "lib/identifier.h"

/*
 * 0, or -1 with *error set. The 0 in front of a number of national form stands for @country, a
 * country code; "": there is none, and such a number is refused.
 */
int msisdn_read(const char *text, size_t len, const char *country, struct xeir_key *key,
		struct identifier_error *error);

#endif /* XEIR_NUMBERS_MSISDN_H */
