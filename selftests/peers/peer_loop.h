/* SPDX-License-Identifier: GPL-2.0-only */
/* The loop of the stand-ins: what comes, what is sent once more, what is commanded. */
#ifndef XEIR_SELFTESTS_PEER_LOOP_H
#define XEIR_SELFTESTS_PEER_LOOP_H

#include "peers/peer.h"

/* Send @p->pending.m, which is complete, and wait; @s may be NULL. */
void peer_request(struct peer *p, const struct peer_address *from,
		  const struct sockaddr_storage *to, struct peer_session *s);
/* Until SIGTERM. */
void peer_run(struct peer *p);

#endif /* XEIR_SELFTESTS_PEER_LOOP_H */
