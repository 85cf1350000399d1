/* SPDX-License-Identifier: GPL-2.0-only */
/* GTP-U of the stand-ins, TS 29.281: a numbered packet on each bearer in each tick, and Echo. */
#ifndef XEIR_SELFTESTS_PEER_USER_H
#define XEIR_SELFTESTS_PEER_USER_H

#include "peers/peer.h"

#define PEER_TICK_MS 100
#define PEER_PATH_MS 200

void peer_user_send(struct peer *p, long now_ms);
void peer_user_receive(struct peer *p, const struct peer_address *at);

#endif /* XEIR_SELFTESTS_PEER_USER_H */
