// SPDX-License-Identifier: GPL-2.0-only
#include "session/session_filter.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xeir/emergency.h>

#include "lib/address.h"
#include "lib/apn.h"
#include "lib/enum_names.h"
#include "lib/identifier.h"
#include "lib/say.h"

/* Values after those of enum xeir_kind. */
enum field {
	FIELD_APN = XEIR_KIND_MAX + 1,
	FIELD_PEER,
};

struct condition {
	unsigned int field;
	union {
		struct xeir_key identifier;
		__u8 apn[XEIR_APN_OCTETS];
		__u8 peer[16];
	};
};

/* The field that the word names; 0: it names none. */
static unsigned int field_of_word(const char *word)
{
	if (!strcmp(word, "apn"))
		return FIELD_APN;
	if (!strcmp(word, "peer"))
		return FIELD_PEER;
	return kind_of_word(word, strlen(word));
}

static int refuse(struct session_filter *filter, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static int refuse(struct session_filter *filter, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(filter->refusal, sizeof(filter->refusal), format, args);
	va_end(args);
	return -EINVAL;
}

static int read_identifier(struct session_filter *filter, const char *text, struct condition *c)
{
	struct identifier_error error;

	if (identifier_read(c->field, text, strlen(text), &c->identifier, &error))
		return refuse(filter, "%s \"%s\": found %s, expected %s", kind_title(c->field),
			      text, error.found, error.expected);
	return 0;
}

static int read_value(struct session_filter *filter, const char *text, struct condition *c)
{
	if (c->field == FIELD_APN && apn_read(text, strlen(text), c->apn))
		return refuse(filter, "apn: found \"%s\", expected a name of " APN_FORMS, text);
	if (c->field == FIELD_PEER && address_read(text, c->peer))
		return refuse(filter, "peer: found \"%s\", expected an IPv4 or IPv6 address", text);
	return c->field <= XEIR_KIND_MAX ? read_identifier(filter, text, c) : 0;
}

/* What follows a word is its value, as an APN may have the name of a word. */
static int read_all(int argc, char **argv, struct session_filter *filter)
{
	unsigned int field = XEIR_KIND_IMEI, word;
	int err = 0;

	for (int i = 1; i < argc && !err; i++) {
		struct condition *c = &filter->conditions[filter->n];

		word = field_of_word(argv[i]);
		if (word && ++i == argc)
			return refuse(filter, "%s needs a value", argv[i - 1]);
		if (word)
			field = word;
		c->field = field;
		err = read_value(filter, argv[i], c);
		filter->fields |= 1u << field;
		filter->n++;
	}
	return err;
}

int session_filter_read(int argc, char **argv, struct session_filter *filter)
{
	memset(filter, 0, sizeof(*filter));
	filter->conditions = calloc(argc, sizeof(*filter->conditions));
	if (!filter->conditions) {
		complain("%s", strerror(ENOMEM));
		return -ENOMEM;
	}
	return read_all(argc, argv, filter);
}

void session_filter_free(struct session_filter *filter)
{
	free(filter->conditions);
}

/* By the rule for emergency APNs: the name, with or without the operator's part behind it. */
static bool has_apn(const __u8 *labels, const __u8 *name)
{
	__u8 same = 0;
	struct xeir_naming naming = {
		.apn = { .bytes = { labels, labels + XEIR_APN_OCTETS },
			 .span = { 0, strnlen((const char *)labels, XEIR_APN_OCTETS) },
			 .to = &same },
		.name = name,
	};

	xeir_repeat(XEIR_APN_OCTETS, xeir_name_step, &naming);
	return same;
}

static bool meets(const struct xeir_session *s, const struct condition *c)
{
	const __u8 *id = c->identifier.id;

	switch (c->field) {
	case XEIR_KIND_IMSI:
		return !memcmp(s->subscriber.imsi, id, XEIR_NUMBER_OCTETS);
	case XEIR_KIND_MSISDN:
		return !memcmp(s->subscriber.msisdn, id, XEIR_NUMBER_OCTETS);
	case FIELD_APN:
		return has_apn(s->subscriber.apn, c->apn);
	case FIELD_PEER:
		return !memcmp(s->peer[XEIR_REQUESTER], c->peer, sizeof(c->peer)) ||
		       !memcmp(s->peer[XEIR_RESPONDER], c->peer, sizeof(c->peer));
	}
	return !memcmp(s->subscriber.imei, id, xeir_key_octets(c->field));
}

bool session_filter_passes(const struct session_filter *filter, const struct xeir_session *s)
{
	unsigned int met = 0;

	for (size_t i = 0; i < filter->n && met != filter->fields; i++)
		if (meets(s, &filter->conditions[i]))
			met |= 1u << filter->conditions[i].field;
	return met == filter->fields;
}
