/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tell both ends of the sessions that are cut that they are over, `xeir set cut delete`:
 * Delete PDP Context Request (TS 29.060 cl. 7.3.5), Delete Session Request to the side that
 * gave the session and Delete Bearer Request to the one that asked (TS 29.274 cl. 7.2.9),
 * each as if from the other side, from a port of its own. The programs keep the answers
 * from whoever has not asked, and take the session out of the tables.
 */
#ifndef XEIR_POLICY_SESSION_DELETION_H
#define XEIR_POLICY_SESSION_DELETION_H

#include <xeir/maps.h>

struct session_deletion {
	unsigned int sessions;
	unsigned int unanswered; /* of these, by one side or both */
};

/* 0 or a negative errno after complain(). */
int session_deletion_run(const struct xeir_config *config, struct session_deletion *done);

#endif /* XEIR_POLICY_SESSION_DELETION_H */
