/* SPDX-License-Identifier: GPL-2.0-only */
/* Sessions by whose they are, where they lead, and who signals: imei IMEI... apn NAME... */
#ifndef XEIR_SESSION_SESSION_FILTER_H
#define XEIR_SESSION_SESSION_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <xeir/maps.h>

#include "cmd/verb.h"

#define SESSION_FILTER_USAGE                                        \
	"[IMEI...] [tac TAC...] [imsi IMSI...] [msisdn MSISDN...] " \
	"[apn NAME...] [peer ADDRESS...]"

struct session_filter {
	struct condition *conditions;
	size_t n;
	unsigned int fields;	/* bit n: a condition on enum field n */
};

/* The arguments of @verb; EXIT_DONE, or another status after saying why. */
int session_filter_read(const struct verb *verb, int argc, char **argv,
			struct session_filter *filter);
void session_filter_free(struct session_filter *filter);

/* For each word that was given, one of its values is the session's. */
bool session_filter_passes(const struct session_filter *filter, const struct xeir_session *s);

#endif /* XEIR_SESSION_SESSION_FILTER_H */
