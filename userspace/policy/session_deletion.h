/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * `xeir set cut delete`: delete the sessions that are cut at both their ends, by requests that each
 * end gets as if from the other one, but from a free port. The programs take the responses, so
 * that the other end does not see them, and remove the session from the maps.
 */
#ifndef XEIR_POLICY_SESSION_DELETION_H
#define XEIR_POLICY_SESSION_DELETION_H

#include <xeir/maps.h>

struct session_deletion {
	unsigned int sessions;
	unsigned int unanswered; /* of these: one side did not respond, or both */
};

/* 0 or a negative errno after complain(). */
int session_deletion_run(const struct xeir_config *config, struct session_deletion *done);

#endif /* XEIR_POLICY_SESSION_DELETION_H */
