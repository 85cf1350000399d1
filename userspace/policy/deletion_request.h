/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The requests that delete a session: Delete PDP Context Request to either side (TS 29.060
 * cl. 7.3.5), Delete Session Request to the side that accepted the session, Delete Bearer Request
 * to the side that requested it (TS 29.274 cl. 7.2.9).
 */
#ifndef XEIR_POLICY_DELETION_REQUEST_H
#define XEIR_POLICY_DELETION_REQUEST_H

#include <stddef.h>
#include <xeir/maps.h>

#define DELETION_REQUEST_OCTETS 32

/* The type of the message to @side. */
__u8 deletion_request_type(const struct xeir_session *s, int side);

/* Write the message to @side; returns its length. */
size_t deletion_request_write(unsigned char message[DELETION_REQUEST_OCTETS],
			      const struct xeir_session_key *key, const struct xeir_session *s,
			      int side, __u32 sequence);

#endif /* XEIR_POLICY_DELETION_REQUEST_H */
