/* SPDX-License-Identifier: GPL-2.0-only */
/* Selects sessions by identifier, APN and peer: imei IMEI... apn NAME... */
#ifndef XEIR_SESSION_SESSION_FILTER_H
#define XEIR_SESSION_SESSION_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <xeir/maps.h>

#define SESSION_FILTER_USAGE                                        \
	"[IMEI...] [tac TAC...] [imsi IMSI...] [msisdn MSISDN...] " \
	"[apn NAME...] [peer ADDRESS...]"

struct session_filter {
	struct condition *conditions;
	size_t n;
	unsigned int fields;	/* bit n: a condition on enum field n */
	char refusal[160];	/* of the arguments, for the verb to report */
};

/* From argv[1] on. 0; -EINVAL: see filter->refusal; -ENOMEM after complain(). */
int session_filter_read(int argc, char **argv, struct session_filter *filter);
void session_filter_free(struct session_filter *filter);

/* Does the session have, for each word given, one of its values? */
bool session_filter_passes(const struct session_filter *filter, const struct xeir_session *s);

#endif /* XEIR_SESSION_SESSION_FILTER_H */
