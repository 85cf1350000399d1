/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * GTPv2-C messages for the test peers, written and read by hand (TS 29.274),
 * apart from xeir/gtpc.h on purpose: what checks a parser must not share it.
 */
#ifndef XEIR_SELFTESTS_GTP2_H
#define XEIR_SELFTESTS_GTP2_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define GTP2_PORT		"2123"
#define GTP2_USER_PORT		"2152"
#define GTP2_BYTES_MAX		2048

enum gtp2_type {
	GTP2_ECHO_REQUEST		= 1,
	GTP2_ECHO_RESPONSE		= 2,
	GTP2_CREATE_SESSION_REQUEST	= 32,
	GTP2_CREATE_SESSION_RESPONSE	= 33,
	GTP2_MODIFY_BEARER_REQUEST	= 34,
	GTP2_MODIFY_BEARER_RESPONSE	= 35,
	GTP2_DELETE_SESSION_REQUEST	= 36,
	GTP2_DELETE_SESSION_RESPONSE	= 37,
	GTP2_CREATE_BEARER_REQUEST	= 95,
	GTP2_CREATE_BEARER_RESPONSE	= 96,
	GTP2_DELETE_BEARER_REQUEST	= 99,
	GTP2_DELETE_BEARER_RESPONSE	= 100,
};

enum gtp2_ie_type {
	GTP2_IMSI		= 1,
	GTP2_CAUSE		= 2,
	GTP2_RECOVERY		= 3,
	GTP2_APN		= 71,
	GTP2_AMBR		= 72,
	GTP2_EBI		= 73,
	GTP2_MEI		= 75,
	GTP2_MSISDN		= 76,
	GTP2_PAA		= 79,
	GTP2_BEARER_QOS		= 80,
	GTP2_RAT_TYPE		= 82,
	GTP2_SERVING_NETWORK	= 83,
	GTP2_BEARER_TFT		= 84,
	GTP2_F_TEID		= 87,
	GTP2_BEARER_CONTEXT	= 93,
	GTP2_PDN_TYPE		= 99,
	GTP2_APN_RESTRICTION	= 127,
	GTP2_SELECTION_MODE	= 128,
	GTP2_PRIVATE_EXTENSION	= 255,
};

/* Interface types of an F-TEID, TS 29.274 cl. 8.22. */
#define GTP2_S5_U_SGW		4
#define GTP2_S5_U_PGW		5
#define GTP2_S5_C_SGW		6
#define GTP2_S5_C_PGW		7

#define GTP2_CAUSE_ACCEPTED	16
#define GTP2_CAUSE_NO_CONTEXT	64
#define GTP2_PDN_IPV4		1

struct gtp2_msg {
	uint8_t bytes[GTP2_BYTES_MAX];
	size_t len;
};

/* The header of a message that was received, and where its IEs are. */
struct gtp2_view {
	uint8_t type;
	uint32_t teid;		/* 0 where the header has none */
	uint32_t seq;
	const uint8_t *ies;
	size_t ies_len;
};

static inline void gtp2_add(struct gtp2_msg *m, const void *bytes, size_t len)
{
	if (len > sizeof(m->bytes) - m->len)
		len = sizeof(m->bytes) - m->len;
	memcpy(m->bytes + m->len, bytes, len);
	m->len += len;
}

static inline void gtp2_add_number(struct gtp2_msg *m, uint32_t n, int octets)
{
	while (octets--) {
		uint8_t o = n >> (8 * octets);

		gtp2_add(m, &o, 1);
	}
}

/* Only Echo has no TEID in its header. */
static inline void gtp2_begin(struct gtp2_msg *m, enum gtp2_type type, uint32_t teid, uint32_t seq)
{
	int echo = type == GTP2_ECHO_REQUEST || type == GTP2_ECHO_RESPONSE;

	m->len = 0;
	gtp2_add_number(m, echo ? 0x40 : 0x48, 1);
	gtp2_add_number(m, type, 1);
	gtp2_add_number(m, 0, 2);
	if (!echo)
		gtp2_add_number(m, teid, 4);
	gtp2_add_number(m, seq << 8, 4);
}

static inline void gtp2_end(struct gtp2_msg *m)
{
	m->bytes[2] = (m->len - 4) >> 8;
	m->bytes[3] = m->len - 4;
}

static inline void gtp2_add_ie(struct gtp2_msg *m, enum gtp2_ie_type type, uint8_t instance,
			       const void *value, size_t len)
{
	gtp2_add_number(m, type, 1);
	gtp2_add_number(m, len, 2);
	gtp2_add_number(m, instance, 1);
	gtp2_add(m, value, len);
}

static inline void gtp2_add_octet_ie(struct gtp2_msg *m, enum gtp2_ie_type type, uint8_t value)
{
	gtp2_add_ie(m, type, 0, &value, 1);
}

/* Digits as TBCD, low nibble first; an odd number of them is filled up with F. */
static inline void gtp2_add_digits_ie(struct gtp2_msg *m, enum gtp2_ie_type type,
				      const char *digits)
{
	uint8_t value[8] = {};
	size_t i, n = strlen(digits);

	for (i = 0; i < n && i < 2 * sizeof(value); i++)
		value[i / 2] |= (digits[i] - '0') << (i % 2 ? 4 : 0);
	if (i % 2)
		value[i / 2] |= 0xf0;
	gtp2_add_ie(m, type, 0, value, (i + 1) / 2);
}

static inline void gtp2_add_f_teid_ie(struct gtp2_msg *m, uint8_t instance, uint8_t interface,
				      uint32_t teid, const struct sockaddr_storage *addr)
{
	struct gtp2_msg value = {};

	gtp2_add_number(&value, (addr->ss_family == AF_INET ? 0x80 : 0x40) | interface, 1);
	gtp2_add_number(&value, teid, 4);
	if (addr->ss_family == AF_INET)
		gtp2_add(&value, &((const struct sockaddr_in *)addr)->sin_addr, 4);
	else
		gtp2_add(&value, &((const struct sockaddr_in6 *)addr)->sin6_addr, 16);
	gtp2_add_ie(m, GTP2_F_TEID, instance, value.bytes, value.len);
}

static inline uint32_t gtp2_number(const uint8_t *bytes, int octets)
{
	uint32_t n = 0;

	while (octets--)
		n = n << 8 | *bytes++;
	return n;
}

/* NULL, or the sentence that says what is wrong with the message. */
static inline const char *gtp2_read(struct gtp2_view *v, const uint8_t *bytes, size_t len)
{
	size_t header;

	if (len < 8)
		return "shorter than a GTPv2 header";
	if (bytes[0] >> 5 != 2)
		return "not GTP version 2";
	header = bytes[0] & 0x08 ? 12 : 8;
	if (len < header || gtp2_number(bytes + 2, 2) + 4 != len)
		return "its length field differs from the datagram's length";
	v->type = bytes[1];
	v->teid = header == 12 ? gtp2_number(bytes + 4, 4) : 0;
	v->seq = gtp2_number(bytes + header - 4, 3);
	v->ies = bytes + header;
	v->ies_len = len - header;
	return NULL;
}

/* The value of the IE that @n others of its kind stand in front of, or NULL. */
static inline const uint8_t *gtp2_nth_ie(const struct gtp2_view *v, enum gtp2_ie_type type,
					 uint8_t instance, int n, size_t *len)
{
	size_t at = 0;

	while (v->ies_len - at >= 4) {
		const uint8_t *ie = v->ies + at;

		*len = gtp2_number(ie + 1, 2);
		if (*len > v->ies_len - at - 4)
			break;
		if (ie[0] == type && (ie[3] & 0x0f) == instance && !n--)
			return ie + 4;
		at += 4 + *len;
	}
	return NULL;
}

static inline const uint8_t *gtp2_find_ie(const struct gtp2_view *v, enum gtp2_ie_type type,
					  uint8_t instance, size_t *len)
{
	return gtp2_nth_ie(v, type, instance, 0, len);
}

#endif /* XEIR_SELFTESTS_GTP2_H */
