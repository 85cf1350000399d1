/* SPDX-License-Identifier: GPL-2.0-only */
/* The sessions that are up, as the programs track them. */
#ifndef XEIR_SESSION_SESSION_H
#define XEIR_SESSION_SESSION_H

#include <xeir/maps.h>

struct session {
	struct xeir_session_key key;
	struct xeir_session is;
};

/*
 * Each once, as by map_iterate(), without those that have ended; 0, what @each returned, or
 * -errno after complain().
 */
int sessions_iterate(int (*each)(const struct session *session, void *arg), void *arg);

#endif /* XEIR_SESSION_SESSION_H */
