/* SPDX-License-Identifier: GPL-2.0-only */
/* One message, judged by the shared headers natively and by the programs. */
#ifndef XEIR_JUDGE_H
#define XEIR_JUDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <xeir/gtpc.h>
#include <xeir/maps.h>

#include "lib/counters.h"

struct judge_entry {
	struct xeir_key key;
	struct xeir_side side;
};

enum judge_program {
	JUDGE_INGRESS,
	JUDGE_EGRESS,
	JUDGE_HOOK, /* given an IP packet, where the others are given a frame */
};

/*
 * Load the programs up to @last, as each takes long to verify; false where one is refused, and
 * *why when that is no fault of its own.
 */
bool judge_open(enum judge_program last, const char **why);
void judge_close(void);

/* The configuration that both judge by from now on; the default until then. */
void judge_configure(const struct xeir_config *wanted);

/* The list that both judge by from now on. */
void judge_list(const struct judge_entry *entries, size_t n);

struct judged judge_native(const unsigned char *msg, size_t len, struct xeir_gtpc *m);
/* The rule is the one counter that moved; XEIR_RULE_MAX + 1 when not just one did. */
struct judged judge_bpf(const unsigned char *msg, size_t len);

/* Any frame, as it came in on an interface. */
struct judged judge_frame(const unsigned char *frame, size_t len);

/* Any frame or packet; a return value that is not the verdict's counts as no verdict. */
struct judged judge_by(enum judge_program program, const unsigned char *frame, size_t len);

/* The same; the resulting packet goes to @out. *@room: octets there, then octets used. */
struct judged judge_turned(enum judge_program program, const unsigned char *frame, size_t len,
			   unsigned char *out, size_t *room);

/* A frame that a packet socket sends: of 4096 octets, only Ethernet's header is linear. */
struct judged judge_sent(const unsigned char *frame, size_t len);

/* The one event since the last call; false: there were none or several. */
bool judge_event(struct xeir_event *event);

/* Packets that an entry has met, and what was counted of such traffic. */
__u64 judge_hits(const struct xeir_key *key);
struct xeir_traffic judge_traffic(const struct xeir_traffic_key *key);

/* The same frame so many times: what was counted under @rule meanwhile. */
struct xeir_counter judge_repeat(const unsigned char *frame, size_t len, int times, __u8 rule);

/* Around @msg: Ethernet, IPv4 and UDP to port 2123; octets written. */
size_t judge_wrap(const unsigned char *msg, size_t len, unsigned char *frame);

#endif /* XEIR_JUDGE_H */
