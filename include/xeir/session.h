/* SPDX-License-Identifier: GPL-2.0-only */
/* When is a session over whose end was not seen? Pure. */
#ifndef XEIR_SESSION_H
#define XEIR_SESSION_H

#include <xeir/maps.h>
#include <xeir/octets.h>

/* Without a message for too long. */
static __always_inline int xeir_is_aged(const struct xeir_session *s,
					const struct xeir_config *config, __u64 now)
{
	return now > s->seen_ns && now - s->seen_ns > config->session_age * 1000000000ULL;
}

/* The node that signals for the side @side. */
static __always_inline void xeir_path_of(const struct xeir_session *s, __u32 side,
					 struct xeir_path *path)
{
	__builtin_memset(path, 0, sizeof(*path));
	path->version = s->version;
	__builtin_memcpy(path->address, s->peer[side], sizeof(path->address));
}

/* Has a node with this @restart (NULL: unknown) lost the session since it started? */
static __always_inline int xeir_is_lost(const struct xeir_session *s,
					const struct xeir_restart *restart)
{
	return restart && restart->restarted_ns > s->started_ns;
}

#endif /* XEIR_SESSION_H */
