/* SPDX-License-Identifier: GPL-2.0-only */
/* Values of generated IEs, and the chance that they come from. */
#ifndef XEIR_GENERATED_VALUES_H
#define XEIR_GENERATED_VALUES_H

#include <stddef.h>
#include <stdint.h>

#define GENERATED_IMEIS	1000	/* handsets that the frames are of */

void generated_seed(uint64_t seed);

/* A number below @n, which must not be 0. */
unsigned int chance(unsigned int n);

/* The IMEISV of a handset, as its IE has it. */
void generated_imei(unsigned int handset, unsigned char octets[8]);

struct value {
	unsigned char octets[1024];
	size_t len;
};

void fill(unsigned char *octets, size_t n);

/* So many decimal digits, low nibble first, and the filler; octets written. */
size_t fill_digits(unsigned char *octets, unsigned int digits);

/* Identities, of 9 octets at most, and an APN; octets written. */
size_t fill_imei(unsigned char *octets);
size_t fill_imsi(unsigned char *octets);
size_t fill_msisdn(unsigned char *octets);
size_t fill_apn(unsigned char *octets);

/* MM Contexts: of GTPv2, types 103 to 108, and of GTPv1. */
void fill_context_v2(struct value *v, unsigned char type);
void fill_context_v1(struct value *v);

#endif /* XEIR_GENERATED_VALUES_H */
