/* SPDX-License-Identifier: GPL-2.0-only */
/* The programs, loaded but attached to nothing, and the tables that they keep. */
#ifndef XEIR_TABLES_H
#define XEIR_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <xeir/maps.h>

#include "host/capacity.h"

/* Where a node is; both may be set. */
struct node {
	__u32 ipv4; /* host order, 0: none */
	__u8 ipv6; /* fd00:: with this as its last octet, 0: none */
};

struct f_teid {
	__u32 teid;
	struct node at;
};

/* What became of a packet. */
struct seen {
	bool passed;
	__u8 rule; /* the one counter that moved; XEIR_RULE_MAX + 1: not just one did */
};

/* Capacity for a test; sessions are to be set. */
#define TABLES_ROOM .entries = 65536, .sightings = 4096

/* Load with that capacity; false if that is refused, and *why it may be. */
bool tables_open(const struct capacity *room, const char **why);
void tables_close(void);
int tables_map(const char *name);
int tables_program(bool egress);
unsigned long long tables_octets(void);

/* A frame that comes in, or goes out. Only the second returns the rule, which takes longer. */
bool tables_passes(bool egress, const unsigned char *frame, size_t len);
struct seen tables_see(bool egress, const unsigned char *frame, size_t len);

void tables_configure(const struct xeir_config *wanted);
void tables_list(__u8 kind, const void *id, const struct xeir_side *side);
void tables_unlist(__u8 kind, const void *id);

/* As the tool does after a commit. */
struct xeir_cutting tables_sweep(void);

__u64 tables_tally(enum xeir_tally what);

/* The session that the responder gave as @control, with this default bearer; of GTPv2 first. */
bool tables_session(const struct f_teid *control, __u8 ebi, struct xeir_session *s);
bool tables_bearer(const struct f_teid *control, __u8 ebi, __u8 bearer, struct xeir_bearer *b);

/* The binding of the TEID of @end, at its IPv4 address, or if it has none at the IPv6 one. */
bool tables_binding(const struct f_teid *end, enum xeir_plane plane, struct xeir_binding *binding);

void tables_address(const struct node *at, bool ipv6, __u8 address[16]);
unsigned int tables_count(const char *name);

#endif /* XEIR_TABLES_H */
