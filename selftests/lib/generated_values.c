// SPDX-License-Identifier: GPL-2.0-only
#include "lib/generated_values.h"

#include <stdbool.h>
#include <string.h>

static uint64_t state;

void generated_seed(uint64_t seed)
{
	state = seed * 2 + 1;
}

/* xorshift64*: the same on every machine, which the C library's is not. */
unsigned int chance(unsigned int n)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (state * 0x2545f4914f6cdd1dULL >> 33) % n;
}

void fill(unsigned char *octets, size_t n)
{
	while (n--)
		*octets++ = chance(256);
}

/* @digits decimal digits, low nibble first, and the filler. */
size_t fill_digits(unsigned char *octets, unsigned int digits)
{
	for (unsigned int i = 0; i < digits; i++) {
		unsigned int digit = chance(10);

		if (i & 1)
			octets[i / 2] = (octets[i / 2] & 0x0f) | digit << 4;
		else
			octets[i / 2] = 0xf0 | digit;
	}
	return (digits + 1) / 2;
}

void generated_imei(unsigned int handset, unsigned char octets[8])
{
	const uint64_t kept = state;

	generated_seed(0x9e3779b97f4a7c15ULL ^ handset);
	for (int i = 0; i < 8; i++)
		chance(2); /* its first steps are alike for seeds that are */
	fill_digits(octets, 16);
	state = kept;
}

/* The forms that an IMEI is sent in, lawful or as seen in the field. */
size_t fill_imei(unsigned char *octets)
{
	generated_imei(chance(GENERATED_IMEIS), octets);
	octets[8] = chance(256);
	switch (chance(24)) {
	case 0:
		return 7; /* 14 digits */
	case 1:
		return 9;
	case 2:
		return 1 + chance(6);
	case 3:
		memset(octets, chance(2) ? 0xff : 0, 8);
		return 8;
	case 4:
		octets[chance(8)] = 0xa0 | chance(10); /* a digit that is none */
		return 8;
	case 5:
		octets[7] = 0;
		return 8;
	}
	if (chance(2))
		octets[7] |= 0xf0; /* 15 digits */
	return 8;
}

size_t fill_imsi(unsigned char *octets)
{
	return fill_digits(octets, chance(4) ? 15 : 6 + chance(9));
}

size_t fill_msisdn(unsigned char *octets)
{
	return fill_digits(octets, 5 + chance(11));
}

size_t fill_apn(unsigned char *octets)
{
	static const char *const apns[] = {
		"\10internet",
		"\3ims\6mnc001\6mcc001\4gprs",
		"\3sos",
		"\3web\5tests\7example",
	};
	const char *apn = apns[chance(sizeof(apns) / sizeof(*apns))];

	memcpy(octets, apn, strlen(apn));
	return strlen(apn);
}

/* --- MM Contexts ----------------------------------------------------------------------------- */

static void put(struct value *v, size_t n)
{
	fill(v->octets + v->len, n);
	v->len += n;
}

static void put_octet(struct value *v, unsigned char octet)
{
	v->octets[v->len++] = octet;
}

static void put_field(struct value *v, size_t n)
{
	put_octet(v, n);
	put(v, n);
}

static void put_quintuplet(struct value *v)
{
	put(v, 16);
	put_field(v, 4 + chance(13));
	put(v, 32);
	put_field(v, 16);
}

static void put_quadruplet(struct value *v)
{
	put(v, 16);
	put_field(v, 4 + chance(13));
	put_field(v, 16);
	put(v, 32);
}

static void put_imei_field(struct value *v)
{
	unsigned char imei[9];
	size_t n = chance(8) ? fill_imei(imei) : 0;

	put_octet(v, n);
	memcpy(v->octets + v->len, imei, n);
	v->len += n;
}

static size_t v2_key_octets(unsigned char type)
{
	return type == 107 ? 38 : type == 103 || type == 105 ? 8 : 32;
}

/* TS 29.274 figures 8.38-1 to 8.38-6, written from there and not from the parser. */
void fill_context_v2(struct value *v, unsigned char type)
{
	bool drx = chance(2), nh = type == 107 && chance(2), subscribed = chance(2);
	bool used = chance(2), old = type == 107 && chance(2);
	/* the decoder goes wrong behind triplets */
	unsigned int vectors = type == 103 ? 0 : chance(3);
	unsigned int quadruplets = type >= 107 ? chance(3) : 0;

	v->len = 0;
	put_octet(v, chance(8) << 5 | nh << 4 | drx << 3 | chance(8));
	put_octet(v,
		  vectors << 5 | quadruplets << 2 | used << 1 | (type == 107 ? old : subscribed));
	put_octet(v, type == 107 ? subscribed << 7 | chance(128) : chance(256));
	put(v, v2_key_octets(type));
	while (quadruplets--)
		put_quadruplet(v);
	while (vectors--)
		put_quintuplet(v);
	put(v, 2 * drx + 33 * nh + 8 * subscribed + 8 * used);
	put_field(v, 2 + chance(6));
	put_field(v, 2 + chance(6));
	put_imei_field(v);
	/* what follows has no part in this: an old security context, and fields without content */
	memset(v->octets + v->len, 0, 14 + 33 * old);
	v->len += 14 + 33 * old;
}

/* The Mobile Identity of TS 24.008: type and first digit in one octet. */
static void put_mobile_identity(struct value *v)
{
	unsigned char imei[9];
	bool sv = chance(2);

	generated_imei(chance(GENERATED_IMEIS), imei);
	if (!sv)
		imei[7] |= 0xf0;
	imei[8] = 0xff;
	put_octet(v, 0x23);
	put_octet(v, sv ? 9 : 8);
	put_octet(v, imei[0] << 4 | (sv ? 0x03 : 0x0a));
	for (int i = 0; i < (sv ? 8 : 7); i++)
		put_octet(v, imei[i] >> 4 | imei[i + 1] << 4);
}

/* TS 29.060 figures 44 to 47. */
void fill_context_v1(struct value *v)
{
	unsigned int mode = chance(4), vectors = chance(4);
	size_t length_at;

	v->len = 0;
	put_octet(v, 0xf8 | chance(7));
	put_octet(v, mode << 6 | vectors << 3 | chance(8));
	put(v, mode & 1 ? 8 : 32);
	if (mode == 1) {
		put(v, 28 * vectors);
	} else {
		length_at = v->len;
		v->len += 2;
		while (vectors--)
			put_quintuplet(v);
		v->octets[length_at] = (v->len - length_at - 2) >> 8;
		v->octets[length_at + 1] = v->len - length_at - 2;
	}
	put(v, 2);
	put_field(v, 2 + chance(4));
	length_at = v->len;
	v->len += 2;
	if (chance(8))
		put_mobile_identity(v);
	v->octets[length_at] = 0;
	v->octets[length_at + 1] = v->len - length_at - 2;
}
