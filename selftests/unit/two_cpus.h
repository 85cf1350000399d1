/* SPDX-License-Identifier: GPL-2.0-only */
/* What two_cpus_test sends: transactions of a few sessions, so that they meet. */
#ifndef XEIR_SELFTESTS_TWO_CPUS_H
#define XEIR_SELFTESTS_TWO_CPUS_H

#include "lib/transaction.h"

#define SLOTS 8 /* sessions that may be up at once */

enum kind {
	CREATE,
	MODIFY, /* other ends of the requester */
	ADD_BEARER,
	DROP_BEARER,
	RELEASE, /* the access ends */
	DELETE,
	THEFT, /* a Modify that names a TEID of another session */
	DATA, /* a user packet either way; what is from here on changes nothing */
	UNANSWERED,
	REFUSED,
	UNSOLICITED, /* a response without a request */

	KINDS
};

struct event {
	enum kind kind;
	__u8 slot;
	__u8 variant; /* of the session's ends */
	__u8 victim; /* which of those with TEIDs that others name */
	__u16 delay; /* before it, in turns of a loop */
	__u32 sequence;
};

struct random {
	__u64 state;
};

/* Less than @n. */
unsigned int random_below(struct random *r, unsigned int n);

/* Of a kind that may change sessions, or of one that does not. */
struct event event_random(struct random *r, bool changes);

/* Send what the event has; how many responses that may change something were among it. */
unsigned int event_send(const struct event *e);

/* Only what changes nothing: its response, which was sent before. */
void event_send_again(const struct event *e);

/* List the handset of a slot or not, until an expiry that no other slot has. */
void slot_list(unsigned int slot, bool listed);

#endif /* XEIR_SELFTESTS_TWO_CPUS_H */
