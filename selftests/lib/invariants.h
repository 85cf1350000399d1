/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The model of session tracking: what must be true of the maps whenever no program is running,
 * whatever messages came before, in whatever order, on however many CPUs.
 *
 * A session is up while it is in xeir_sessions. Its ends are its two control F-TEIDs and those of
 * its bearers; the responder gave all but the requester's control F-TEID and the access ends.
 */
#ifndef XEIR_INVARIANTS_H
#define XEIR_INVARIANTS_H

#include <xeir/maps.h>

enum invariant {
	INVARIANT_ONCE, /* a transaction changes sessions when it is answered, and only once */
	INVARIANT_NOTHING_ELSE, /* and nothing else does */
	INVARIANT_BINDING_UP, /* a binding names only sessions that are up */
	INVARIANT_OWN_ENDS, /* what a requester named for a session is bound to it */
	INVARIANT_HELD, /* and what the responder gave: no requester takes it */
	INVARIANT_BEARERS, /* S.bearers has bit n where bearer n exists, and nowhere else */
	INVARIANT_EMERGENCY, /* nothing of an emergency session is cut */
	INVARIANT_CUT, /* a session is cut, at each of its ends, if and only if the list says so */
	INVARIANT_BITS, /* the bits of TEIDs cover all that are cut */
	INVARIANT_TUNNELS, /* as many TEIDs are cut as are counted */
	INVARIANT_TALLIES, /* as many sessions are up as began and did not end */

	INVARIANTS
};

extern const char *const invariant_names[INVARIANTS];

/*
 * Requesters of other sessions name TEIDs with this bit too: the last one has it, unless the
 * responder gave it.
 */
#define INVARIANTS_CONTESTED 0x80000000U

struct breaches {
	unsigned int found[INVARIANTS]; /* checks that found one, or more */
	char first[INVARIANTS][160]; /* the first of them */
	unsigned int seen; /* bit n: the last check found one of invariant n */
};

/* A breach of @which; the first is described as by printf. */
void breach(struct breaches *b, enum invariant which, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Check all but the first two, which need to know what was sent. */
void invariants_check(struct breaches *b);

/* The same as long as no session, bearer or binding changes. */
__u64 invariants_digest(void);

#endif /* XEIR_INVARIANTS_H */
